/** `engine.timeline`: read in parts, goes on where it stopped, of any run there is. */
import { constantDelay, defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, SimulatedClock } from "tickwork/testing";
import { expect, test, vi } from "vitest";
import { Answer, gate } from "./fixtures.ts";

const Part = defineEvent("Part");

/** Works through its parts two by two for 10 ms each; the third fails once; the last asks. */
const parts = (clock: SimulatedClock) =>
  defineWorkflow("parts", { timeout: null })
    .step("split", { accepts: StartEvent, emits: Part }, ({ data }, ctx) => {
      for (let n = 1; n <= Number(data); n++) ctx.sendEvent(Part({ n, of: Number(data) }));
    })
    .step(
      "work",
      {
        accepts: Part,
        emits: StopEvent,
        numWorkers: 2,
        waitsFor: Answer,
        retryPolicy: constantDelay({ delay: 50, maximumAttempts: 3 }),
      },
      async ({ data }, ctx) => {
        const { n, of } = data as { n: number; of: number };
        await new Promise<void>((resolve) => void clock.setTimer(clock.now() + 10, resolve));
        if (n === 3 && ctx.retryInfo().attempt === 0) throw new Error("again");
        return n === of ? StopEvent((await ctx.waitForEvent(Answer)).data) : undefined;
      },
    );

/** One step that hands itself an event so many times. */
const loop = (half?: Promise<void>, keepTicks?: number) =>
  defineWorkflow("loop", { timeout: null, ...(keepTicks !== undefined && { history: { keepTicks } }) }).step(
    "again",
    { accepts: [StartEvent, Part], emits: [Part, StopEvent] },
    async ({ data }) => {
      if (data === HALF) await half;
      return Number(data) === 0 ? StopEvent() : Part(Number(data) - 1);
    },
  );
const HALF = 2_500;

async function open() {
  const clock = new SimulatedClock(0);
  const journal = new MemoryJournal();
  const engine = await createEngine({ parts: parts(clock), loop: loop() }, { journal, clock });
  return { clock, journal, engine };
}

test("tells each part's way, and of the newest what goes on", async () => {
  const { clock, engine } = await open();
  await engine.start("parts", 5, { runId: "r" });
  await clock.advance(35);
  const { lanes, trail, ...timeline } = await engine.timeline("r", { workItem: 4 });
  expect(
    lanes.map(({ step, phase, slot, spans }) => [step, phase, slot, ...spans.map(({ from, to }) => [from, to])]),
  ).toEqual([
    ["split", "running", 0, [0, 0]],
    ["work", "queued", null, [0, 20]],
    ["work", "running", 0, [0, 10], [10, 20], [20, 30]],
    ["work", "running", 1, [0, 10], [10, 20]],
    ["work", "backoff", null, [20, null]],
    ["work", "waiting", null, [30, null]],
  ]);
  expect(trail.map(({ phase, from, to, outcome }) => [phase, from, to, outcome])).toEqual([
    ["queued", 0, 10, null],
    ["running", 10, 20, "failed"],
    ["backoff", 20, null, null],
  ]);
  expect(timeline).toMatchObject({ begin: 0, end: 30, isLive: true, resolution: 0 });
  expect(timeline.due.map(({ kind, at }) => [kind, at])).toEqual([
    ["retry", 70],
    ["wait", 2_000_030],
  ]);
  expect(timeline.sequence).toBe(timeline.lastSequence);
});

test("agrees with the state at its sequence", async () => {
  const { clock, engine } = await open();
  await engine.start("parts", 30, { runId: "r" });
  for (let step = 0; step < 16; step++) {
    await clock.advance(10);
    const { lanes, sequence } = await engine.timeline("r", { buckets: 4_096 });
    const { graph } = await engine.stateAt("r", sequence);
    const now = (phase: string): number =>
      lanes
        .filter((lane) => lane.step === "work" && lane.phase === phase)
        .flatMap(({ spans }) => spans.filter(({ to }) => to === null)).length;
    const { busy = 0, queued = 0, delayed = 0, waiting = 0 } = graph.steps["work"] ?? {};
    expect([now("running"), now("queued"), now("backoff"), now("waiting")]).toEqual([
      busy,
      Math.min(1, queued),
      delayed,
      waiting,
    ]);
  }
});

test("of a long history comes in parts, each of which goes on where the last stopped", async () => {
  const { engine, journal } = await open();
  await (await engine.start("loop", 25_000, { runId: "r" })).result();
  const first = await engine.timeline("r", {});
  expect([first.sequence, first.lastSequence]).toEqual([20_000, 25_002]);
  const read = vi.spyOn(journal, "read");
  const second = await engine.timeline("r", {});
  expect(second.sequence).toBe(25_002);
  expect(Math.min(...read.mock.calls.map(([, { from }]) => from))).toBe(20_001);
  read.mockClear();
  const { lanes } = await engine.timeline("r", {});
  expect(read).not.toHaveBeenCalled();
  expect(lanes.flatMap(({ spans }) => spans).reduce((sum, { count }) => sum + count, 0)).toBe(25_001);
});

test("two asked for at once count nothing twice", async () => {
  const { clock, engine } = await open();
  await engine.start("parts", 40, { runId: "r" });
  await clock.advance(100);
  const [first, second] = await Promise.all([engine.timeline("r", {}), engine.timeline("r", {})]);
  expect(second).toEqual(first);
});

test("is forgotten when nobody inspects the run any more", async () => {
  const { clock, engine, journal } = await open();
  await engine.start("parts", 5, { runId: "r" });
  await clock.advance(100);
  const [leave, leaveToo] = [engine.inspect("r", () => undefined), engine.inspect("r", () => undefined)];
  const before = await engine.timeline("r", {});
  const read = vi.spyOn(journal, "read");
  leave();
  await engine.timeline("r", {});
  expect(read).not.toHaveBeenCalled();
  leaveToo();
  expect(await engine.timeline("r", {})).toEqual(before);
  expect(read).toHaveBeenCalled();
});

test("of a run that keeps its newest ticks begins where these begin, also when they move on while it is read", async () => {
  const half = gate();
  const engine = await createEngine({ loop: loop(half.promise, 300) }, { journal: new MemoryJournal() });
  const handler = await engine.start("loop", 5_000, { runId: "r" });
  await vi.waitFor(async () => expect((await engine.stateAt("r")).graph.sequence).toBe(5_001 - HALF));
  const before = await engine.timeline("r", {});
  half.open();
  await handler.result();
  await vi.waitFor(async () => expect((await engine.listRuns()).runs[0]?.loaded).toBe(false));
  const { historyFrom = 1, lastSequence } = await engine.readTicks("r", { from: 1, limit: 1 });
  expect(historyFrom).toBeGreaterThan(before.sequence);
  const { begin, sequence, lanes } = await engine.timeline("r", {});
  expect(begin).toBe((await engine.stateAt("r", historyFrom - 1)).graph.at);
  expect(sequence).toBe(lastSequence);
  expect(lanes[0]?.spans.reduce((sum, { count }) => sum + count, 0)).toBe(lastSequence - historyFrom + 1);
});

test("of a fork begins where it left, and of an imported run is the same", async () => {
  const { clock, engine } = await open();
  await engine.start("parts", 20, { runId: "r" });
  await clock.advance(45);
  await engine.forkRun("r", { runId: "fork" });
  await clock.advance(400);
  const { begin, lanes } = await engine.timeline("fork", {});
  expect(begin).toBe(40);
  expect(lanes.find(({ phase }) => phase === "waiting")?.spans).toMatchObject([{ to: null }]);
  const file = JSON.parse(JSON.stringify(await engine.exportRun("r"))) as unknown;
  await engine.importRun(file, { runId: "read" });
  expect((await engine.timeline("read", {})).lanes).toEqual((await engine.timeline("r", {})).lanes);
});

test("depth has the deepest of each part of the range, and the point before it", async () => {
  const { clock, engine } = await open();
  await engine.start("parts", 100, { runId: "r" });
  await clock.advance(2_000);
  const { depth } = await engine.timeline("r", { from: 95, to: 205, buckets: 4 });
  expect(depth.length).toBeLessThanOrEqual(5);
  expect(depth[0]).toMatchObject({ at: 90 });
  expect(depth.map(({ queued }) => queued)).toEqual(depth.map(({ queued }) => queued).toSorted((a, b) => b - a));
});

test("of a run that is not there is refused", async () => {
  const { engine } = await open();
  await expect(engine.timeline("nobody", {})).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
});
