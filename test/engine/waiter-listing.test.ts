import { defineEvent, defineWorkflow, humanResponseEvent, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { z } from "zod";

const Answer = humanResponseEvent("Answer", z.object({ who: z.string() }));
const Signal = defineEvent("Signal");

const asking = defineWorkflow("asking", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
  async ({ data }, ctx) => {
    const who = data as string;
    return StopEvent((await ctx.waitForEvent(Answer, { requirements: { who }, timeout: null })).data);
  },
);
const crowd = defineWorkflow("crowd", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent, waitsFor: [Answer, Signal] },
  async (_event, ctx) => {
    const names = ["a", "b", "c", "d", "e"];
    const waits = names.map((who) => ctx.waitForEvent(Answer, { waiterId: who, requirements: { who }, timeout: null }));
    await Promise.all([...waits, ctx.waitForEvent(Signal, { waiterId: "signal", timeout: null })]);
    return StopEvent(null);
  },
);

async function setUp(redact?: (value: unknown) => unknown) {
  const clock = new SimulatedClock();
  const journal = new MemoryJournal();
  const options = { idleTimeout: 1_000, ...(redact && { redact }) };
  const engine = await createEngine({ asking, crowd }, { clock, journal }, options);
  return { clock, journal, engine };
}

test("a run that left memory is listed, and stays where it is", async () => {
  const { clock, engine } = await setUp();
  await engine.startRun("asking", "Ada", { runId: "old" });
  await settle();
  await clock.advance(5_000);
  await engine.startRun("asking", "Bob", { runId: "new" });
  await settle();
  const rows = [
    ["new", true],
    ["old", false],
  ];
  const isLoaded = async () => (await engine.listRuns()).runs.map(({ runId, loaded }) => [runId, loaded]);
  expect(await isLoaded()).toEqual(rows);
  const { waiters, nextBefore } = await engine.listWaiters();
  expect(waiters.map(({ runId, waiter }) => [runId, waiter.requirements])).toEqual([
    ["old", { who: "Ada" }],
    ["new", { who: "Bob" }],
  ]);
  expect(nextBefore).toBeUndefined();
  expect(await isLoaded()).toEqual(rows);
});

test("the waits of one run go on over pages, and roles are asked for", async () => {
  const { engine } = await setUp();
  await engine.startRun("crowd", null, { runId: "many" });
  await settle();
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = await engine.listWaiters({ limit: 2, ...(before !== undefined && { before }) });
    seen.push(...page.waiters.map(({ waiter }) => waiter.waiterId));
    before = page.nextBefore;
  } while (before !== undefined);
  expect(seen).toEqual(["a", "b", "c", "d", "e"]);
  const others = await engine.listWaiters({ role: ["event"] });
  expect(others.waiters.map(({ waiter }) => waiter.type)).toEqual(["Signal"]);
});

test("a run that was cancelled waits for nobody, and one that is not there has no waits", async () => {
  const { engine } = await setUp();
  await engine.startRun("asking", "Ada", { runId: "gone" });
  await settle();
  await engine.cancelRun("gone");
  expect(await engine.listWaiters({ runId: "gone" })).toEqual({ waiters: [] });
  expect(await engine.listWaiters({ runId: "nope" })).toEqual({ waiters: [] });
});

test("what a wait says of itself is redacted", async () => {
  const { engine } = await setUp((value) => (typeof value === "object" ? { who: "hidden" } : value));
  await engine.startRun("asking", "Ada", { runId: "r" });
  await settle();
  const [one] = (await engine.listWaiters()).waiters;
  expect(one?.waiter.requirements).toEqual({ who: "hidden" });
});

test("runs of code that is not here are left out", async () => {
  const { engine, journal } = await setUp();
  await engine.startRun("asking", "Ada", { runId: "r" });
  await settle();
  await engine.close();
  const other = await createEngine({ crowd }, { clock: new SimulatedClock(), journal });
  expect((await other.listWaiters()).waiters).toEqual([]);
});
