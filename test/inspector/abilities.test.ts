/** What is offered for the runs of a source that serves their workflow, and of one that does not. */
import { createEngine, MemoryJournal, SimulatedClock } from "tickwork/testing";
import { afterEach, expect, test, vi } from "vitest";
import { canFork, canRunAgain, canStart } from "../../inspector/store/abilities.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { runShortcut } from "../../inspector/shell/shortcuts.ts";
import { travelledRun } from "./fixtures/travelled-run.ts";

let stop: () => void = () => undefined;
afterEach(() => stop());

async function open(engine: Parameters<typeof createInspectorModel>[0]) {
  const model = createInspectorModel(engine);
  stop = model.start();
  model.navigation.openRun("r");
  const state = () => model.store.getState();
  await vi.waitFor(() => expect(state()).toMatchObject({ connection: "ready", runs: { r: { runId: "r" } } }));
  const press = (key: string) => runShortcut({ key, shiftKey: false, hasModifier: false }, model, () => undefined);
  return { model, state, press };
}

test("a page that serves nothing starts nothing: neither a run, nor a fork, nor the run again", async () => {
  const { engine } = await travelledRun();
  const files = await createEngine({}, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  await files.importRun(await engine.exportRun("r"));
  const { state, press } = await open(files);
  expect([canStart(state()), canRunAgain(state()), canFork(state(), "r", 2)]).toEqual([false, false, false]);
  expect(press("n")).toBe(false);
  expect(state().dialog).toBeNull();
});

test("where its workflow is served a run is started anew and forked, but not from its completion", async () => {
  const { engine, last } = await travelledRun();
  const { state, press } = await open(engine);
  expect([canStart(state()), canRunAgain(state())]).toEqual([true, true]);
  expect([canFork(state(), "r", 2), canFork(state(), "r", last), canFork(state(), "r", null)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(press("n")).toBe(true);
  expect(state().dialog).toMatchObject({ kind: "start" });
});

test("until the source has said what it serves, nothing is taken away", async () => {
  const { engine } = await travelledRun();
  const { state } = await open(engine);
  const before = { ...state(), workflows: [], connection: "loading" as const };
  expect([canStart(before), canRunAgain(before)]).toEqual([true, true]);
});
