import { defineWorkflow, EngineUnavailableError, humanResponseEvent, StartEvent, StopEvent } from "tickwork";
import type { OpenWaiter } from "tickwork/client";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import type { InboxPhase } from "../../inspector/store/inbox.ts";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import { createManualScheduler } from "./fixtures/manual-scheduler.ts";

const Answer = humanResponseEvent("Answer", z.object({ yes: z.boolean() }));
const asking = (timeout: number | null) =>
  defineWorkflow("asking", { timeout: null }).step(
    "ask",
    { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
    async (_event, ctx) => StopEvent((await ctx.waitForEvent(Answer, { timeout })).data),
  );

/** Two runs that ask, and an inspector on their engine. */
async function setUp(timeout: number | null = null) {
  const clock = new SimulatedClock();
  const engine = await createEngine({ asking: asking(timeout) }, { clock, journal: new MemoryJournal() });
  const scheduler = createManualScheduler();
  await engine.startRun("asking", null, { runId: "a" });
  await settle();
  await clock.advance(1);
  await engine.startRun("asking", null, { runId: "b" });
  await settle();
  const model = createInspectorModel(engine, { scheduler, now: () => clock.now(), inboxInterval: 0 });
  const stop = model.start();
  const phases = () =>
    model.store.getState().inbox.items.map(({ runId, phase }): [string, InboxPhase] => [runId, phase]);
  /** Once the news of what happened was looked at. */
  const look = (expected: readonly (readonly [string, InboxPhase])[]) =>
    vi.waitFor(() => {
      scheduler.frame();
      expect(phases()).toEqual(expected);
    });
  await look([["a", "open"], ["b", "open"]]); // prettier-ignore
  const asked = (runId: string): OpenWaiter => {
    const item = model.store.getState().inbox.items.find((each) => each.runId === runId);
    if (item === undefined) throw new Error(`nothing waits in ${runId}`);
    return item;
  };
  return { clock, engine, model, stop, phases, look, asked };
}

test("what waits is loaded, and leaves when it is answered here", async () => {
  const { engine, model, stop, phases, look, asked } = await setUp();
  expect(phases()).toEqual([["a", "open"], ["b", "open"]]); // prettier-ignore
  await model.inbox.answer(asked("a"), { yes: true });
  expect(model.store.getState().announcement).toBe("Answer sent. 1 question left.");
  await look([["b", "open"]]);
  expect(await engine.result("a")).toEqual({ yes: true });
  stop();
});

test("what somebody else answers, what is cancelled and what is deleted stays in sight and says so", async () => {
  const { engine, model, stop, phases, look } = await setUp();
  await engine.sendEvent("a", Answer({ yes: false }));
  await engine.cancelRun("b");
  await look([["a", "answered"], ["b", "ended"]]); // prettier-ignore
  model.inbox.dismiss(["a:1"]);
  expect(phases()).toEqual([["b", "ended"]]);
  stop();
});

test("what ran out of time says so, and what was answered just before it does not", async () => {
  const { clock, engine, stop, look } = await setUp(1_000);
  await engine.sendEvent("a", Answer({ yes: true }));
  await clock.advance(5_000);
  await look([["a", "answered"], ["b", "expired"]]); // prettier-ignore
  stop();
});

test("a second answer to the same question is refused, and what became of it is shown", async () => {
  const { engine, model, stop, phases, asked } = await setUp();
  const question = asked("a");
  await engine.sendEvent("a", Answer({ yes: false }));
  await settle();
  await expect(model.inbox.answer(question, { yes: true })).rejects.toMatchObject({ code: "RUN_ENDED" });
  expect(phases()[0]).toEqual(["a", "answered"]);
  stop();
});

test("data that does not fit is refused, and the question stays open", async () => {
  const { model, stop, phases, asked } = await setUp();
  await expect(model.inbox.answer(asked("a"), { yes: "maybe" })).rejects.toMatchObject({
    code: "EVENT_INVALID",
    data: { issues: [{ path: "yes" }] },
  });
  expect(phases()[0]).toEqual(["a", "open"]);
  stop();
});

/** The reply of the next sendEvent is lost; `arrives`: the event was taken before. */
function loseReply(engine: Awaited<ReturnType<typeof setUp>>["engine"], arrives: boolean) {
  const send = engine.sendEvent.bind(engine);
  return vi.spyOn(engine, "sendEvent").mockImplementationOnce(async (...given) => {
    if (arrives) await send(...given);
    throw new EngineUnavailableError("It died.", { code: "ENGINE_RESTARTING" });
  });
}

test("an engine that died after it took the answer has taken it: it is not sent again", async () => {
  const { engine, model, stop, asked } = await setUp();
  const sent = loseReply(engine, true);
  await model.inbox.answer(asked("a"), { yes: true });
  expect(sent).toHaveBeenCalledTimes(1);
  expect(await engine.result("a")).toEqual({ yes: true });
  stop();
});

test("an engine that died before it took the answer: that is said, and it can be sent", async () => {
  const { engine, model, stop, phases, asked } = await setUp();
  loseReply(engine, false);
  const lost = model.inbox.answer(asked("a"), { yes: true });
  await expect(lost).rejects.toMatchObject({ message: expect.stringContaining("Nothing was sent") });
  expect(phases()[0]).toEqual(["a", "open"]);
  await model.inbox.answer(asked("a"), { yes: true });
  expect(await engine.result("a")).toEqual({ yes: true });
  stop();
});

test("an engine that died, and somebody else answered: ours was not taken", async () => {
  const { engine, model, stop, phases, asked } = await setUp();
  const question = asked("a");
  vi.spyOn(engine, "sendEvent").mockImplementationOnce(async () => {
    await engine.sendEvent("a", Answer({ yes: false }));
    throw new EngineUnavailableError("It died.", { code: "ENGINE_RESTARTING" });
  });
  await expect(model.inbox.answer(question, { yes: true })).rejects.toMatchObject({ code: "WAITER_GONE" });
  expect(phases()[0]).toEqual(["a", "answered"]);
  stop();
});
