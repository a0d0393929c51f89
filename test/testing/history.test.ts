import { constantDelay, defineEvent, defineWorkflow, StartEvent, StopEvent, type Tick } from "tickwork";
import {
  attemptsOf,
  eventsPublished,
  expectNoRepeatedWork,
  MemoryJournal,
  repeatedWork,
  runToEnd,
  stepsRun,
} from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, Question } from "../engine/fixtures.ts";

const A = defineEvent<"A">("A");
const B = defineEvent<"B">("B");

const workflow = defineWorkflow("w")
  .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => {
    ctx.sendEvent(A(1));
    ctx.sendEvent(A(2));
  })
  .step(
    "work",
    { accepts: A, emits: B, numWorkers: 1, retryPolicy: constantDelay({ delay: 10 }) },
    async (event, ctx) => {
      if (event.data === 1 && ctx.retryInfo().attempt === 0) throw new Error("once");
      await ctx.waitForEvent(Answer, { waiterEvent: Question(event.data), timeout: null });
      return B(event.data);
    },
  )
  .step("end", { accepts: B, emits: StopEvent }, (event, ctx) => {
    ctx.writeEventToStream(B("seen"));
    return ctx.collectEvents(event, [B, B]) ? StopEvent("done") : undefined;
  });

const play = () =>
  runToEnd(workflow, null, {
    journal: new MemoryJournal(),
    answer: (event) => (event.type === "Question" ? Answer() : undefined),
  });

describe("a history", () => {
  test("says which steps returned, in order", async () => {
    const { ticks } = await play();
    expect(stepsRun(ticks).toSorted()).toEqual(["end", "end", "split", "work", "work"]);
    expect(stepsRun(ticks)[0]).toBe("split");
  });

  test("says how the attempts at each piece of work ended", async () => {
    const { ticks } = await play();
    expect(
      attemptsOf(ticks, "work")
        .map(({ outcomes }) => outcomes)
        .toSorted((a, b) => b.length - a.length),
    ).toEqual([
      ["failed", "waiting", "returned"],
      ["waiting", "returned"],
    ]);
    expect(attemptsOf(ticks).map(({ step }) => step)).toContain("end");
    expect(attemptsOf(ticks, "nope")).toEqual([]);
  });

  test("says what was published, as the stream gave it", async () => {
    const { ticks, events } = await play();
    expect(eventsPublished(ticks, workflow)).toEqual(events.map(({ type, data }) => ({ type, data })));
    expect(events).toHaveLength(5);
  });

  test("of a run as it should be has no repeated work", async () => {
    const { ticks } = await play();
    expect(repeatedWork(ticks)).toEqual([]);
    expectNoRepeatedWork(ticks);
  });

  test("in which finished work was done again is refused, and the work named", async () => {
    const { ticks } = await play();
    const done = ticks.find((tick) => tick.kind === "StepResult" && tick.step === "split");
    const again = { ...done, sequence: 99 } as Tick;
    expect(() => expectNoRepeatedWork([...ticks, again])).toThrow(/Step split .* again \(tick 99\), .* at tick 2/);
  });
});
