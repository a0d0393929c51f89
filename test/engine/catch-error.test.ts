import { describe, expect, test } from "vitest";
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  listOf,
  run,
  startEvent,
  stopEvent,
  WorkflowFailedEvent,
  type StepFailure,
} from "tickwork";
import { settle, SimulatedClock } from "tickwork/testing";

const Start = startEvent<"Start">("Start");
const Next = defineEvent<"Next">("Next");
const Again = defineEvent<"Again">("Again");
const Stop = stopEvent<"Stop">("Stop");
const fail = (message = "broken"): never => {
  throw new Error(message);
};

describe("catchError", () => {
  test("gets the failure after the last attempt and may end the run well (179)", async () => {
    const clock = new SimulatedClock();
    let failure: StepFailure | undefined;
    const workflow = defineWorkflow("caught")
      .step(
        "work",
        { accepts: Start, emits: Stop, retryPolicy: constantDelay({ maximumAttempts: 3, delay: 50 }) },
        () => fail(),
      )
      .catchError("rescue", { emits: Stop }, (told) => {
        failure = told;
        return Stop("rescued");
      });
    const began = clock.now();
    const handler = run(workflow, "input", { runtime: { clock, journal: null } });
    const types: string[] = [];
    const reading = (async () => {
      for await (const { type } of handler.streamEvents()) types.push(type);
    })();
    await clock.advance(200);
    await reading;
    expect(await handler.result()).toBe("rescued");
    expect(types).toEqual(["Stop"]);
    expect(failure).toMatchObject({
      step: "work",
      input: { type: "Start", data: "input" },
      attempts: 3,
      elapsed: 100,
      failedAt: began + 100,
    });
    expect(failure?.error).toBeInstanceOf(Error);
    expect(failure?.error.message).toBe("broken");
  });

  test("is not asked when a retry succeeds (180)", async () => {
    let attempts = 0;
    let asked = 0;
    const workflow = defineWorkflow("retried")
      .step("work", { accepts: Start, emits: Stop, retryPolicy: constantDelay({ delay: 0 }) }, () =>
        attempts++ === 0 ? fail() : Stop("fine"),
      )
      .catchError("rescue", { emits: Stop }, () => {
        asked += 1;
        return Stop();
      });
    expect(await run(workflow).result()).toBe("fine");
    expect(asked).toBe(0);
  });

  test("that throws itself ends the run with its own error and name (181)", async () => {
    const workflow = defineWorkflow("thrown")
      .step("work", { accepts: Start, emits: [Stop, Next] }, () => fail("first"))
      .step("more", { accepts: Next, emits: Stop, skipGraphChecks: ["reachability"] }, () => Stop())
      .catchError("rescue", { emits: Stop }, () => fail("second"))
      .catchError("other", { forSteps: ["work"], emits: Stop }, () => fail("third"));
    const handler = run(workflow);
    let last: unknown;
    for await (const event of handler.streamEvents()) last = event;
    await expect(handler.result()).rejects.toThrow("third");
    expect(WorkflowFailedEvent.is(last)).toBe(true);
    expect(last).toMatchObject({ data: { step: "other" } });
  });

  test("for named steps catches only theirs, and comes before the one for all (182)", async () => {
    const by = (failing: "a" | "b") =>
      run(
        defineWorkflow("scoped")
          .step("a", { accepts: Start, emits: Next }, () => (failing === "a" ? fail() : Next()))
          .step("b", { accepts: Next, emits: Stop }, () => fail())
          .catchError("for-a", { forSteps: ["a"], emits: Stop }, () => Stop("for-a"))
          .catchError("for-all", { emits: Stop }, () => Stop("for-all")),
      ).result();
    expect(await by("a")).toBe("for-a");
    expect(await by("b")).toBe("for-all");
  });

  const looping = (maxRecoveries: number) =>
    defineWorkflow("looping")
      .step("begin", { accepts: Start, emits: Next }, () => Next(0))
      .step("work", { accepts: [Next, Again], emits: Stop }, (): never => fail())
      .catchError("rescue", { emits: Again, maxRecoveries }, ({ attempts }) => Again(attempts));

  test("steps in as often as it may in one line of events, then the run fails (183)", async () => {
    for (const [maxRecoveries, caught] of [
      [1, 1],
      [2, 2],
    ] as const) {
      let asked = 0;
      const workflow = defineWorkflow("budget")
        .step("work", { accepts: [Start, Again], emits: Stop }, (): never => fail())
        .catchError("rescue", { emits: Again, maxRecoveries }, () => {
          asked += 1;
          return Again();
        });
      await expect(run(workflow).result()).rejects.toThrow("broken");
      expect(asked).toBe(caught);
    }
    await expect(run(looping(3)).result()).rejects.toThrow("broken");
  });

  test("sees the state the failed step wrote (184)", async () => {
    const workflow = defineWorkflow("state")
      .step("work", { accepts: Start, emits: Stop }, async (_event, ctx) => {
        await ctx.store.set("note", "written");
        return fail();
      })
      .catchError("rescue", { emits: Stop }, async (_failure, ctx) => Stop(await ctx.store.get("note")));
    expect(await run(workflow).result()).toBe("written");
  });

  test("puts a recovered member back into its list, and may return a list itself (131)", async () => {
    const workflow = defineWorkflow("member")
      .step("split", { accepts: Start, emits: listOf(Next) }, () => [1, 2, 3].map((n) => Next(n)))
      .step("work", { accepts: Next, emits: Again }, ({ data }) => (data === 2 ? fail() : Again(data)))
      .catchError("rescue", { forSteps: ["work"], emits: Again }, () => Again("recovered"))
      .step("join", { accepts: listOf(Again), emits: Stop }, (members) => Stop(members.map(({ data }) => data)));
    expect(await run(workflow).result()).toEqual([1, 3, "recovered"]);
  });

  test("is not asked about timeouts and cancels (180)", async () => {
    let asked = 0;
    const clock = new SimulatedClock();
    const workflow = defineWorkflow("slow", { timeout: 100 })
      .step("work", { accepts: Start, emits: Stop }, () => new Promise<never>(() => undefined))
      .catchError("rescue", { emits: Stop }, () => {
        asked += 1;
        return Stop();
      });
    const timedOut = run(workflow, null, { runtime: { clock, journal: null } });
    await clock.advance(100);
    await expect(timedOut.result()).rejects.toMatchObject({ name: "WorkflowTimeoutError" });
    const cancelled = run(workflow, null, { runtime: { clock, journal: null } });
    await settle();
    await cancelled.cancelRun();
    await expect(cancelled.result()).rejects.toMatchObject({ name: "WorkflowCancelledByUser" });
    expect(asked).toBe(0);
  });

  test("that cannot work is refused with all its mistakes (185)", () => {
    const base = defineWorkflow("wrong").step("a", { accepts: Start, emits: Stop }, () => Stop());
    expect(() => base.catchError("h", { emits: Stop, maxRecoveries: 0 }, () => Stop())).toThrow(/maxRecoveries/);
    const workflow = base
      .catchError("one", { emits: Stop }, () => Stop())
      .catchError("two", { emits: Stop }, () => Stop())
      .catchError("three", { forSteps: ["a", "nobody", "one"], emits: Stop }, () => Stop())
      .catchError("four", { forSteps: ["a"], emits: Stop }, () => Stop());
    expect(() => run(workflow)).toThrow(
      /one and two each catch[\s\S]*nobody, which is no step[\s\S]*error handler itself[\s\S]*three and four both catch/,
    );
  });
});
