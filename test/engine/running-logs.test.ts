/** What a step logs is told to inspectors while it is at work, and then by its tick, never by both. */
import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import type { InspectionBatch } from "tickwork/client";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import type { Redact } from "tickwork/engine";
import { expect, test, vi } from "vitest";
import { gate } from "./fixtures.ts";

async function open(redact?: Redact) {
  const [second, end] = [gate(), gate()];
  const work = defineWorkflow("work", { timeout: null }).step(
    "load",
    { accepts: StartEvent, emits: StopEvent },
    async (_event, ctx) => {
      ctx.log("begun", { rows: 3 });
      await second.promise;
      ctx.log("half way");
      await end.promise;
      return StopEvent();
    },
  );
  const clock = new SimulatedClock();
  const options = redact ? { redact } : {};
  const engine = await createEngine({ work }, { journal: new MemoryJournal(), clock }, options);
  const handler = await engine.start("work", null, { runId: "r" });
  await settle();
  return { engine, handler, second, end, clock };
}

test("its lines are there before its result, in order, and gone from there when the tick has them", async () => {
  const { engine, handler, second, end } = await open();
  const first = await engine.runningLogs("r");
  expect(first).toMatchObject({ runId: "r", sequence: 1, more: 0 });
  expect(first.attempts).toMatchObject([
    { step: "load", workItem: 1, attempt: 1, earlier: 0, records: [{ message: "begun", data: { rows: 3 } }] },
  ]);
  second.open();
  await settle();
  const [load] = (await engine.runningLogs("r", { step: "load" })).attempts;
  expect(load?.records.map(({ message }) => message)).toEqual(["begun", "half way"]);
  expect((await engine.runningLogs("r", { step: "other" })).attempts).toEqual([]);

  end.open();
  await handler.result();
  const after = await engine.runningLogs("r");
  expect(after).toMatchObject({ sequence: 2, attempts: [] });
  const { tick } = await engine.readTick("r", 2);
  expect(tick["logs"]).toMatchObject([{ message: "begun" }, { message: "half way" }]);
});

test.each([
  ["the run hears of it, though no tick came", "r", 1],
  ["the list of runs does not", "*", 0],
])("whoever inspects %s", async (_, inspected, heard) => {
  const { engine, second } = await open();
  const batches: InspectionBatch[] = [];
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  try {
    engine.inspect(inspected, (batch) => void batches.push(batch));
    vi.advanceTimersByTime(100);
    const before = batches.length;
    second.open();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    vi.advanceTimersByTime(100);
    expect(batches.length - before).toBe(heard);
    if (heard > 0) expect(batches.at(-1)?.run).toMatchObject({ ticks: [], graph: { sequence: 1 } });
  } finally {
    vi.useRealTimers();
  }
});

test("what may not be shown of it is not", async () => {
  const { engine } = await open((value, { kind, step }) => (kind === "log" && step === "load" ? "hidden" : value));
  expect((await engine.runningLogs("r")).attempts[0]?.records).toMatchObject([{ message: "hidden" }]);
});

test("of a run that is not in memory there is nothing to tell, and one that is not there is unknown", async () => {
  const { engine, handler, second, end } = await open();
  second.open();
  end.open();
  await handler.result();
  expect(await engine.runningLogs("r")).toEqual({ runId: "r", sequence: 2, attempts: [], more: 0 });
  await expect(engine.runningLogs("other")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
});
