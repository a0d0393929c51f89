import { expect, test, vi } from "vitest";
import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal } from "tickwork/engine";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { createManualScheduler } from "./fixtures/manual-scheduler.ts";

const short = defineWorkflow("short").step("only", { accepts: StartEvent, emits: StopEvent }, () => StopEvent({}));

const newEngine = () => createEngine({ short }, { journal: new MemoryJournal() });

async function openModel() {
  const engine = await newEngine();
  const model = createInspectorModel(engine, { scheduler: createManualScheduler() });
  const stop = model.start();
  await vi.waitFor(() => expect(model.store.getState().connection).toBe("ready"));
  return { engine, model, stop, ids: () => model.store.getState().runIds };
}

test("a run that was imported, and is opened at once, is in the list", async () => {
  const elsewhere = await newEngine();
  await (await elsewhere.start("short", {}, { runId: "from-a-file" })).result();
  const file = new Blob([JSON.stringify(await elsewhere.exportRun("from-a-file"))]);
  const { model, stop, ids } = await openModel();
  await model.commands.import(file);
  expect(model.store.getState().runId).toBe("from-a-file");
  await vi.waitFor(() => expect(ids()).toEqual(["from-a-file"]));
  stop();
});

test("news of another run that was on its way when a run is opened is not lost", async () => {
  const { engine, model, stop, ids } = await openModel();
  await (await engine.start("short", {}, { runId: "opened" })).result();
  await (await engine.start("short", {}, { runId: "other" })).result();
  model.navigation.openRun("opened");
  await vi.waitFor(() => expect(ids().toSorted()).toEqual(["opened", "other"]));
  stop();
});
