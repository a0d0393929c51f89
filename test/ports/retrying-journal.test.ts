import { processRuntime, StorageError, withRetries } from "tickwork";
import {
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  SimulatedClock,
  type JournalFault,
} from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, failureOf, single } from "../engine/fixtures.ts";

const lost = new StorageError("The connection was lost.", { code: "STORAGE_LOST" });
const asking = single(async (ctx) => (await ctx.waitForEvent(Answer)).data, { timeout: null }, { waitsFor: Answer });

/** An engine whose journal has these faults, with retries after 50, 250 and 1,000 ms of simulated time. */
async function open(faults: readonly JournalFault[]) {
  const clock = new SimulatedClock();
  const journal = new FaultInjectingJournal(new MemoryJournal(), { durable: true, clock, faults });
  const engine = await createEngine({ single: asking }, withRetries({ ...processRuntime, clock, journal }));
  const begun = clock.now();
  /** Lets time pass until it settles; says how much passed. */
  const settled = async <T>(promise: Promise<T>): Promise<{ value?: T; error?: unknown; after: number }> => {
    let outcome: { value?: T; error?: unknown } | undefined;
    promise.then(
      (value) => (outcome = { value }),
      (error: unknown) => (outcome = { error }),
    );
    while (!outcome) await clock.advance(10);
    return { ...outcome, after: clock.now() - begun };
  };
  return { engine, journal, clock, settled };
}
const failing = (on: JournalFault["on"], ...calls: number[]): JournalFault[] =>
  calls.map((call) => ({ on, call, fail: lost }));
const writes = (journal: FaultInjectingJournal, operation: string): number =>
  journal.calls.filter((call) => call.operation === operation).length;

describe("a write that fails", () => {
  test("is tried again after each delay, and the run never knows", async () => {
    const { engine, journal, settled } = await open(failing("append", 1, 2, 3));
    const { value: handler, after } = await settled(engine.start("single", null));
    expect(after).toBeGreaterThanOrEqual(1300);
    expect(after).toBeLessThan(1400);
    await handler?.sendEvent(Answer("yes"));
    expect(await handler?.result()).toBe("yes");
    expect(writes(journal, "append")).toBeGreaterThan(3);
  });

  test("is given up after the third for whoever starts a run, and they are told what went wrong", async () => {
    const { engine, journal, settled } = await open(failing("append", 1, 2, 3, 4));
    expect((await settled(engine.start("single", null))).error).toBe(lost);
    expect(writes(journal, "append")).toBe(4);
  });

  test.each(["STORAGE_QUOTA", "STORAGE_TAKEN_OVER", "STORAGE_NEWER", "STORAGE_DELETED"])(
    "with %s is not tried again",
    async (code) => {
      const final = new StorageError("no", { code });
      const { engine, journal, settled } = await open([{ on: "append", fail: final }]);
      expect((await settled(engine.start("single", null))).error).toBe(final);
      expect(writes(journal, "append")).toBe(1);
    },
  );

  test("by a fault of another kind is not tried again", async () => {
    const fault = new TypeError("a bug");
    const { engine, journal, settled } = await open([{ on: "append", fail: fault }]);
    expect((await settled(engine.start("single", null))).error).toMatchObject({ cause: fault });
    expect(writes(journal, "append")).toBe(1);
  });

  test("only in its answer is not done twice", async () => {
    const { engine, journal, settled } = await open([{ on: "append", call: 1, failAfter: lost }]);
    const { value: handler } = await settled(engine.start("single", null, { runId: "r" }));
    await handler?.sendEvent(Answer("yes"));
    expect(await handler?.result()).toBe("yes");
    const ticks: number[] = [];
    for await (const batch of journal.inner.read("r", { from: 1, to: 99 }))
      ticks.push(...batch.ticks.map((tick) => tick.sequence));
    expect(ticks).toEqual(ticks.map((_, index) => index + 1));
  });

  test("when a run is created, is tried again too; one whose answer was lost is there", async () => {
    for (const faults of [failing("createRun", 1), [{ on: "createRun", call: 1, failAfter: lost } as const]]) {
      const { engine, settled } = await open(faults);
      const { value: handler } = await settled(engine.start("single", null));
      expect(handler?.status).toBe("idle");
    }
  });
});

test("a read that fails is told at once: whoever asks can ask again", async () => {
  const { engine } = await open([{ on: "getRun", fail: lost }]);
  expect(await failureOf({ result: () => engine.attach("r") })).toBe(lost);
});
