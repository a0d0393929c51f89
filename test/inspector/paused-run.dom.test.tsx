/** A run whose code changed, from a real engine, and what a person can do about it. */
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { defineEvent, defineWorkflow, StartEvent, StopEvent, type Workflow } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { afterEach, expect, test } from "vitest";
import { isLeftAlone } from "../../inspector/store/abilities.ts";
import { canDebug } from "../../inspector/store/debugging.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { Banners } from "../../inspector/shell/Banners.tsx";
import { ModelContext } from "../../inspector/ui/model-context.ts";

const Next = defineEvent("Next");
const never = () => new Promise<never>(() => undefined);
const named = (step: string): Workflow =>
  defineWorkflow("w", { timeout: null })
    .step("begin", { accepts: StartEvent, emits: Next }, () => Next())
    .step(step, { accepts: Next, emits: StopEvent }, never);

const hooks = [{ onTick: () => undefined, onProblem: () => undefined }];

/** The banners of a run that was left at work in a step that is gone. */
async function open() {
  const runtime = { journal: new MemoryJournal(), clock: new SimulatedClock(), hooks };
  const first = await createEngine({ w: named("old") }, runtime);
  await first.start("w", null, { runId: "r" });
  await settle();
  await first.close();
  const engine = await createEngine({ w: named("new") }, runtime);
  const model = createInspectorModel(engine);
  const stop = model.start();
  model.navigation.openRun("r");
  render(
    <ModelContext value={model}>
      <Banners />
    </ModelContext>,
  );
  await screen.findByText("This run is paused.");
  return { engine, model, stop };
}

afterEach(cleanup);

test("says what has no place, and goes on without it when asked; the graph is that of its ticks", async () => {
  const { engine, model, stop } = await open();
  expect(screen.getByRole("alert").textContent).toMatch(/step old is gone.*migrate function/);
  expect(screen.getByRole("alert").textContent).toContain("The graph is the one it was recorded with");
  await waitFor(() => expect(model.store.getState().description?.graph.nodes.map(({ name }) => name)).toContain("old"));
  fireEvent.click(screen.getByRole("button", { name: "go on without that piece of work" }));
  await waitFor(() => expect(screen.queryByText("This run is paused.")).toBeNull());
  await screen.findByText("Work is set aside.");
  await waitFor(() =>
    expect(model.store.getState().description?.graph.nodes.map(({ name }) => name)).not.toContain("old"),
  );
  expect((await engine.listRuns()).runs[0]).toMatchObject({ status: "idle", setAside: 1 });
  stop();
});

test("says why it still cannot go on when that is tried", async () => {
  const { model, stop } = await open();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(model.store.getState().notice).toMatchObject({ code: "RUN_CODE_CHANGED" }));
  expect(screen.getByText("This run is paused.")).toBeTruthy();
  stop();
});

test("offers to cancel it", async () => {
  const { model, stop } = await open();
  fireEvent.click(screen.getByRole("button", { name: "cancel the run" }));
  expect(model.store.getState().dialog).toEqual({ kind: "cancel" });
  stop();
});

test("what the paused run refuses is not offered: answers, events, being held", async () => {
  const { model, stop } = await open();
  const state = model.store.getState();
  expect([isLeftAlone(state.runs["r"]), canDebug(state)]).toEqual([true, false]);
  stop();
});
