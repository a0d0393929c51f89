/** What the inspector says of a run that is held, and what it asks for: without React, with a real engine. */
import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import type { GraphStatus, RunHold, RunSummary } from "tickwork/client";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { announceNews } from "../../inspector/store/announcer.ts";
import {
  canDebug,
  hasBreakpoint,
  heldSentence,
  limitSentence,
  openHold,
  showsDebugging,
} from "../../inspector/store/debugging.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { initialState } from "../../inspector/store/inspector-state.ts";
import { whyItemWaits, whyStepWaits } from "../../inspector/store/why-waiting.ts";
import { Answer, gate } from "../engine/fixtures.ts";

const Next = defineEvent("Next");
const asking = () =>
  defineWorkflow("asking", { timeout: null })
    .step("ask", { accepts: StartEvent, emits: Next, waitsFor: Answer }, async (_event, ctx) => {
      await ctx.waitForEvent(Answer);
      return Next();
    })
    .step("end", { accepts: Next, emits: StopEvent }, () => StopEvent("done"));

const hold = (change: Partial<RunHold>): RunHold => ({
  isPaused: false,
  breakpoints: [],
  since: null,
  steps: [],
  isTimerDue: false,
  ...change,
});

/** An inspector that follows a run which waits for an answer. */
async function open() {
  const engine = await createEngine(
    { asking: asking() },
    { journal: new MemoryJournal(), clock: new SimulatedClock() },
  );
  await engine.start("asking", null, { runId: "r" });
  await settle();
  const scheduler = { schedule: (work: () => void) => (queueMicrotask(work), () => undefined) };
  const model = createInspectorModel(engine, { scheduler });
  const stop = model.start();
  model.navigation.openRun("r");
  const until = (holds: () => boolean): Promise<void> => {
    const reached = gate();
    const look = (): void => void (holds() && reached.open());
    model.store.subscribe(look);
    look();
    return reached.promise;
  };
  await until(() => model.store.getState().view !== null && canDebug(model.store.getState()));
  return { engine, model, stop, until, state: () => model.store.getState() };
}

test("a sentence says what waits, and where", () => {
  const held = (count: number, step = "fetch") => ({ step, count, workItems: [] });
  expect(heldSentence(hold({ steps: [held(3)] }))).toBe("3 work items wait before fetch.");
  expect(heldSentence(hold({ isPaused: true, steps: [held(1), held(2, "end")], isTimerDue: true }))).toBe(
    "1 work item waits before fetch, 2 work items wait before end and a timer is due.",
  );
  expect(heldSentence(hold({ isPaused: true }))).toBe("Nothing begins until you continue.");
  expect(heldSentence(hold({ breakpoints: [{ step: "fetch" }] }))).toBeNull();
});

test("of its time limit something is said only of a run that has one", () => {
  expect(limitSentence(hold({}), 1_000)).toBeNull();
  expect(limitSentence(hold({ deadline: 91_000 }), 1_000)).toBe("Its time limit goes on: it ends in 1 min.");
  expect(limitSentence(hold({ deadline: 1_000 }), 1_000)).toBe("Its time limit is over.");
});

test("nothing of it is shown, and no breakpoint is set, until it is asked for", async () => {
  const { engine, model, stop, state } = await open();
  expect(showsDebugging(state())).toBe(false);
  await model.debugging.toggleBreakpoint("end");
  expect((await engine.listRuns()).runs[0]).not.toHaveProperty("held");
  await model.debugging.turn(true);
  expect(showsDebugging(state())).toBe(true);
  stop();
});

test("a breakpoint is set, holds, and is taken away; then the run ends as any other", async () => {
  const { engine, model, stop, until, state } = await open();
  await model.debugging.turn(true);
  await model.debugging.toggleBreakpoint("end");
  await until(() => hasBreakpoint(openHold(state()), "end"));
  await engine.sendEvent("r", Answer());
  await until(() => state().graph?.steps["end"]?.held === 1);
  expect(openHold(state())?.steps).toMatchObject([{ step: "end", count: 1 }]);
  await model.debugging.toggleBreakpoint("end");
  expect(await engine.result("r")).toBe("done");
  await until(() => state().runs["r"]?.held === undefined);
  expect(canDebug(state())).toBe(false);
  stop();
});

test("in the past there is nothing to hold", async () => {
  const { model, stop, until, state } = await open();
  await model.debugging.turn(true);
  await model.debugging.pause();
  await until(() => openHold(state()) !== null);
  model.navigation.setPosition(1);
  expect([openHold(state()), canDebug(state()), showsDebugging(state())]).toEqual([null, false, false]);
  stop();
});

test.each(["closing the inspector", "turning it off"])("%s lets the run go on", async (way) => {
  const { engine, model, stop, until, state } = await open();
  await model.debugging.turn(true);
  await model.debugging.toggleBreakpoint("end");
  await model.debugging.pause();
  await until(() => openHold(state())?.isPaused === true);
  await engine.sendEvent("r", Answer());
  if (way === "closing the inspector") stop();
  else await model.debugging.turn(false);
  expect(await engine.result("r")).toBe("done");
  stop();
});

test("it says why a step and a work item wait, and speaks of it once", () => {
  const run = { runId: "r", workflow: "w", status: "running", waiting: 0, waitingFor: [] } as unknown as RunSummary;
  const steps = [{ step: "fetch", count: 3, workItems: [7] }];
  const held = { ...run, held: hold({ breakpoints: [{ step: "fetch" }], steps }) };
  const status = { step: "fetch", slots: 4, busy: 3, held: 3, queued: 0, delayed: 0, waiting: 0 };
  const graph = { status: "running", steps: { fetch: status } } as unknown as GraphStatus;
  const input = { graph, view: null, run: held, description: null, moment: 0 };
  expect(whyStepWaits(input, graph.steps["fetch"]!).flat()).toEqual([
    "3 work items are held at the breakpoint before fetch.",
  ]);
  const item = { workItem: 7, step: "fetch", state: "running", eventType: "Page", attempt: 1, since: 0, causedBy: 1 };
  expect(whyItemWaits(input, { ...item, state: "running", isHeld: true }).flat()).toEqual([
    "Held at the breakpoint before fetch. Continue or Step lets it begin.",
  ]);
  const before = { ...initialState(0), runs: { r: run } };
  const after = { ...before, runs: { r: held } };
  const news = { runs: [held], deletedRuns: [] };
  expect(announceNews(before, after, news)).toBe("Held: 3 work items wait before fetch.");
  expect(announceNews(after, after, news)).toBeNull();
});
