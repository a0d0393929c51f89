import { defineEvent, defineWorkflow, StartEvent, StopEvent, StorageError } from "tickwork";
import {
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  settle,
  SimulatedClock,
  type JournalFault,
} from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, failureOf, readAll, stateOf, typesOf } from "../engine/fixtures.ts";
import { record } from "./sample-record.ts";

const Note = defineEvent<"Note">("Note");
const full = new StorageError("The disk is full.", { code: "STORAGE_QUOTA" });

const batch = (from: number) => ({
  from,
  ticks: [{ kind: "Timeout", sequence: from, at: 1, causedBy: "external" } as const],
  published: [],
});

function create(...faults: JournalFault[]) {
  const clock = new SimulatedClock();
  const journal = new FaultInjectingJournal(new MemoryJournal(), { faults, clock });
  const stored = async () => {
    const batches = await readAll(journal.inner.read("r", { from: 1, to: 100 }) as never);
    return (batches as unknown as { from: number }[]).map(({ from }) => from);
  };
  return { clock, journal, stored };
}

describe("a fault", () => {
  test("fails the call it names and no other, and nothing of that call is written", async () => {
    const { journal, stored } = create({ on: "append", call: 2, fail: full });
    await journal.createRun(record("r"));
    await journal.append("r", batch(1), record("r"));
    await expect(journal.append("r", batch(2), record("r"))).rejects.toBe(full);
    expect(await stored()).toEqual([1]);
    await journal.append("r", batch(2), record("r"));
    expect(await stored()).toEqual([1, 2]);
  });

  test("can be about one run, counting that run's calls", async () => {
    const { journal } = create({ on: "append", runId: "b", call: 1, fail: full });
    for (const runId of ["a", "b"]) await journal.createRun(record(runId));
    await journal.append("a", batch(1), record("a"));
    await expect(journal.append("b", batch(1), record("b"))).rejects.toBe(full);
  });

  test("without a number is about every call", async () => {
    const { journal } = create({ on: "getRun", fail: full });
    for (let n = 0; n < 3; n++) await expect(journal.getRun("r")).rejects.toBe(full);
  });

  test("after a write loses the answer, not the write", async () => {
    const { journal, stored } = create({ on: "append", call: 1, failAfter: full });
    await journal.createRun(record("r"));
    await expect(journal.append("r", batch(1), record("r"))).rejects.toBe(full);
    expect(await stored()).toEqual([1]);
  });

  test("delays by the journal's clock", async () => {
    const { clock, journal, stored } = create({ on: "append", delay: 50 });
    await journal.createRun(record("r"));
    const appending = journal.append("r", batch(1), record("r"));
    await clock.advance(49);
    expect([await stateOf(appending), await stored()]).toEqual(["pending", []]);
    await clock.advance(1);
    expect([await stateOf(appending), await stored()]).toEqual(["resolved", [1]]);
  });

  test("holds a call until it is let go", async () => {
    let letGo: () => void = () => undefined;
    const { journal } = create({ on: "getRun", hold: new Promise<void>((resolve) => (letGo = resolve)) });
    const getting = journal.getRun("r");
    expect(await stateOf(getting)).toBe("pending");
    letGo();
    expect(await stateOf(getting)).toBe("resolved");
  });

  test("repeats a write; who counts refuses the second", async () => {
    const { journal, stored } = create({ on: "append", duplicate: true });
    await journal.createRun(record("r"));
    await journal.append("r", batch(1), record("r"));
    await journal.append("r", batch(2), record("r"));
    expect(await stored()).toEqual([1, 2]);
  });

  test("in a read comes before the first batch", async () => {
    const { journal } = create({ on: "read", fail: full });
    await expect(readAll(journal.read("r", { from: 1, to: 1 }) as never)).rejects.toBe(full);
  });
});

describe("a crash", () => {
  test.each([
    ["before", []],
    ["after", [1]],
  ] as const)("%s a write", async (crash, left) => {
    const { journal, stored } = create({ on: "append", call: 1, crash });
    await journal.createRun(record("r"));
    await expect(journal.append("r", batch(1), record("r"))).rejects.toMatchObject({ code: "SIMULATED_CRASH" });
    await journal.whenCrashed;
    expect(journal.crashed).toBe(true);
    expect(await stored()).toEqual(left);
    for (const call of [() => journal.getRun("r"), () => journal.append("r", batch(2), record("r"))]) {
      await expect(call()).rejects.toMatchObject({ name: "StorageError", code: "SIMULATED_CRASH" });
    }
    await journal.close();
    expect(await journal.inner.getRun("r")).toBeDefined();
  });

  test("stops what was on its way", async () => {
    const { clock, journal, stored } = create({ on: "append", delay: 50 });
    await journal.createRun(record("r"));
    const appending = journal.append("r", batch(1), record("r")).catch((error: StorageError) => error.code);
    await settle();
    journal.crash();
    await clock.advance(50);
    expect([await appending, await stored()]).toEqual(["SIMULATED_CRASH", []]);
  });
});

test("every call is recorded: what, for which run, with what, and how it ended", async () => {
  const { journal } = create({ on: "append", call: 2, fail: full });
  await journal.createRun(record("r"));
  await journal.append("r", batch(1), record("r"));
  await journal.append("r", batch(2), record("r")).catch(() => undefined);
  await journal.listRuns({ limit: 1 });
  expect(journal.calls.map(({ operation, call, runId, outcome }) => [operation, call, runId, outcome])).toEqual([
    ["createRun", 1, "r", "done"],
    ["append", 1, "r", "done"],
    ["append", 2, "r", "failed"],
    ["listRuns", 1, undefined, "done"],
  ]);
  expect(journal.calls[2]).toMatchObject({ error: full, args: ["r", batch(2), record("r")] });
});

test("faults can be added on the way, and count from then on", async () => {
  const { journal } = create();
  await journal.getRun("r");
  journal.inject({ on: "getRun", call: 2, fail: full });
  await journal.getRun("r");
  await expect(journal.getRun("r")).rejects.toBe(full);
});

describe("an engine on it", () => {
  const talk = defineWorkflow("talk", { timeout: null })
    .step("begin", { accepts: StartEvent, emits: [] }, (_event, ctx) => ctx.writeEventToStream(Note(1)))
    .step("end", { accepts: Answer, emits: StopEvent }, (event, ctx) => {
      ctx.writeEventToStream(Note(2));
      return StopEvent(event.data);
    });
  const open = async (...faults: JournalFault[]) => {
    const clock = new SimulatedClock();
    const journal = new FaultInjectingJournal(new MemoryJournal(), { durable: true, faults, clock });
    return { clock, journal, engine: await createEngine({ talk }, { journal, clock }) };
  };
  const again = async (journal: FaultInjectingJournal) =>
    createEngine({ talk }, { journal: journal.inner, clock: new SimulatedClock() });

  /** A run that asked its question, and whose next write meets a fault. */
  const started = async (fault: Omit<JournalFault, "on" | "call">) => {
    const { clock, journal, engine } = await open();
    const handler = await engine.start("talk", null, { runId: "r" });
    await settle();
    journal.inject({ on: "append", call: 1, ...fault });
    return { clock, journal, engine, handler };
  };

  test("tells nobody what is not written yet: not readers, not senders, no result", async () => {
    const { clock, engine, handler } = await started({ delay: 1_000 });
    const waiting = [
      handler.sendEvent(Answer(1)),
      handler.result(),
      handler.streamEvents({ after: 1 }).next(),
      engine.result("r"),
    ];
    await clock.advance(999);
    expect(await Promise.all(waiting.map(stateOf))).toEqual(waiting.map(() => "pending"));
    await clock.advance(1);
    expect(await Promise.all(waiting.map(stateOf))).toEqual(waiting.map(() => "resolved"));
    await engine.close();
  });

  test("stops a run that cannot be written, says why, and the run goes on elsewhere", async () => {
    const { engine, journal, handler } = await started({ fail: full });
    await expect(handler.sendEvent(Answer(1))).rejects.toBe(full);
    expect(await failureOf(handler)).toBe(full);
    expect((await engine.listRuns()).runs[0]).toMatchObject({ pausedBecause: full.message });
    expect((await engine.storage()).problem).toMatchObject({ message: full.message });
    await engine.close();
    const next = await (await again(journal)).attach("r");
    await next.sendEvent(Answer(2));
    expect(await next.result()).toBe(2);
    expect(typesOf(await readAll(next.streamEvents()))).toEqual(["Note", "Note", "StopEvent"]);
  });

  test("takes a lost answer for a failure, and the next engine finds what was written", async () => {
    const { engine, journal, handler } = await started({ failAfter: full });
    await expect(handler.sendEvent(Answer(1))).rejects.toBe(full);
    await engine.close();
    expect(await (await again(journal)).result("r")).toBe(1);
  });

  test("is not disturbed by writes that are done twice", async () => {
    const { engine } = await open({ on: "append", duplicate: true }, { on: "createRun", duplicate: true });
    const handler = await engine.start("talk", null);
    await handler.sendEvent(Answer(1));
    expect(await handler.result()).toBe(1);
    await engine.close();
  });

  test("refuses a run whose record could not be written, and its id stays free", async () => {
    const { engine } = await open({ on: "createRun", call: 1, fail: full });
    await expect(engine.start("talk", null, { runId: "r" })).rejects.toBe(full);
    expect((await engine.listRuns()).runs).toEqual([]);
    await (await engine.start("talk", null, { runId: "r" })).sendEvent(Answer(1));
    expect(await engine.result("r")).toBe(1);
    await engine.close();
  });

  test("refuses a run whose beginning could not be written", async () => {
    const { engine } = await open({ on: "append", call: 1, fail: full });
    await expect(engine.start("talk", null, { runId: "r" })).rejects.toBe(full);
    await engine.close();
  });

  test("starts although a run cannot be read, and says so", async () => {
    const { engine, journal } = await open();
    await engine.start("talk", null, { runId: "r" });
    await settle();
    await engine.close();
    const unreadable = new FaultInjectingJournal(journal.inner, { faults: [{ on: "read", fail: full }] });
    // An idle run would not be read before something happens in it.
    const runtime = { journal: unreadable, clock: new SimulatedClock() };
    const next = await createEngine({ talk }, runtime, { idleTimeout: null });
    expect((await next.listRuns()).runs[0]).toMatchObject({ runId: "r", pausedBecause: full.message });
    await expect(next.attach("r")).rejects.toBe(full);
    await next.close();
  });
});
