/** Two runs side by side, with a real engine: the graph and its table agree, and one selection goes through both. */
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { afterEach, expect, test } from "vitest";
import CompareView from "../../inspector/compare/CompareView.tsx";
import { createLayoutClient } from "../../inspector/graph/layout-client.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { ModelContext } from "../../inspector/ui/model-context.ts";

const Page = defineEvent("Page");
const Checked = defineEvent("Checked");

/** Reads the page; the second workflow checks it first. */
const plain = defineWorkflow("plain")
  .step("note", { accepts: [StartEvent], emits: [] }, () => undefined)
  .step("fetch", { accepts: [StartEvent], emits: [Page] }, () => Page({ rows: 3 }))
  .step("report", { accepts: [Page], emits: [StopEvent] }, () => StopEvent());
const checked = defineWorkflow("checked")
  .step("note", { accepts: [StartEvent], emits: [] }, () => undefined)
  .step("fetch", { accepts: [StartEvent], emits: [Page] }, () => Page({ rows: 4 }))
  .step("check", { accepts: [Page], emits: [Checked] }, () => Checked())
  .step("report", { accepts: [Checked], emits: [StopEvent] }, () => StopEvent());

let stop: () => void = () => undefined;
afterEach(() => {
  stop();
  cleanup();
});

async function open() {
  const engine = await createEngine({ plain, checked }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  await engine.start("plain", null, { runId: "a" });
  await engine.start("checked", null, { runId: "b" });
  await settle();
  const model = createInspectorModel(engine);
  stop = model.start();
  model.navigation.compare("a", "b");
  const layoutClient = createLayoutClient(undefined);
  render(
    <ModelContext value={model}>
      <CompareView runId="a" other="b" layoutClient={layoutClient} />
    </ModelContext>,
  );
  const table = await screen.findByRole("table", { name: "Steps" });
  const row = (step: string) => within(table).getByRole("button", { name: step }).closest("tr") as HTMLElement;
  return { engine, model, table, row };
}

test("graph and table say of each step what it did in both runs, and how that differs", async () => {
  const { row } = await open();
  expect(row("fetch").textContent).toContain("they part here");
  expect(row("check").textContent).toContain("only in the second's code");
  expect(row("check").textContent).toContain("did not run");
  expect(row("report").textContent).toContain("differs");
  expect(row("note").textContent).toContain("the same");
  const graph = await screen.findByRole("region", { name: "Graph of both runs" });
  const names = await waitFor(() => {
    const found = [...graph.querySelectorAll("[data-node^='step:']")].map((node) => node.getAttribute("aria-label"));
    expect(found.length).toBe(4);
    return found.join("\n");
  });
  expect(names).toMatch(/^fetch, step, they part here\. First: 1 run, \S+ ms\. Second: 1 run, \S+ ms$/m);
  expect(names).toMatch(/^check, step, only in the second's code\. First: did not run\. Second: 1 run/m);
  expect(graph.querySelector("[data-node='event:Checked']")?.getAttribute("aria-label")).toBe(
    "Checked, event, only in the second's code",
  );
  expect(graph.querySelectorAll(".tw-edge-dashed").length).toBeGreaterThan(2);
});

test("a step selected in the graph is selected in the table, and the other way round", async () => {
  const { model, row } = await open();
  const graph = await screen.findByRole("region", { name: "Graph of both runs" });
  const node = await waitFor(() => {
    const found = graph.querySelector<HTMLElement>("[data-node='step:check']");
    if (found === null) throw new Error("it is not drawn yet");
    return found;
  });
  fireEvent.click(node);
  expect(model.store.getState().selection).toEqual({ kind: "step", step: "check" });
  expect(within(row("check")).getByRole("button").getAttribute("aria-pressed")).toBe("true");
  fireEvent.click(within(row("report")).getByRole("button"));
  expect(node.getAttribute("aria-pressed")).toBe("false");
  expect(graph.querySelector("[data-node='step:report']")?.getAttribute("aria-pressed")).toBe("true");
  // A breakpoint is no matter of two runs that are compared.
  fireEvent.keyDown(node, { key: "b" });
  expect(model.store.getState().notice).toBeNull();
  expect(model.store.getState().isDebugging).toBe(false);
});

test("nothing moves until it is compared again", async () => {
  const { engine, table, row } = await open();
  const before = table.textContent;
  await engine.deleteRun("b");
  await settle();
  expect(screen.getByRole("table", { name: "Steps" }).textContent).toBe(before);
  fireEvent.click(screen.getByRole("button", { name: "Compare again" }));
  await screen.findByText(/^There is no run "b" here/);
  expect(row("check")).toBeTruthy();
});
