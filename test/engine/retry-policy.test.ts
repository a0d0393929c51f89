/** Composed retry policies, through a run: how many attempts, and when. */
import {
  defineEvent,
  defineWorkflow,
  resume,
  retryIfErrorType,
  retryPolicy,
  run,
  StartEvent,
  stopAfterAttempt,
  stopAfterDelay,
  stopBeforeDelay,
  StopEvent,
  stopNever,
  waitChain,
  waitFixed,
  waitFullJitter,
  waitNone,
  waitRetryAfter,
  type RetryAttempt,
  type RetryPolicy,
} from "tickwork";
import { MemoryJournal, runToEnd, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { failureOf, simulated, single, throughJson } from "./fixtures.ts";

/** A step that fails so many times, with these errors in turn, and when each attempt came. */
function failing(times: number, policy: RetryPolicy, errors: (at: number) => unknown = () => new Error("x")) {
  const { clock, runtime } = simulated();
  const began = clock.now();
  const at: number[] = [];
  const workflow = single(
    () => {
      at.push(clock.now() - began);
      // eslint-disable-next-line typescript/prefer-promise-reject-errors
      return at.length <= times ? Promise.reject(errors(clock.now())) : at.length;
    },
    { timeout: null },
    { retryPolicy: policy },
  );
  return { clock, runtime, at, workflow, start: (runId = "r") => run(workflow, null, { runtime, runId }) };
}

/** When the attempts of a policy come, for a step that always fails. */
async function timesOf(policy: RetryPolicy, errors?: (at: number) => unknown): Promise<number[]> {
  const { clock, at, start } = failing(99, policy, errors);
  const handler = start();
  await clock.advance(600_000);
  expect(handler.status).toBe("failed");
  return at;
}

test("the default is 3 attempts, 5 s apart, for any error", async () => {
  expect(await timesOf(retryPolicy())).toEqual([0, 5_000, 10_000]);
  expect(await timesOf(retryPolicy(), () => undefined)).toEqual([0, 5_000, 10_000]);
});

test("a delay is waited, to the millisecond", async () => {
  const { clock, at, start } = failing(1, retryPolicy({ wait: waitFixed(200) }));
  start();
  await clock.advance(199);
  expect(at).toEqual([0]);
  await clock.advance(1);
  expect(at).toEqual([0, 200]);
});

test("a limit of 3 is exactly 3 attempts, and the last error is the run's", async () => {
  let count = 0;
  const policy = retryPolicy({ wait: waitFixed(10), stop: stopAfterAttempt(3) });
  const { clock, at, start } = failing(99, policy, () => new Error(`attempt ${(count += 1)}`));
  const handler = start();
  await clock.advance(1_000);
  expect(at).toHaveLength(3);
  expect(await failureOf(handler)).toMatchObject({ message: "attempt 3" });
});

test("the policy is told failures 1, 2, 3, a growing elapsed time, and when each came", async () => {
  const seen: Pick<RetryAttempt, "failures" | "elapsed" | "at">[] = [];
  const wait = {
    description: "",
    delay: ({ failures, elapsed, at }: RetryAttempt) => (seen.push({ failures, elapsed, at }), 100),
  };
  await timesOf(retryPolicy({ wait }));
  const began = new SimulatedClock().now();
  expect(seen).toEqual(
    [1, 2, 3].map((failures) => ({ failures, elapsed: failures * 100 - 100, at: began + failures * 100 - 100 })),
  );
});

test("no delay means at once, without a timer", async () => {
  const { clock, at, start } = failing(2, retryPolicy({ wait: waitNone() }));
  const handler = start();
  expect(await handler.result()).toBe(3);
  expect(at).toEqual([0, 0, 0]);
  expect(clock.pending).toBe(0);
});

test("the n-th failure gets the n-th wait, the last one again and again", async () => {
  const wait = waitChain(waitFixed(100), waitFixed(300), waitFixed(50));
  expect(await timesOf(retryPolicy({ wait, stop: stopAfterAttempt(6) }))).toEqual([0, 100, 400, 450, 500, 550]);
});

test("two retries due at the same instant both run", async () => {
  const { clock, runtime } = simulated();
  const Part = defineEvent("Part");
  const done: unknown[] = [];
  const workflow = defineWorkflow("w")
    .step("split", { accepts: StartEvent, emits: Part }, (_event, ctx) => {
      ctx.sendEvent(Part(1));
      ctx.sendEvent(Part(2));
    })
    .step(
      "part",
      { accepts: Part, emits: StopEvent, retryPolicy: retryPolicy({ wait: waitFixed(500) }) },
      (event, ctx) => {
        if (ctx.retryInfo().attempt === 0) throw new Error("x");
        done.push(event.data);
        return done.length === 2 ? StopEvent() : undefined;
      },
    );
  const handler = run(workflow, null, { runtime });
  await clock.advance(500);
  await handler.result();
  expect(done).toEqual([1, 2]);
});

test("stopBeforeDelay does not begin what would come too late: waits of 0.2 s within 0.6 s are 3 attempts", async () => {
  expect(await timesOf(retryPolicy({ wait: waitFixed(200), stop: stopBeforeDelay(600) }))).toEqual([0, 200, 400]);
});

test("stopAfterDelay lets the last delay go beyond its time", async () => {
  expect(await timesOf(retryPolicy({ wait: waitFixed(200), stop: stopAfterDelay(500) }))).toEqual([0, 200, 400, 600]);
});

test("an error that is not to be retried fails on the first attempt", async () => {
  const policy = retryPolicy({ retry: retryIfErrorType(TypeError), wait: waitFixed(10) });
  expect(await timesOf(policy, () => new RangeError("x"))).toEqual([0]);
  expect(await timesOf(policy, () => new TypeError("x"))).toEqual([0, 10, 20]);
});

test("each failure is judged anew: a retryable error may be followed by one that is not", async () => {
  const errors = [new TypeError("busy"), new RangeError("gone")];
  const { clock, at, start } = failing(
    99,
    retryPolicy({ retry: retryIfErrorType(TypeError), wait: waitFixed(10) }),
    () => errors.shift(),
  );
  const handler = start();
  await clock.advance(100);
  expect(await failureOf(handler)).toMatchObject({ message: "gone" });
  expect(at).toEqual([0, 10]);
});

test("a service's Retry-After is waited, counted from the failure", async () => {
  const answers = ["3", (now: number) => new Date(now + 20_000).toUTCString(), undefined];
  const policy = retryPolicy({ wait: waitRetryAfter(waitFixed(7)), stop: stopAfterAttempt(4) });
  const times = await timesOf(policy, (now) => {
    const answer = answers.shift();
    const value = typeof answer === "function" ? answer(now) : answer;
    return Object.assign(new Error("429"), {
      response: { headers: new Headers(value === undefined ? {} : { "retry-after": value }) },
    });
  });
  expect(times).toEqual([0, 3_000, 23_000, 23_007]);
});

test("jitter is the same for the same run, and another for another", async () => {
  const policy = retryPolicy({ wait: waitFullJitter(), stop: stopAfterAttempt(5) });
  const times = async (runId: string) => {
    const { clock, at, start } = failing(4, policy);
    start(runId);
    await clock.advance(100_000);
    return at;
  };
  const first = await times("one");
  expect(await times("one")).toEqual(first);
  expect(await times("two")).not.toEqual(first);
});

test("a snapshot within the delay keeps the time of the retry, and another one agrees", async () => {
  const { clock, runtime, at, workflow, start } = failing(1, retryPolicy({ wait: waitFixed(1_000) }));
  const handler = start();
  await clock.advance(300);
  const first = throughJson(await handler.snapshot());
  await clock.advance(300);
  const second = throughJson(await handler.snapshot());
  expect(second.delayed.map(({ due }) => due)).toEqual(first.delayed.map(({ due }) => due));
  expect(first.delayed).toHaveLength(1);
  await handler.cancelRun();
  resume(workflow, first, { runtime });
  await clock.advance(399);
  expect(at).toEqual([0]);
  await clock.advance(1);
  expect(at).toEqual([0, 1_000]);
});

test("a retry that fell due while the run was away comes at once, and once", async () => {
  const { clock, runtime, at, workflow, start } = failing(1, retryPolicy({ wait: waitFixed(1_000) }));
  const handler = start();
  await clock.advance(300);
  const saved = throughJson(await handler.snapshot());
  await handler.cancelRun();
  clock.jumpTo(clock.now() + 3_600_000);
  const later = resume(workflow, saved, { runtime });
  await settle();
  expect(await later.result()).toBe(2);
  expect(at).toEqual([0, 3_600_300]);
});

test("a resumed run goes on counting attempts and elapsed time", async () => {
  const policy = retryPolicy({ wait: waitFixed(1_000), stop: stopBeforeDelay(2_500) });
  const { clock, runtime, at, workflow, start } = failing(99, policy);
  const handler = start();
  await clock.advance(500);
  const saved = throughJson(await handler.snapshot());
  await handler.cancelRun();
  const later = resume(workflow, saved, { runtime });
  await clock.advance(10_000);
  expect(later.status).toBe("failed");
  expect(at).toEqual([0, 1_000, 2_000]);
});

test("the verdicts are in the history, and reading it asks no policy", async () => {
  let asked = 0;
  const wait = { description: "", delay: () => ((asked += 1), 250) };
  const workflow = single(() => Promise.reject(new Error("x")), {}, { retryPolicy: retryPolicy({ wait }) });
  const { ticks } = await runToEnd(workflow, null, { journal: new MemoryJournal() });
  const verdicts = ticks.flatMap((tick) =>
    tick.kind === "StepResult" && tick.outcome.kind === "failed" ? [tick.outcome.verdict] : [],
  );
  expect(verdicts).toEqual([{ retry: true, delay: 250 }, { retry: true, delay: 250 }, { retry: false }]);
  expect(asked).toBe(3);
});

test("never stopping is cut off by the run's own limit", async () => {
  const { clock, runtime } = simulated();
  let count = 0;
  const policy = retryPolicy({ wait: waitFixed(1_000), stop: stopNever() });
  const workflow = single(
    () => ((count += 1), Promise.reject(new Error("x"))),
    { timeout: 10_500 },
    { retryPolicy: policy },
  );
  const handler = run(workflow, null, { runtime });
  await clock.advance(60_000);
  expect(handler.status).toBe("timedOut");
  expect(count).toBe(11);
});

test("a part that throws does not hide the step's error, and the log says so", async () => {
  const retry = { description: "", isRetryable: () => JSON.parse("{") };
  const workflow = single(() => Promise.reject(new Error("mine")), {}, { retryPolicy: retryPolicy({ retry }) });
  const { error, ticks } = await runToEnd(workflow, null, { journal: new MemoryJournal() });
  expect(error).toMatchObject({ message: "mine" });
  expect(JSON.stringify(ticks)).toContain("The retry policy threw");
});
