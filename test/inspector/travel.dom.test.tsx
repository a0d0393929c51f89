/** The tab of changes, the sandbox and its banner, with a real engine. */
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import LanesPanel from "../../inspector/graph/LanesPanel.tsx";
import { DetailPanel } from "../../inspector/detail/DetailPanel.tsx";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { SandboxBanner } from "../../inspector/travel/SandboxBanner.tsx";
import { ModelContext } from "../../inspector/ui/model-context.ts";
import { runShortcut } from "../../inspector/shell/shortcuts.ts";
import { travelledRun } from "./fixtures/travelled-run.ts";

let stop: () => void = () => undefined;
afterEach(() => {
  stop();
  cleanup();
  sessionStorage.clear();
});

async function open() {
  const run = await travelledRun();
  const model = createInspectorModel(run.engine);
  stop = model.start();
  model.navigation.openRun("r");
  render(
    <ModelContext value={model}>
      <SandboxBanner />
      <DetailPanel />
    </ModelContext>,
  );
  await screen.findByRole("tab", { name: "Changes" });
  const press = (key: string) => runShortcut({ key, shiftKey: false, hasModifier: false }, model, () => undefined);
  await waitFor(() => expect(model.store.getState().lastSequence).toBe(run.last));
  return { ...run, model, press };
}

test("changes are told in words, part by part, and from another tick when one is typed", async () => {
  const { model, find } = await open();
  model.navigation.setPosition(find(({ outcome }) => outcome === "failed"));
  fireEvent.click(screen.getByRole("tab", { name: "Changes" }));
  const item = await screen.findByText("running → running (attempt 2)");
  expect(within(item.closest("li")!).getByRole("button", { name: "#3" })).toBeTruthy();
  expect(screen.getByText("Failed attempts").nextSibling?.textContent).toBe("0 → 1");
  expect(screen.queryByText("State store")).toBeNull();

  const from = screen.getByRole("textbox", { name: "Compare with tick" });
  fireEvent.change(from, { target: { value: "1" } });
  fireEvent.keyDown(from, { key: "Enter" });
  const store = await screen.findByRole("list", { name: "Changes of the state store" });
  expect(store.textContent).toContain('a added+ "fetched"');
  fireEvent.click(screen.getByRole("button", { name: "From the tick before" }));
  await waitFor(() => expect(screen.queryByText("State store")).toBeNull());
});

test("keys: D pins the tick shown, W opens the sandbox, Escape leaves it", async () => {
  const { model, press, answered } = await open();
  model.navigation.setPosition(2);
  press("d");
  expect(model.store.getState()).toMatchObject({ differenceFrom: 2, tab: "changes" });
  press("d");
  expect(model.store.getState().differenceFrom).toBeNull();
  model.navigation.setPosition(answered);
  press("w");
  await screen.findByText("Sandbox: the run is not touched.");
  press("Escape");
  await waitFor(() => expect(screen.queryByText("Sandbox: the run is not touched.")).toBeNull());
  expect(model.store.getState()).toMatchObject({ whatIf: null, position: answered });
});

test("a sandbox says what it comes to, what has no effect and why, and what is not known", async () => {
  const { press, answered, model } = await open();
  model.navigation.setPosition(answered);
  press("w");
  const headline = await screen.findByText(/^Waiting instead of completed\./);
  expect(headline.textContent).toContain(`no longer fits is #${answered + 1}.`);
  expect(screen.getAllByText("its work is not at work then, or in another attempt").length).toBeGreaterThan(0);
  expect(screen.getByRole("button", { name: `Continue from #${answered - 1}` })).toBeTruthy();
  fireEvent.click(screen.getByRole("tab", { name: "State" }));
  expect(screen.getByText(/^State at/).textContent).toContain(`#${model.store.getState().graph?.sequence}`);
});

test("a changed tick: what is wrong with the text is said beside it, and a good one is recomputed", async () => {
  const { model, answered } = await open();
  model.navigation.setPosition(answered);
  model.navigation.askWhatIf("change");
  const text = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: `Tick #${answered} as JSON` });
  await waitFor(() => expect(text.value).toContain("yes"));
  fireEvent.change(text, { target: { value: "{" } });
  fireEvent.click(screen.getByRole("button", { name: "Recompute" }));
  expect((await screen.findByRole("alert")).textContent).toContain("This is no JSON");
  expect(text.getAttribute("aria-invalid")).toBe("true");

  const event = { type: "Answer", data: "no" };
  fireEvent.change(text, { target: { value: JSON.stringify({ event }) } });
  fireEvent.keyDown(text, { key: "Enter", ctrlKey: true });
  expect(await screen.findByText("goes on: fetch #3 with Page, attempt 2")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Continue and send Answer" }));
  expect(await screen.findByRole("button", { name: `r at #${answered - 1}` })).toBeTruthy();
  await waitFor(() => expect(model.store.getState().view?.result).toBe("no"));
});

/** Without the answer the step still waits; in the run it is done. */
async function withoutAnswer() {
  const opened = await open();
  act(() => opened.model.navigation.setPosition(opened.answered));
  act(() => opened.model.navigation.askWhatIf("skip"));
  await waitFor(() => expect(opened.model.store.getState().sandbox.answer).not.toBeNull());
  return opened;
}

test("in a sandbox a step's list is of the sandbox, tick by tick, and says so", async () => {
  const { engine, model, last, answered } = await withoutAnswer();
  const asked = vi.spyOn(engine, "readWorkItems");
  render(
    <ModelContext value={model}>
      <LanesPanel step="fetch" />
    </ModelContext>,
  );
  expect(screen.getByText(`1 work item at #${last} of the sandbox`)).toBeTruthy();
  act(() => model.navigation.setPosition(answered));
  await screen.findByText(`1 work item at #${answered} of the sandbox`);
  expect(asked).not.toHaveBeenCalled();
  act(() => model.navigation.askWhatIf(null));
  await waitFor(() => expect(screen.queryByText(/of the sandbox/)).toBeNull());
});

test("in a sandbox nothing is shown that is of the run: it is named, with the way to it", async () => {
  const { engine, model } = await withoutAnswer();
  const asked = [vi.spyOn(engine, "readTick"), vi.spyOn(engine, "readPart"), vi.spyOn(engine, "readStream")];
  const see = async (what: string): Promise<void> => {
    await waitFor(() => expect(screen.getAllByText(new RegExp(`^${what}: known of the run`)).length).toBe(1));
  };
  act(() => model.navigation.select({ kind: "step", step: "fetch" }));
  expect(screen.getByText("This is a sandbox: only the run can be answered.")).toBeTruthy();
  await see("Attempts");
  act(() => model.navigation.setTab("logs"));
  await see("Logs");
  act(() => model.navigation.select({ kind: "run" }));
  act(() => model.navigation.setTab("stream"));
  await see("Stream");
  act(() => model.navigation.select({ kind: "edge", source: "event:Page", target: "step:fetch" }));
  await see("What passed");
  for (const call of asked) expect(call).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Leave the sandbox" }));
  await screen.findByText("Passed");
});
