/** Each hint on a real run that is in that situation, and on one much like it where it must not appear. */
import { existsSync } from "node:fs";
import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  listOf,
  processRuntime,
  StartEvent,
  StopEvent,
  withRetries,
  type Workflow,
} from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import type { Journal } from "../../src/ports/journal.ts";
import type { EngineHost } from "../../src/engine/host.ts";
import type { Hint, HintInput } from "../../inspector/store/hints.ts";
import { HINT_GUIDES, HINT_IDS, hintsOf } from "../../inspector/store/hints.ts";
import { shownMoment } from "../../inspector/store/inspector-state.ts";
import { textOf } from "../../inspector/store/sentence.ts";
import { BrokenDisk, full } from "../engine/broken-disk.ts";
import { Answer, gate } from "../engine/fixtures.ts";

const Page = defineEvent("Page");
const Done = defineEvent("Done");
const Note = humanResponseEvent("Note");
const never = () => new Promise<never>(() => undefined);

async function start(workflow: Workflow, clock = new SimulatedClock(), journal: Journal = new MemoryJournal()) {
  const engine = await createEngine({ w: workflow }, withRetries({ ...processRuntime, journal, clock }));
  const handler = await engine.start("w", null, { runId: "r" });
  handler.result().catch(() => undefined);
  await settle();
  return { engine, clock };
}

/** As an inspector that follows the run has it. */
async function inputOf(engine: EngineHost, clock: SimulatedClock, now: Partial<HintInput["now"]> = {}) {
  const view = await engine.stateAt("r");
  const { runs } = await engine.listRuns();
  const run = runs.find(({ runId }) => runId === "r") ?? null;
  const state = { graph: view.graph, position: "live", now: clock.now() } as Parameters<typeof shownMoment>[0];
  return {
    graph: view.graph,
    view,
    run,
    description: await engine.describeRun("r"),
    moment: shownMoment(state),
    depth: await engine.depthOverTime("r", 400),
    now: { storage: await engine.storage(), engine: null, runs: { r: run as never }, ...now },
  };
}

async function hints({ engine, clock }: { engine: EngineHost; clock: SimulatedClock }): Promise<readonly Hint[]> {
  return hintsOf(await inputOf(engine, clock));
}
const ids = (found: readonly Hint[]): string[] => found.map(({ id }) => id);
const causeOf = (found: readonly Hint[], id: string): string =>
  textOf(found.find((hint) => hint.id === id)?.cause ?? []);

const asking = defineWorkflow("w", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
  async (_event, ctx) => StopEvent((await ctx.waitForEvent(Answer, { requirements: { id: 7 }, timeout: null })).data),
);

test("an event that nobody takes", async () => {
  const run = await start(asking);
  await run.engine.sendEvent("r", Note({ text: "hello" }));
  await settle();
  const found = await hints(run);
  expect(ids(found)).toEqual(["unaccepted-event"]);
  expect(causeOf(found, "unaccepted-event")).toBe(
    'Note came with #3: {text: "hello"}. No step accepts it and nothing waits for it.',
  );
});

test("an event that came early and is asked for later is not lost", async () => {
  const began = gate();
  const patient = defineWorkflow("w", { timeout: null }).step(
    "ask",
    { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
    async (_event, ctx) => {
      await began.promise;
      return StopEvent((await ctx.waitForEvent(Answer, { timeout: null })).data);
    },
  );
  const run = await start(patient);
  await run.engine.sendEvent("r", Answer(1));
  expect(ids(await hints(run))).toEqual([]);
  began.open();
  await run.engine.result("r");
  expect(ids(await hints(run))).toEqual([]);
});

/** Two of the three pages that it wants. */
const collecting = (pages: number) =>
  defineWorkflow("w", { timeout: null })
    .step("split", { accepts: StartEvent, emits: Page }, (_event, ctx) => {
      for (let n = 0; n < pages; n++) ctx.sendEvent(Page(n));
    })
    .step("collect", { accepts: Page, emits: Done }, (event, ctx) =>
      ctx.collectEvents(event, [Page, Page, Page]) ? Done() : undefined,
    )
    .step("report", { accepts: Done, emits: StopEvent }, () => StopEvent());

test("a step that is never reached", async () => {
  const found = await hints(await start(collecting(2)));
  expect(ids(found)).toEqual(["step-never-reached"]);
  expect(causeOf(found, "step-never-reached")).toBe(
    "report got no Done, and nothing is under way that could make one.",
  );
  expect(found[0]?.steps).toEqual(["report"]);
});

test("a way not taken in a run that completed is no mistake", async () => {
  const branches = defineWorkflow("w")
    .step("choose", { accepts: StartEvent, emits: [Page, StopEvent] }, (): never => StopEvent() as never)
    .step("other", { accepts: Page, emits: StopEvent }, () => StopEvent());
  expect(ids(await hints(await start(branches)))).toEqual([]);
  expect(ids(await hints(await start(collecting(3))))).toEqual([]);
});

test("an answer that is missing for long, and one that does not fit", async () => {
  const run = await start(asking);
  expect(ids(await hints(run))).toEqual([]);
  await run.clock.advance(59_000);
  expect(ids(await hints(run))).toEqual([]);
  await run.clock.advance(121_000);
  const late = await hints(run);
  expect(ids(late)).toEqual(["missing-answer"]);
  expect(causeOf(late, "missing-answer")).toBe("ask asked for it 3 min ago, and nobody has answered.");

  await run.engine.sendEvent("r", Answer({ id: 8 }));
  await settle();
  const wrong = await hints(run);
  expect(ids(wrong)).toEqual(["missing-answer"]);
  expect(causeOf(wrong, "missing-answer")).toContain("{id: 8}. ask waits for one with id = 7.");
  await run.engine.sendEvent("r", Answer({ id: 7 }));
  await run.engine.result("r");
  expect(ids(await hints(run))).toEqual([]);
});

test("storage that is full", async () => {
  const clock = new SimulatedClock();
  const disk = new BrokenDisk(clock);
  const run = await start(asking, clock, disk);
  expect(ids(await hints(run))).toEqual([]);
  const before = await inputOf(run.engine, clock);
  disk.failure = full;
  run.engine.sendEvent("r", Answer({ id: 7 })).catch(() => undefined);
  await settle();
  const storage = await run.engine.storage();
  expect(ids(hintsOf({ ...before, now: { ...before.now, storage } }))).toEqual(["quota"]);
});

test("another tab that has the engine", async () => {
  const { engine, clock } = await start(asking);
  const connection = { state: "waiting", reason: "Tab 2 has it.", isElsewhere: true, otherVersion: null } as const;
  const found = hintsOf(await inputOf(engine, clock, { engine: connection }));
  expect(ids(found)).toEqual(["two-tabs"]);
  expect(causeOf(found, "two-tabs")).toBe("Tab 2 has it.");
  // An engine in another tab that answers is as good as one of its own.
  const elsewhere = { ...connection, state: "ready", reason: null } as const;
  expect(hintsOf(await inputOf(engine, clock, { engine: elsewhere }))).toEqual([]);
});

test("code that changed under a run", async () => {
  const named = (step: string) =>
    defineWorkflow("w", { timeout: null }).step(step, { accepts: StartEvent, emits: StopEvent }, never);
  const journal = new MemoryJournal();
  const first = await start(named("old"), new SimulatedClock(), journal);
  await first.engine.close();
  const open = (workflow: Workflow) => createEngine({ w: workflow }, { journal, clock: first.clock });
  const changed = await open(named("new"));
  const found = await hints({ engine: changed, clock: first.clock });
  expect(ids(found)).toEqual(["version-mismatch"]);
  expect(causeOf(found, "version-mismatch")).toContain("no place for 1 piece of its work, in old.");
  await changed.close();
  expect(ids(await hints({ engine: await open(named("old")), clock: first.clock }))).toEqual([]);
});

/** Four pages, each of which fails so often. */
const flaky = (failures: number) =>
  defineWorkflow("w", { timeout: null })
    .step("split", { accepts: StartEvent, emits: Page }, (_event, ctx) => {
      for (let n = 0; n < 4; n++) ctx.sendEvent(Page(n));
    })
    .step(
      "fetch",
      {
        accepts: Page,
        emits: [StopEvent],
        retryPolicy: constantDelay({ delay: 500, maximumAttempts: Number.POSITIVE_INFINITY }),
      },
      async (_event, ctx) => {
        if (ctx.retryInfo().attempt < failures) throw new Error("429");
        return never();
      },
    );

test("a storm of retries", async () => {
  const run = await start(flaky(1_000_000));
  await run.clock.advance(90_000);
  const found = await hints(run);
  expect(ids(found)).toEqual(["retry-storm"]);
  expect(causeOf(found, "retry-storm")).toMatch(/fetch failed \d+ times and succeeded 0 times; 4\d\d attempts failed/);
  const calm = await start(flaky(3));
  await calm.clock.advance(90_000);
  expect(ids(await hints(calm))).toEqual([]);
});

test("a queue behind slots that are held", async () => {
  const starving = defineWorkflow("w", { timeout: null })
    .step("split", { accepts: StartEvent, emits: Page }, (_event, ctx) => {
      for (let n = 0; n < 100; n++) ctx.sendEvent(Page(n));
    })
    .step("fetch", { accepts: Page, emits: StopEvent, numWorkers: 2 }, never);
  const run = await start(starving);
  await run.clock.advance(1_000);
  expect(ids(await hints(run))).toEqual([]);
  await run.clock.advance(60_000);
  const found = await hints(run);
  expect(ids(found)).toEqual(["slot-starvation"]);
  expect(causeOf(found, "slot-starvation")).toBe(
    "98 work items wait for the 2 slots of fetch, held by Page #2 and Page #3 for up to 1 min 1 s.",
  );
});

test("a run that used up its time", async () => {
  const slow = defineWorkflow("w", { timeout: 1_000 }).step("work", { accepts: StartEvent, emits: StopEvent }, never);
  const run = await start(slow);
  expect(ids(await hints(run))).toEqual([]);
  await run.clock.advance(2_000);
  const found = await hints(run);
  expect(ids(found)).toEqual(["timeout"]);
  expect(causeOf(found, "timeout")).toContain("while there was work in work.");
});

test("a list that can never be complete", async () => {
  const lists = (items: number) =>
    defineWorkflow("w", { timeout: null })
      .step("split", { accepts: StartEvent, emits: listOf(Page) }, () =>
        Array.from({ length: items }, (_, n) => Page(n)),
      )
      .step("pair", { accepts: allOf(Page, Page), emits: Done }, ([a]) => Done(a.data))
      .step("join", { accepts: listOf(Done), emits: StopEvent }, () => StopEvent());
  const found = await hints(await start(lists(3)));
  expect(ids(found)).toEqual(["stuck-stream"]);
  expect(causeOf(found, "stuck-stream")).toBe(
    "1 of the list that split returned wait in pair, for events that nothing makes any more.",
  );
  expect(ids(await hints(await start(lists(4))))).toEqual([]);
});

test.each(HINT_IDS)("%s has a page in the guide", (id) => {
  expect(existsSync(new URL(`../../inspector/guide/${HINT_GUIDES[id]}.md`, import.meta.url))).toBe(true);
});
