import { expect, test, vi } from "vitest";
import type { InspectorModel } from "../../inspector/store/inspector-model.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { createManualScheduler } from "./fixtures/manual-scheduler.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

const script = scriptRun({ runId: "a", chunks: 40, startsAt: 1_000 });
const other = scriptRun({ runId: "b", chunks: 10, startsAt: 500, seed: 2 });

async function open(shown: number) {
  const source = createScriptedSource({ runs: [{ script, shown }, { script: other }] });
  const scheduler = createManualScheduler();
  const model = createInspectorModel(source, { scheduler, now: () => 5_000 });
  const stop = model.start();
  model.navigation.openRun("a");
  await settle(model);
  return { source, scheduler, model, stop, state: () => model.store.getState() };
}

const settle = (model: InspectorModel) =>
  vi.waitFor(() => expect(model.store.getState()).toMatchObject({ connection: "ready", isLoadingView: false }));

test("following, news moves what is shown", async () => {
  const { source, scheduler, stop, state } = await open(10);
  expect(state().graph?.sequence).toBe(10);
  source.advance("a", 14);
  scheduler.frame();
  expect(state()).toMatchObject({ position: "live", lastSequence: 14 });
  expect(state().graph?.sequence).toBe(14);
  stop();
});

test("news that waited for its frame while a newer state was read does not move what is shown back", async () => {
  const { source, scheduler, model, stop, state } = await open(10);
  source.advance("a", 14);
  const newer = script.views[20];
  if (newer === undefined) throw new Error("The script is shorter than that.");
  vi.spyOn(source, "stateAt").mockResolvedValue(newer);
  state().session?.showPosition();
  await settle(model);
  scheduler.frame();
  expect([state().graph?.sequence, state().lastSequence]).toEqual([20, 20]);
  stop();
});

test("a page of ticks that is ahead of the graph moves no number", async () => {
  const { source, scheduler, stop, state } = await open(10);
  const ahead = await source.readTicks("a", { from: 1, limit: 10 });
  vi.spyOn(source, "readTicks").mockResolvedValue({ ...ahead, lastSequence: 12 });
  state().session?.pages.want([0]);
  await vi.waitFor(() => expect(state().session?.ticks.get(5)).toBeDefined());
  scheduler.frame();
  expect([state().graph?.sequence, state().lastSequence]).toEqual([10, 10]);
  stop();
});

test("after a rest, the state in full follows news at once, and within it no more than so often", async () => {
  const source = createScriptedSource({ runs: [{ script, shown: 10 }] });
  const scheduler = createManualScheduler();
  let time = 1_000;
  const model = createInspectorModel(source, { scheduler, now: () => time });
  const stop = model.start();
  model.navigation.openRun("a");
  await settle(model);
  const asked = vi.spyOn(source, "stateAt");
  const news = (to: number): void => {
    source.advance("a", to);
    scheduler.frame();
  };
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  time += 5_000;
  news(11);
  await vi.advanceTimersByTimeAsync(0);
  expect([asked.mock.calls.length, model.store.getState().view?.graph.sequence]).toEqual([1, 11]);
  news(12);
  await vi.advanceTimersByTimeAsync(100);
  expect(asked).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(20);
  expect(model.store.getState().view?.graph.sequence).toBe(12);
  vi.useRealTimers();
  stop();
});

test("inspecting, news moves nothing but the end of the range", async () => {
  const { source, scheduler, model, stop, state } = await open(10);
  model.navigation.setPosition(6);
  await settle(model);
  const { graph, view } = state();
  source.advance("a", 30);
  scheduler.frame();
  await settle(model);
  expect(state().graph).toBe(graph);
  expect(state().view).toBe(view);
  expect(state()).toMatchObject({ position: 6, lastSequence: 30 });
  stop();
});

test("in the past graph, work items and store are of one tick", async () => {
  const { model, stop, state } = await open(80);
  model.navigation.setPosition(50);
  await settle(model);
  expect([state().graph?.sequence, state().view?.graph.sequence]).toEqual([50, 50]);
  expect(state().view?.store).toEqual(script.views[50]?.store);
  stop();
});

test("a dragged scrubber loads the first and the last of its wishes", async () => {
  const { source, model, stop, state } = await open(80);
  const before = source.calls.length;
  for (let sequence = 10; sequence <= 60; sequence += 1) model.navigation.setPosition(sequence);
  await settle(model);
  expect(source.calls.slice(before).filter((call) => call.startsWith("stateAt"))).toEqual(["stateAt 10", "stateAt 60"]);
  expect(state().graph?.sequence).toBe(60);
  stop();
});

test("a step of which nothing changed stays the same object", async () => {
  const { source, scheduler, stop, state } = await open(20);
  const before = state().graph?.steps;
  source.advance("a", 21);
  scheduler.frame();
  const after = state().graph?.steps;
  const changed = Object.keys(after ?? {}).filter((step) => before?.[step] !== after?.[step]);
  const truly = Object.keys(after ?? {}).filter(
    (step) => JSON.stringify(before?.[step]) !== JSON.stringify(after?.[step]),
  );
  expect(changed).toEqual(truly);
  expect(changed.length).toBeLessThan(4);
  stop();
});

test("back to live is an act of its own, and the selected tick goes with it", async () => {
  const { model, stop, state } = await open(20);
  model.navigation.selectTick(12);
  await settle(model);
  await vi.waitFor(() => expect(state().tick?.summary.sequence).toBe(12));
  model.navigation.step(-2);
  await vi.waitFor(() => expect(state().tick?.summary.sequence).toBe(10));
  model.navigation.setPosition("live");
  await settle(model);
  expect(state()).toMatchObject({ position: "live", selection: { kind: "run" }, tick: null });
  stop();
});

test("back to live right after the last news shows the newest graph, though no other news comes", async () => {
  const { source, scheduler, model, stop, state } = await open(10);
  model.navigation.setPosition(6);
  await settle(model);
  source.advance("a", 30);
  scheduler.frame();
  model.navigation.setPosition("live");
  await settle(model);
  expect(state().graph?.sequence).toBe(30);
  stop();
});

test("the next failure is found from where one stands, and from the start when there is none after", async () => {
  const failures = script.ticks.filter((tick) => tick.outcome === "failed").map((tick) => tick.sequence);
  const { model, stop, state } = await open(script.ticks.length);
  for (const expected of [...failures, failures[0]]) {
    await model.navigation.nextFailure();
    expect(state().position).toBe(expected);
  }
  stop();
});

test("another run begins live, with nothing of the one before", async () => {
  const { model, stop, state } = await open(20);
  model.navigation.selectTick(5);
  model.navigation.filterLog({ text: "x" });
  model.navigation.openRun("b");
  expect(state()).toMatchObject({
    position: "live",
    graph: null,
    view: null,
    tick: null,
    lastSequence: 0,
    logFilter: { text: "" },
  });
  await vi.waitFor(() => expect(state().view?.runId).toBe("b"));
  stop();
});

test("an unknown run says so and the list of runs is there all the same", async () => {
  const { model, stop, state } = await open(20);
  model.navigation.openRun("nope");
  await vi.waitFor(() => expect(state().runProblem).toMatchObject({ code: "unknownRun" }));
  expect(state().runIds).toEqual(["a", "b"]);
  stop();
});

test("the newest ticks are read with the run, before a log asks for them", async () => {
  const { stop, state } = await open(20);
  await vi.waitFor(() => expect(state().session?.ticks.get(20)).toMatchObject({ sequence: 20 }));
  expect(state().session?.ticks.get(1)).toBeDefined();
  stop();
});

test("ticks that cannot be read are said, though the state can, until they are read", async () => {
  const { source, model, stop, state } = await open(20);
  const problem = Object.assign(new Error("Ticks 3 to 9 cannot be read."), { code: "STORAGE_DAMAGED" });
  const reading = vi.spyOn(source, "readTicks").mockRejectedValue(problem);
  model.navigation.openRun(null);
  model.navigation.openRun("a");
  await vi.waitFor(() => expect(state().runProblem).toMatchObject({ code: "STORAGE_DAMAGED" }));
  model.navigation.setPosition(12);
  await settle(model);
  expect(state().graph?.sequence).toBe(12);
  expect(state().runProblem).toMatchObject({ code: "STORAGE_DAMAGED" });
  reading.mockRestore();
  state().session?.pages.retry();
  await vi.waitFor(() => expect(state().runProblem).toBeNull());
  stop();
});

test("an engine that is gone is said, and a command refused is a notice", async () => {
  const source = createScriptedSource({
    runs: [],
    failure: Object.assign(new Error("The worker died."), { code: "engineUnavailable" }),
  });
  const model = createInspectorModel(source, { scheduler: createManualScheduler() });
  const stop = model.start();
  await vi.waitFor(() =>
    expect(model.store.getState()).toMatchObject({ connection: "unavailable", problem: { code: "engineUnavailable" } }),
  );
  await model.commands.cancel("a", "");
  expect(model.store.getState().notice).toMatchObject({ message: "The worker died." });
  stop();
});

test("stopped and started again, as StrictMode does, it listens once", async () => {
  const source = createScriptedSource({ runs: [{ script, shown: 5 }] });
  const scheduler = createManualScheduler();
  const model = createInspectorModel(source, { scheduler });
  model.navigation.openRun("a");
  model.start()();
  const stop = model.start();
  await settle(model);
  const seen: number[] = [];
  model.onTicks((ticks) => seen.push(...ticks.map((tick) => tick.sequence)));
  source.advance("a", 8);
  scheduler.frame();
  expect(seen).toEqual([6, 7, 8]);
  stop();
});

test("an engine that is slow to answer is asked one question at a time", async () => {
  vi.useFakeTimers();
  const source = createScriptedSource({ runs: [] });
  let asked = 0;
  let answer: () => void = () => undefined;
  const slow = {
    ...source,
    storage: async () => {
      asked += 1;
      await new Promise<void>((resolve) => (answer = resolve));
      return source.storage();
    },
  };
  const model = createInspectorModel(slow, { scheduler: createManualScheduler(), now: () => Date.now() });
  const stop = model.start();
  model.navigation.showHealth(true);
  await vi.advanceTimersByTimeAsync(7_000);
  expect(asked).toBe(1);
  expect(model.health(model.store.getState()).engine.find(({ label }) => label === "Answers")).toMatchObject({
    value: "Not for 7 s",
  });
  answer();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toBe(2);
  stop();
  vi.useRealTimers();
});

test("space that was freed is told; a refusal is a notice, and can be tried again", async () => {
  const { source, model, stop, state } = await open(10);
  await model.commands.freeSpace();
  expect(state()).toMatchObject({ healthNote: expect.stringContaining("1.2 MB freed"), isFreeingSpace: false });
  const refused = createInspectorModel({ ...source, prune: () => Promise.reject(new Error("Closed.")) });
  await refused.commands.freeSpace();
  expect(refused.store.getState()).toMatchObject({ notice: { message: "Closed." }, isFreeingSpace: false });
  stop();
});

test("fork and import open the new run; a refusal is a notice, and opens nothing", async () => {
  const { source, model, stop, state } = await open(40);
  await model.commands.fork("a", 12);
  expect(source.calls).toContain("forkRun a 12");
  expect(state().runId).toBe("fork");
  await model.commands.fork("a", null);
  expect(source.calls).toContain("forkRun a newest");
  await model.commands.import(new Blob(['{"format":"tickwork/run"}']));
  expect(source.calls).toContain('importRun {"format":"tickwork/run"}');
  expect(state().runId).toBe("imported");
  await model.commands.import(new Blob(["no JSON"]));
  expect(state()).toMatchObject({ runId: "imported", notice: { name: "ContextSerdeError" } });
  stop();
});
