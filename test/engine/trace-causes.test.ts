import { constantDelay, defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import type { CauseNode } from "../../src/inspection/tick-questions.ts";
import { Answer, Question } from "./fixtures.ts";

const Page = defineEvent("Page");

/** Two pages through one slot; the second fails once, then somebody is asked. */
const workflow = defineWorkflow("w", { timeout: null })
  .step("split", { accepts: StartEvent, emits: Page }, (_event, ctx) => {
    ctx.sendEvent(Page("a"));
    ctx.sendEvent(Page("b"));
  })
  .step(
    "fetch",
    { accepts: Page, emits: StopEvent, waitsFor: Answer, numWorkers: 1, retryPolicy: constantDelay({ delay: 1000 }) },
    async ({ data }, ctx) => {
      if (data === "a") return undefined;
      if (ctx.retryInfo().attempt === 0) throw new Error("429");
      return StopEvent((await ctx.waitForEvent(Answer, { waiterEvent: Question("?"), timeout: null })).data);
    },
  );

async function finished() {
  const clock = new SimulatedClock();
  const engine = await createEngine({ w: workflow }, { journal: new MemoryJournal(), clock });
  await engine.start("w", null, { runId: "r" });
  await settle();
  await clock.advance(2000);
  await engine.sendEvent("r", Answer("yes"));
  await engine.result("r");
  await settle();
  const { ticks } = await engine.readTicks("r", { from: 1, limit: 100 });
  return { engine, ticks };
}

const say = (nodes: readonly CauseNode[]): string[] =>
  nodes.map(({ tick, cause }) => `${tick.sequence} ${tick.kind} ${tick.step ?? ""} ${tick.outcome ?? ""} < ${cause}`);

test("back to what came from outside: through the failure that set a timer, not through who freed the slot", async () => {
  const { engine, ticks } = await finished();
  const waits = ticks.find(({ outcome }) => outcome === "waiting");
  const { ancestors, isWhole } = await engine.causes("r", waits?.sequence ?? 0);
  expect(say(ancestors)).toEqual([
    "1 StartRun   < external",
    "2 StepResult split returned < 1",
    "4 StepResult fetch failed < 2",
    "5 Wakeup   < 4",
  ]);
  expect(isWhole).toBe(true);
  expect(ticks[3]?.causedBy).toBe(3);
  expect(ticks[3]?.broughtBy).toBe(2);
});

test("forward to all that came of it, and of that", async () => {
  const { engine, ticks } = await finished();
  const { descendants, searchedTo } = await engine.causes("r", 2);
  expect(say(descendants)).toEqual([
    "3 StepResult fetch returned < 2",
    "4 StepResult fetch failed < 2",
    "5 Wakeup   < 4",
    "6 StepResult fetch waiting < 5",
  ]);
  expect(searchedTo).toBe(ticks.length);
  expect(say((await engine.causes("r", 7)).descendants)).toEqual(["8 StepResult fetch returned < 7"]);
});

test("what comes of very much is cut, and says so", async () => {
  const wide = defineWorkflow("w")
    .step("split", { accepts: StartEvent, emits: Page }, (_event, ctx) => {
      for (let n = 0; n < 500; n++) ctx.sendEvent(Page(n));
    })
    .step("fetch", { accepts: Page, emits: StopEvent }, ({ data }) => (data === 499 ? StopEvent(null) : undefined));
  const engine = await createEngine({ w: wide }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  await engine.start("w", null, { runId: "r" });
  await engine.result("r");
  await settle();
  const { descendants, searchedTo, lastSequence } = await engine.causes("r", 1);
  expect(descendants).toHaveLength(200);
  expect(searchedTo).toBe(descendants.at(-1)?.tick.sequence);
  expect(searchedTo).toBeLessThan(lastSequence);
});
