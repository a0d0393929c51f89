/** The tab of changes, the sandbox and its banner, with a real engine. */
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
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
