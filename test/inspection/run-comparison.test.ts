/** Two runs are compared by what they did, whatever the clock and the order of what ran side by side. */
import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { Answer } from "../engine/fixtures.ts";

const Page = defineEvent("Page");
const Done = defineEvent("Done");

/** What no journal knows: after how many microtasks each page is read, and which cannot be. */
let delays: readonly number[] = [];
let broken: number | null = null;

/** Reads three pages side by side, asks, and counts. */
const crawl = defineWorkflow("crawl", { timeout: null })
  .step("split", { accepts: [StartEvent], emits: [Page] }, (_, ctx) => {
    for (const n of [0, 1, 2]) ctx.sendEvent(Page({ n }));
  })
  .step("read", { accepts: [Page], emits: [Done], numWorkers: 4 }, async ({ data }) => {
    const { n } = data as { n: number };
    for (let turn = 0; turn < (delays[n] ?? 0); turn += 1) await Promise.resolve();
    if (n === broken) throw new TypeError("no such page");
    return Done({ n });
  })
  .step("merge", { accepts: [Done], emits: [StopEvent], waitsFor: [Answer], numWorkers: 1 }, async (event, ctx) => {
    const all = ctx.collectEvents(event, [Done, Done, Done]);
    if (all === null) return undefined;
    const { data } = await ctx.waitForEvent(Answer, { timeout: null });
    return StopEvent({ data, count: all.length });
  });

async function open() {
  const clock = new SimulatedClock();
  const engine = await createEngine({ crawl }, { journal: new MemoryJournal(), clock });
  const run = async (order: readonly number[], answer: string | null = "yes", input: unknown = 1) => {
    delays = order;
    const { runId } = await engine.start("crawl", input);
    await settle();
    await clock.advance(1_000);
    if (answer !== null) await engine.sendEvent(runId, Answer(answer)).catch(() => undefined);
    await settle();
    return runId;
  };
  return { engine, run };
}

test("what ran side by side may end in any order, at any time", async () => {
  const { engine, run } = await open();
  const [a, b] = [await run([0, 9, 18]), await run([18, 9, 0])];
  const orderOf = async (runId: string) =>
    (await engine.readTicks(runId, { from: 1, limit: 99 })).ticks.flatMap(({ step, events }) =>
      step === "read" ? events.map(({ preview }) => preview) : [],
    );
  expect(await orderOf(a)).not.toEqual(await orderOf(b));
  const comparison = await engine.compareRuns(a, b);
  expect(comparison).toMatchObject({ parting: null, different: 0, onlyA: 0, onlyB: 0 });
  expect(comparison.steps.map(({ step, a: inA, b: inB }) => [step, inA?.returned, inB?.returned])).toEqual([
    ["split", 1, 1],
    ["read", 3, 3],
    ["merge", 3, 3],
  ]);
});

test("other data part two runs at the first tick that has them, and the paths are told", async () => {
  const { engine, run } = await open();
  const { parting, different } = await engine.compareRuns(await run([], "yes"), await run([], "no"));
  expect(parting).toMatchObject({ reason: "content", a: { kind: "AddEvent" }, b: { kind: "AddEvent" } });
  expect(parting?.differences).toEqual([
    {
      kind: "changed",
      path: ["event", "data"],
      a: { preview: '"yes"', size: 5, value: "yes" },
      b: { preview: '"no"', size: 4, value: "no" },
    },
  ]);
  expect(different).toBe(2);
});

test("each step says how many of its ends have none alike in the other run", async () => {
  const { engine, run } = await open();
  const { steps } = await engine.compareRuns(await run([], "yes"), await run([], "no"));
  // The step that asked returned what it was told: one end of either run.
  expect(steps.map(({ step, unlike }) => [step, unlike])).toEqual([
    ["split", 0],
    ["read", 0],
    ["merge", 2],
  ]);
  const shorter = await engine.compareRuns(await run([], "yes"), await run([], null));
  expect(shorter.steps.find(({ step }) => step === "merge")?.unlike).toBe(1);
});

test("a step that fails in one run parts them by its outcome, and the failures stand side by side", async () => {
  const { engine, run } = await open();
  const good = await run([]);
  broken = 1;
  const bad = await run([]);
  broken = null;
  const { parting, a, b } = await engine.compareRuns(good, bad);
  expect(parting).toMatchObject({ reason: "outcome", a: { step: "read" }, b: { step: "read", outcome: "failed" } });
  expect([a.status, a.failureCount, b.status, b.failureCount]).toEqual(["completed", 0, "failed", 1]);
  expect(b.failures).toMatchObject([{ step: "read", message: "TypeError: no such page" }]);
});

test("a run that is not as far is missing what the other did next", async () => {
  const { engine, run } = await open();
  const { parting, onlyA, onlyB } = await engine.compareRuns(await run([]), await run([], null));
  expect(parting).toMatchObject({ reason: "missing", a: { kind: "AddEvent" }, b: null });
  expect([onlyA, onlyB]).toEqual([2, 0]);
});

test("of a run and its fork only what came after the fork is compared", async () => {
  const { engine, run } = await open();
  const origin = await run([], "yes");
  const { ticks } = await engine.readTicks(origin, { from: 1, limit: 99 });
  const asked = ticks.find(({ outcome }) => outcome === "waiting")?.sequence ?? 0;
  const fork = await engine.forkRun(origin, { atSequence: asked });
  await engine.sendEvent(fork, Answer("no"));
  await settle();
  const { a, b, parting } = await engine.compareRuns(origin, fork);
  expect([a.from, b.from]).toEqual([asked + 1, asked + 1]);
  expect(parting).toMatchObject({ reason: "content", a: { kind: "AddEvent" }, b: { kind: "AddEvent" } });
  const mirrored = await engine.compareRuns(fork, origin);
  expect(mirrored.parting?.differences[0]).toMatchObject({ a: { value: "no" }, b: { value: "yes" } });
});

test("what is hidden from inspectors is not told, and parts nothing", async () => {
  const clock = new SimulatedClock();
  const engine = await createEngine({ crawl }, { journal: new MemoryJournal(), clock }, { redact: () => "hidden" });
  const ids: string[] = [];
  for (const secret of ["s3cret", "0ther"]) {
    const { runId } = await engine.start("crawl", secret);
    await settle();
    await engine.sendEvent(runId, Answer("yes"));
    await settle();
    ids.push(runId);
  }
  const comparison = await engine.compareRuns(ids[0] ?? "", ids[1] ?? "");
  expect(JSON.stringify(comparison)).not.toMatch(/s3cret|0ther/);
});
