/** A finished run keeps nothing: no timer, task, listener or entry anywhere. */
import { getEventListeners, setMaxListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { constantDelay, defineWorkflow, resource, run, StartEvent, StopEvent, type Handler } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer } from "../engine/fixtures.ts";

/** Ends in every way: by an answer, late, at the second try, by an error, by its time limit. */
const make = () =>
  defineWorkflow("w", { timeout: 60_000, numConcurrentRuns: 2000, resources: { thing: resource(() => ({})) } }).step(
    "a",
    {
      accepts: StartEvent,
      emits: StopEvent,
      waitsFor: Answer,
      retryPolicy: constantDelay({ delay: 100, maximumAttempts: 2 }),
    },
    async ({ data }, ctx) => {
      if (data === "fails" || (data === "tries" && ctx.retryInfo().attempt === 0)) throw new Error("no");
      if (data === "waits") return StopEvent((await ctx.waitForEvent(Answer, { timeout: null })).data);
      if (data === "late") await ctx.waitForEvent(Answer, { timeout: 5000 }).catch(() => undefined);
      return StopEvent(data);
    },
  );
const QUICK = ["stops", "waits", "fails", "cancelled"];
/** Each of these moves the simulated clock once: there are only a few of them among many. */
const TIMED = ["late", "tries", "waits for ever"];
const inputOf = (way: string): string => (way === "cancelled" || way === "waits for ever" ? "waits" : way);

const wayOf = (index: number): string =>
  (index < 15 ? TIMED[index % TIMED.length] : QUICK[index % QUICK.length]) as string;

interface Player {
  readonly clock: SimulatedClock;
  readonly start: (input: string) => Promise<Handler>;
}

/** Plays so many runs to their end, a few hundred at once. */
async function play({ clock, start }: Player, count: number): Promise<void> {
  for (let done = 0; done < count; done += 500) {
    const ways = Array.from({ length: Math.min(500, count - done) }, (_, index) => wayOf(index));
    const handlers = await Promise.all(ways.map((way) => start(inputOf(way))));
    await clock.advance(1000);
    const sent = handlers.map(async (handler, index) => {
      if (ways[index] === "waits") await handler.sendEvent(Answer("yes"));
      if (ways[index] === "cancelled") await handler.cancelRun();
    });
    await Promise.all(sent);
    await clock.advance(59_000);
    // What waits for ever has used up its time, as far as it was loaded.
    await Promise.all(handlers.filter(({ status }) => status === "idle").map((handler) => handler.cancelRun()));
    await Promise.allSettled(handlers.map((handler) => handler.result()));
  }
  await settle();
}

/** Bytes that are still reachable. */
async function retained(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let turn = 0; turn < 4; turn++) {
    await settle();
    collect();
  }
  return process.memoryUsage().heapUsed;
}

const ROUNDS = 4;

/**
 * Per run, after so many that tables of bounded size are full: in the round of several that grew least. A leak shows in
 * each of them; what the machine itself keeps now and then (compiled code, a table that doubles) does not.
 */
async function growthPerRun(player: Player, count: number): Promise<number> {
  await play(player, 2500);
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = await retained();
    await play(player, count / ROUNDS);
    least = Math.min(least, ((await retained()) - before) / (count / ROUNDS));
  }
  return least;
}

/** A forgotten promise or map entry is more than this; what the machine itself keeps meanwhile is less. */
const NOTHING = 60;

describe("in this process", () => {
  const player = (): Player & { readonly signal: AbortSignal } => {
    const clock = new SimulatedClock();
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const workflow = make();
    return {
      clock,
      signal,
      start: async (input) => run(workflow, input, { runtime: { clock, journal: null }, signal }),
    };
  };

  test("finished runs leave no timer and no listener", async () => {
    const playing = player();
    await play(playing, 40);
    expect([playing.clock.pending, getEventListeners(playing.signal, "abort").length]).toEqual([0, 0]);
  });

  test("memory is the same after 10,000 finished runs", { timeout: 120_000 }, async () => {
    expect(await growthPerRun(player(), 10_000)).toBeLessThan(NOTHING);
  });
});

describe.each([
  ["that keeps idle runs in memory", null, 4000],
  ["that lets idle runs go", 500, 10_000],
] as const)("in a host %s", (_which, idleTimeout, runs) => {
  const player = async () => {
    const clock = new SimulatedClock();
    const journal = new MemoryJournal({ maxFinishedRuns: 50 });
    const engine = await createEngine({ w: make() }, { journal, clock }, { idleTimeout });
    return { clock, engine, start: (input: string) => engine.start("w", input) };
  };

  test("finished runs leave no timer, and their slots are free", async () => {
    const { engine, ...playing } = await player();
    await play(playing, 40);
    expect(playing.clock.pending).toBe(0);
    const more = await Promise.all(Array.from({ length: 2000 }, () => engine.start("w", "waits")));
    await settle();
    expect(new Set(more.map(({ status }) => status))).toEqual(new Set(["idle"]));
    await engine.close();
    expect(playing.clock.pending).toBe(0);
  });

  test(`memory is the same after ${runs} finished runs`, { timeout: 120_000 }, async () => {
    const { engine, ...playing } = await player();
    expect(await growthPerRun(playing, runs)).toBeLessThan(NOTHING);
    await engine.close();
  });

  test("memory is the same after 3,000 runs that were deleted", { timeout: 120_000 }, async () => {
    const { engine, clock } = await player();
    const deleteSome = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 500) {
        const handlers = await Promise.all(Array.from({ length: 500 }, () => engine.start("w", "waits")));
        await clock.advance(500);
        await Promise.all(handlers.map(({ runId }) => engine.deleteRun(runId)));
      }
    };
    await deleteSome(1000);
    const before = await retained();
    await deleteSome(3000);
    expect(((await retained()) - before) / 3000).toBeLessThan(NOTHING * 2);
    await engine.close();
  });
});
