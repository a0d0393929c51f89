import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EngineControl } from "tickwork/client";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import type { RunVerb } from "../../inspector/store/run-command.ts";
import { UNDO_TIME, whatWasDone } from "../../inspector/store/run-work.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Three runs that ended and one that goes on; `part` is what the source does otherwise. */
async function open(part: Partial<EngineControl> = {}) {
  const scripts = ["a", "b", "c", "live"].map((runId, at) => scriptRun({ runId, chunks: 4, startsAt: 1_000 * at }));
  const runs = scripts.map((script) => (script.runId === "live" ? { script, shown: 3 } : { script }));
  const source = createScriptedSource({ runs });
  const files: { name: string; file: Blob }[] = [];
  const saveFile = (name: string, file: Blob): void => void files.push({ name, file });
  const model = createInspectorModel(Object.assign(source, part), { saveFile });
  const stop = model.start();
  await vi.advanceTimersByTimeAsync(1);
  const state = () => model.store.getState();
  const calls = (verb: string) => source.calls.filter((call) => call.startsWith(verb));
  return { model, stop, state, calls, files, works: model.works };
}

test("a deletion is held back, and undone nothing happened", async () => {
  const { works, state, calls, stop } = await open();
  works.begin("delete", ["a", "b"]);
  expect(state().works).toMatchObject([{ phase: "held", runIds: ["a", "b"] }]);
  await vi.advanceTimersByTimeAsync(UNDO_TIME - 1);
  expect(works.undo(null)).toBe(true);
  await vi.advanceTimersByTimeAsync(UNDO_TIME);
  expect([calls("deleteRun"), state().works, works.undo(null)]).toEqual([[], [], false]);
  expect(state().announcement).toBe("2 runs kept.");
  stop();
});

test("after its time it is done, the list is without the runs, and an open one is left", async () => {
  const { works, state, calls, stop, model } = await open();
  model.navigation.openRun("a");
  works.begin("delete", ["a", "b"]);
  await vi.advanceTimersByTimeAsync(UNDO_TIME);
  expect(calls("deleteRun")).toEqual(["deleteRun a", "deleteRun b"]);
  expect(state()).toMatchObject({ runIds: ["live", "c"], runId: null });
  expect(state().works).toMatchObject([{ phase: "ended", tried: 2, failures: [] }]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state().works).toEqual([]);
  stop();
});

test("its time stands still while somebody reads the notice, and confirmed it is done at once", async () => {
  const { works, state, calls, stop } = await open();
  works.begin("delete", ["a"]);
  const id = state().works[0]?.id ?? 0;
  works.linger(id, true);
  await vi.advanceTimersByTimeAsync(UNDO_TIME * 5);
  expect(calls("deleteRun")).toEqual([]);
  works.linger(id, false);
  await vi.advanceTimersByTimeAsync(UNDO_TIME - 1);
  expect(calls("deleteRun")).toEqual([]);
  works.confirm(id);
  await vi.advanceTimersByTimeAsync(1);
  expect(calls("deleteRun")).toEqual(["deleteRun a"]);
  stop();
});

test("whoever leaves the page meanwhile has not confirmed it: the runs stay", async () => {
  const { works, calls, stop } = await open();
  works.begin("delete", ["a"]);
  stop();
  await vi.advanceTimersByTimeAsync(UNDO_TIME * 2);
  expect(calls("deleteRun")).toEqual([]);
});

test("a run that is to be deleted is not deleted twice", async () => {
  const { works, state, stop } = await open();
  works.begin("delete", ["a"]);
  works.begin("delete", ["a", "b"]);
  expect(state().works.map(({ runIds }) => runIds)).toEqual([["a"], ["b"]]);
  stop();
});

test("one that fails keeps none of the others, and says which it was and why", async () => {
  const deleted: string[] = [];
  const { works, state, stop } = await open({
    deleteRun: async (runId) => {
      if (runId === "b") throw Object.assign(new Error("The disk is full."), { code: "STORAGE_FULL" });
      deleted.push(runId);
    },
  });
  works.begin("delete", ["a", "b", "c"]);
  await vi.advanceTimersByTimeAsync(UNDO_TIME);
  expect(deleted).toEqual(["a", "c"]);
  const [work] = state().works;
  expect(work?.failures).toMatchObject([{ runId: "b", error: { message: "The disk is full.", code: "STORAGE_FULL" } }]);
  expect(work && whatWasDone(work)).toBe("2 of 3 runs deleted, 1 failed.");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state().works).toHaveLength(1);
  works.dismiss(work?.id ?? 0);
  expect(state().works).toEqual([]);
  stop();
});

test("stopped, nothing is begun after the run that is under way", async () => {
  const open1: (() => void)[] = [];
  const { works, state, stop } = await open({ deleteRun: () => new Promise((resolve) => void open1.push(resolve)) });
  works.begin("delete", ["a", "b", "c"]);
  await vi.advanceTimersByTimeAsync(UNDO_TIME);
  works.stop(state().works[0]?.id ?? 0);
  open1[0]?.();
  await vi.advanceTimersByTimeAsync(10);
  expect([open1.length, state().works[0]]).toMatchObject([1, { phase: "stopped", tried: 1 }]);
  expect(state().announcement).toBe("1 of 3 runs deleted.");
  stop();
});

test("many runs are exported to one file, a run in each line", async () => {
  const { works, files, stop } = await open();
  works.begin("export", ["a", "b"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(files[0]?.name).toMatch(/^tickwork-runs-.*\.jsonl$/);
  expect(await files[0]?.file.text()).toBe('{"runId":"a"}\n{"runId":"b"}\n');
  stop();
});

test.each<[RunVerb, readonly string[]]>([
  ["cancel", ["cancelRun live because"]],
  ["resume", []],
])("%s is done only for runs that it means something for", async (verb, expected) => {
  const { works, calls, stop } = await open();
  works.begin(verb, ["a", "live"], "because");
  await vi.advanceTimersByTimeAsync(1);
  expect(calls(verb)).toEqual(expected);
  stop();
});
