import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  exponentialBackoff,
  run,
  StartEvent,
  StopEvent,
  WorkflowCancelledByUser,
  WorkflowRuntimeError,
  WorkflowTimeoutError,
  ContextStateError,
  type RetryInfo,
} from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { type Ctx, failureOf, gate, resultOf, simulated, single, stateOf } from "./fixtures.ts";

const A = defineEvent("A");
const B = defineEvent("B");
const thrownBy = (step: () => unknown) => failureOf(run(single(step)));

describe("ctx.sendEvent", () => {
  test("events arrive in the order of the calls, before what the step returns (G10)", async () => {
    const order: unknown[] = [];
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: A }, (_event, ctx) => {
        ctx.sendEvent(A(1));
        ctx.sendEvent(A(2));
        return A(3);
      })
      .step(
        "b",
        { accepts: A, emits: StopEvent, numWorkers: 1 },
        (event) => (order.push(event.data), event.data === 3 ? StopEvent() : undefined),
      );
    await run(workflow).result();
    expect(order).toEqual([1, 2, 3]);
  });

  const routed = (send: (ctx: Ctx) => void) =>
    defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: A }, (_event, ctx) => send(ctx as never))
      .step("b", { accepts: A, emits: StopEvent }, () => StopEvent("b"))
      .step("c", { accepts: A, emits: StopEvent }, () => StopEvent("c"));

  test("with a step reaches that one alone", async () => {
    expect(await run(routed((ctx) => ctx.sendEvent(A(), { step: "c" }))).result()).toBe("c");
  });

  test("to an unknown step throws at once", async () => {
    expect(await failureOf(run(routed((ctx) => ctx.sendEvent(A(), { step: "x" }))))).toMatchObject({
      code: "STEP_UNKNOWN",
    });
  });

  test("to a step that does not accept it throws at once, and the step may catch it", async () => {
    const workflow = routed((ctx) => {
      expect(() => ctx.sendEvent(A(), { step: "a" })).toThrow(WorkflowRuntimeError);
      ctx.sendEvent(A(), { step: "b" });
    });
    expect(await run(workflow).result()).toBe("b");
  });

  test("of a failed attempt does not happen", async () => {
    const { clock, runtime } = simulated();
    let received = 0;
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: [A, B], retryPolicy: constantDelay({ delay: 10 }) }, (_event, ctx) => {
        ctx.sendEvent(A());
        if (ctx.retryInfo().attempt < 2) throw new Error("x");
        return B();
      })
      .step("count", { accepts: A, emits: [], numWorkers: 1 }, () => void (received += 1))
      .step("end", { accepts: B, emits: StopEvent }, async () => (await settle(), StopEvent()));
    const handler = run(workflow, null, { runtime });
    await clock.advance(100);
    await handler.result();
    expect(received).toBe(1);
  });
});

describe("undeclared outputs", () => {
  test("returned fail the run and name step and event", async () => {
    const workflow = defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, () => A() as never);
    const error = await failureOf(run(workflow));
    expect(error).toBeInstanceOf(WorkflowRuntimeError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/Step a emitted A.*emits/s),
      data: { step: "a", event: "A" },
    });
  });

  test("sent fail the run even if the step swallows the error", async () => {
    const workflow = defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, (_event, ctx) => {
      try {
        ctx.sendEvent(A() as never);
      } catch {}
      return StopEvent();
    });
    expect(await failureOf(run(workflow))).toMatchObject({ code: "OUTPUT_UNDECLARED" });
  });

  test("sent fail the run even if the step waits afterwards", async () => {
    const error = await failureOf(
      run(
        single(async (ctx) => {
          try {
            ctx.sendEvent(A());
          } catch {}
          await ctx.waitForEvent(A);
        }),
      ),
    );
    expect(error).toMatchObject({ code: "OUTPUT_UNDECLARED" });
  });

  test("are not retried", async () => {
    let calls = 0;
    const workflow = defineWorkflow("w").step(
      "a",
      { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ delay: 0 }) },
      () => {
        calls += 1;
        return A() as never;
      },
    );
    await failureOf(run(workflow));
    expect(calls).toBe(1);
  });

  test.each([[5], ["text"], [{ a: 1 }], [() => 1], [Symbol("s")]])(
    "a return of %s, which is no event, fails the run and names the step",
    async (value) => {
      const workflow = defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, () => value as never);
      const error = await failureOf(run(workflow));
      expect(error).toBeInstanceOf(WorkflowRuntimeError);
      expect((error as Error).message).toMatch(/Step a .*no event/);
    },
  );

  test.each([[undefined], [null]])("a return of %s is nothing", async (value) => {
    const handler = run(
      defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, () => value as undefined),
    );
    await settle();
    expect(handler.status).toBe("idle");
  });
});

describe("a step that throws", () => {
  test("fails the run with the very error it threw, at once or later", async () => {
    const error = new RangeError("mine", { cause: new Error("deeper") });
    expect(await thrownBy(() => Promise.reject(error))).toBe(error);
    const atOnce = defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, () => {
      throw error;
    });
    expect(await failureOf(run(atOnce))).toBe(error);
  });

  test.each([["text"], [undefined], [null], [0], [Object.freeze({ code: 7 })]])(
    "fails the run when it throws %s",
    async (thrown) => {
      // eslint-disable-next-line typescript/prefer-promise-reject-errors
      expect(await thrownBy(() => Promise.reject(thrown))).toBe(thrown);
    },
  );

  test("fails the run when it throws a frozen error", async () => {
    const error = Object.freeze(new Error("cold"));
    expect(await thrownBy(() => Promise.reject(error))).toBe(error);
  });

  test("fails the run when its own abort is the error (G8)", async () => {
    const error = await thrownBy(() => Promise.reject(new DOMException("stopped", "AbortError")));
    expect(error).toMatchObject({ name: "AbortError", message: "stopped" });
  });

  test("frees its worker when its own abort is the error: it is tried again, and others get their turn (G8)", async () => {
    const attempts: unknown[] = [];
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2].forEach((n) => ctx.sendEvent(A(n))))
      .step(
        "work",
        { accepts: A, emits: StopEvent, numWorkers: 1, retryPolicy: constantDelay({ delay: 0, maximumAttempts: 2 }) },
        async ({ data }, ctx) => {
          attempts.push(data);
          if (data === 2) return undefined;
          if (ctx.retryInfo().attempt === 0) throw new DOMException("stopped", "AbortError");
          return StopEvent("again");
        },
      );
    expect(await run(workflow).result()).toBe("again");
    expect(attempts).toEqual([1, 2, 1]);
  });

  /** Errors whose parts cannot be read. */
  const hostile: [string, () => unknown][] = [
    [
      "a property that throws when read",
      () => Object.defineProperty(new Error("x"), "extra", { enumerable: true, get: () => JSON.parse("{") }),
    ],
    [
      "a message that throws when read",
      () => Object.defineProperty(new Error("x"), "message", { get: () => JSON.parse("{") }),
    ],
    [
      "a cause of itself",
      () => {
        const error = new Error("x");
        error.cause = error;
        return error;
      },
    ],
    ["no prototype", () => Object.create(null)],
    ["a function", () => () => 1],
  ];
  test.each(hostile)("fails the run when the error has %s", async (_name, make) => {
    // eslint-disable-next-line typescript/prefer-promise-reject-errors
    const handler = run(single(() => Promise.reject(make())));
    expect(await stateOf(handler.result())).toBe("rejected");
    expect(handler.status).toBe("failed");
  });

  test("fails the run when what it returns throws on being looked at", async () => {
    const trap = new Proxy({}, { get: () => JSON.parse("{") });
    const handler = run(defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, () => trap as never));
    expect(await stateOf(handler.result())).toBe("rejected");
  });

  test("does not keep other runs from starting in the same turn", async () => {
    const trap = () => new Proxy({}, { get: () => JSON.parse("{") });
    const bad = run(defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, trap as never));
    expect(await stateOf(run(single(() => 1)).result())).toBe("resolved");
    expect(await stateOf(bad.result())).toBe("rejected");
  });

  test("aborts its siblings", async () => {
    let signal: AbortSignal | undefined;
    const workflow = defineWorkflow("w")
      .step(
        "a",
        { accepts: StartEvent, emits: StopEvent },
        async () => (await settle(), Promise.reject(new Error("x"))),
      )
      .step("b", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) => {
        ({ signal } = ctx);
        await gate().promise;
      });
    await failureOf(run(workflow));
    expect(signal?.aborted).toBe(true);
  });
});

describe("retries", () => {
  /** A step that fails so many times, and when each attempt came. */
  function failing(times: number, retryPolicy: ReturnType<typeof constantDelay>, timeout: number | null = null) {
    const { clock, runtime } = simulated();
    const infos: RetryInfo[] = [];
    const at: number[] = [];
    const began = clock.now();
    const workflow = single(
      (ctx) => {
        infos.push(ctx.retryInfo());
        at.push(clock.now() - began);
        if (infos.length <= times) throw new Error(`attempt ${infos.length}`);
        return infos.length;
      },
      { timeout },
      { retryPolicy },
    );
    return { clock, infos, at, began, handler: run(workflow, null, { runtime, runId: "r" }) };
  }

  test("after one failure the run succeeds", async () => {
    const { clock, handler, at } = failing(1, constantDelay({ delay: 500 }));
    await clock.advance(500);
    expect(await handler.result()).toBe(2);
    expect(at).toEqual([0, 500]);
  });

  test("stop after exactly maximumAttempts, with the last error", async () => {
    const { clock, handler, at } = failing(99, constantDelay({ maximumAttempts: 3, delay: 500 }));
    await clock.advance(5000);
    expect(await failureOf(handler)).toMatchObject({ message: "attempt 3" });
    expect(at).toEqual([0, 500, 1000]);
  });

  test("wait as long as the policy says, attempt by attempt", async () => {
    const { clock, handler, at } = failing(3, exponentialBackoff({ maximumAttempts: 4, initial: 100, factor: 3 }));
    await clock.advance(5000);
    await handler.result();
    expect(at).toEqual([0, 100, 400, 1300]);
  });

  test("do not come before their time", async () => {
    const { clock, at } = failing(1, constantDelay({ delay: 500 }));
    await clock.advance(499);
    expect(at).toEqual([0]);
  });

  test("with no delay come at once", async () => {
    const { handler, at } = failing(2, constantDelay({ delay: 0 }));
    expect(await handler.result()).toBe(3);
    expect(at).toEqual([0, 0, 0]);
  });

  test("tell the step how often, how long, and why", async () => {
    const { clock, handler, infos, began } = failing(2, constantDelay({ delay: 500 }));
    await clock.advance(5000);
    await handler.result();
    expect(infos[0]).toEqual({ attempt: 0, elapsed: 0, lastError: null, lastFailedAt: null });
    expect(infos[2]).toMatchObject({
      attempt: 2,
      elapsed: 1000,
      lastError: { message: "attempt 2" },
      lastFailedAt: began + 500,
    });
    expect(infos[2]?.lastError).toBeInstanceOf(Error);
  });

  test("with jitter are the same for the same run", async () => {
    const times = async () => {
      const { clock, handler, at } = failing(3, exponentialBackoff({ maximumAttempts: 4, jitter: 1 }));
      await clock.advance(50_000);
      await handler.result();
      return at;
    };
    const first = await times();
    expect(await times()).toEqual(first);
    expect(first[1]).not.toBe(1000);
  });

  test("are cut off by the run's time limit", async () => {
    const { clock, handler, at } = failing(99, constantDelay({ maximumAttempts: 99, delay: 500 }), 1200);
    await clock.advance(5000);
    expect(await failureOf(handler)).toBeInstanceOf(WorkflowTimeoutError);
    expect(at).toEqual([0, 500, 1000]);
  });

  test("keep the run from being idle", async () => {
    const { handler } = failing(1, constantDelay({ delay: 500 }));
    await settle();
    expect(handler.status).toBe("running");
  });

  test("see failures 1, 2, 3 and a growing elapsed time", async () => {
    const seen: number[][] = [];
    const policy = {
      description: "",
      decide: ({ failures, elapsed }: { failures: number; elapsed: number }) => (
        seen.push([failures, elapsed]),
        { retry: true as const, delay: 100 }
      ),
    };
    const { clock, handler } = failing(3, policy);
    await clock.advance(1000);
    await handler.result();
    expect(seen).toEqual([
      [1, 0],
      [2, 100],
      [3, 200],
    ]);
  });

  const broken: [string, () => unknown][] = [
    ["throws", () => JSON.parse("{")],
    ["returns nothing", () => undefined],
    ["returns a delay that is no number", () => ({ retry: true, delay: Number.NaN })],
    ["returns an endless delay", () => ({ retry: true, delay: Number.POSITIVE_INFINITY })],
  ];
  test.each(broken)("by a policy that %s do not happen: the step's own error fails the run", async (_name, decide) => {
    const { handler } = failing(99, { description: "", decide: decide as never });
    expect(await stateOf(handler.result())).toBe("rejected");
    expect(await failureOf(handler)).toMatchObject({ message: "attempt 1" });
  });
});

describe("timeout", () => {
  test("fails the run at its limit and names the active steps", async () => {
    const { clock, runtime } = simulated();
    const handler = run(
      single(() => gate().promise, { timeout: 100 }),
      null,
      { runtime },
    );
    await clock.advance(99);
    expect(handler.status).toBe("running");
    await clock.advance(1);
    const error = await failureOf(handler);
    expect(error).toBeInstanceOf(WorkflowTimeoutError);
    expect(error).toMatchObject({
      message: expect.stringContaining("step"),
      data: { activeSteps: ["step"], timeout: 100 },
    });
    expect(handler.status).toBe("timedOut");
  });

  test("aborts the signals of the steps at work with that error", async () => {
    const { clock, runtime } = simulated();
    let signal: AbortSignal | undefined;
    const handler = run(
      single((ctx) => (({ signal } = ctx), gate().promise), { timeout: 100 }),
      null,
      { runtime },
    );
    await clock.advance(100);
    await failureOf(handler);
    expect(signal?.reason).toBeInstanceOf(WorkflowTimeoutError);
  });

  test("is 45 s by default and none with null", async () => {
    const { clock, runtime } = simulated();
    const [limited, endless] = [{}, { timeout: null }].map((options) =>
      run(
        single(() => gate().promise, options),
        null,
        { runtime },
      ),
    );
    await clock.advance(45_000);
    expect([limited!.status, endless!.status]).toEqual(["timedOut", "running"]);
    await clock.advance(1e10);
    expect(endless!.status).toBe("running");
  });

  test("does not come after the end", async () => {
    const { clock, runtime } = simulated();
    const handler = run(
      single(() => 1, { timeout: 100 }),
      null,
      { runtime },
    );
    await clock.advance(1000);
    expect(handler.status).toBe("completed");
  });
});

describe("cancel", () => {
  const blocked = () => single(() => gate().promise);

  test("rejects the result with the reason", async () => {
    const handler = run(blocked());
    await handler.cancelRun("changed my mind");
    const error = await failureOf(handler);
    expect(error).toBeInstanceOf(WorkflowCancelledByUser);
    expect(error).toMatchObject({
      message: expect.stringContaining("changed my mind"),
      data: { reason: "changed my mind" },
    });
    expect(handler.status).toBe("cancelled");
  });

  test("aborts ctx.signal and ignores what the step still does", async () => {
    let signal: AbortSignal | undefined;
    const { promise, open } = gate<string>();
    const handler = run(single((ctx) => (({ signal } = ctx), promise)));
    await settle();
    await handler.cancelRun();
    expect(signal?.reason).toBeInstanceOf(WorkflowCancelledByUser);
    open("late");
    await settle();
    expect(handler.status).toBe("cancelled");
  });

  test("of a run that ended does nothing", async () => {
    const handler = run(single(() => 1));
    await handler.result();
    await handler.cancelRun();
    expect(handler.status).toBe("completed");
  });

  test("before the first step starts keeps it from starting (G13)", async () => {
    let started = false;
    const handler = run(single(() => (started = true)));
    await handler.cancelRun();
    await settle();
    expect(started).toBe(false);
  });

  test("from within a step keeps from starting what was to start in the same turn (G13)", async () => {
    const started: unknown[] = [];
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2, 3].forEach((n) => ctx.sendEvent(A(n))))
      .step("work", { accepts: A, emits: StopEvent, numWorkers: 3 }, async ({ data }) => {
        started.push(data);
        void handler.cancelRun();
        await settle();
        return StopEvent();
      });
    const handler = run(workflow);
    await expect(handler.result()).rejects.toBeInstanceOf(WorkflowCancelledByUser);
    await settle();
    expect(started).toEqual([1]);
  });

  test("through an AbortSignal", async () => {
    const controller = new AbortController();
    const handler = run(blocked(), null, { signal: controller.signal });
    controller.abort(new Error("page closed"));
    expect(await failureOf(handler)).toMatchObject({
      name: "WorkflowCancelledByUser",
      data: { reason: "page closed" },
    });
  });

  test("through a signal that was aborted before", async () => {
    const handler = run(blocked(), null, { signal: AbortSignal.abort("early") });
    expect(await failureOf(handler)).toMatchObject({ data: { reason: "early" } });
  });
});

describe("ctx", () => {
  test("tells run, step and worker", async () => {
    const handler = run(
      single(({ runId, stepName, workerId }) => [runId, stepName, workerId]),
      null,
      { runId: "r" },
    );
    expect(await handler.result()).toEqual(["r", "step", 0]);
  });

  test("tells the same work item to every attempt", async () => {
    const items: number[] = [];
    await run(
      single(
        (ctx) => (items.push(ctx.workItem), items.length < 3 ? Promise.reject(new Error("x")) : 1),
        {},
        { retryPolicy: constantDelay({ delay: 0 }) },
      ),
    ).result();
    expect(items).toEqual([1, 1, 1]);
  });

  const afterwards: [string, (ctx: Ctx) => unknown][] = [
    ["sendEvent", (ctx) => ctx.sendEvent(StopEvent())],
    ["writeEventToStream", (ctx) => ctx.writeEventToStream(A())],
    ["collectEvents", (ctx) => ctx.collectEvents(A(), [A])],
    ["waitForEvent", (ctx) => ctx.waitForEvent(A)],
    ["log", (ctx) => ctx.log("late")],
    ["store.set", (ctx) => ctx.store.set("a", 1)],
    ["store.edit", (ctx) => ctx.store.edit(() => undefined)],
    ["store.setState", (ctx) => ctx.store.setState({})],
    ["store.clear", (ctx) => ctx.store.clear()],
  ];
  test.each(afterwards)("%s after the step ended throws ContextStateError", async (_name, call) => {
    let kept: Ctx | undefined;
    await resultOf((ctx) => void (kept = ctx));
    await expect((async () => call(kept!))()).rejects.toBeInstanceOf(ContextStateError);
  });

  test("signal of an invocation that ended normally is not aborted while the run goes on", async () => {
    let first: AbortSignal | undefined;
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: A }, (_event, ctx) => (({ signal: first } = ctx), A()))
      .step("b", { accepts: A, emits: StopEvent }, () => StopEvent(first?.aborted ?? null));
    expect(await run(workflow).result()).toBe(false);
  });
});

describe("input events", () => {
  test("are frozen: a step cannot change what others see (G14)", async () => {
    const seen: unknown[] = [];
    const change = (event: { data: unknown }) => {
      try {
        (event.data as { list: number[] }).list.push(9);
      } catch {}
      seen.push(event.data);
    };
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: StopEvent }, change as never)
      .step("b", { accepts: StartEvent, emits: StopEvent }, (event) => (change(event), StopEvent()));
    await run(workflow, { list: [1] }).result();
    expect(seen).toEqual([{ list: [1] }, { list: [1] }]);
  });

  test("with a Map, a Date or bytes are copied for each step and attempt (G14)", async () => {
    const sizes: number[] = [];
    const workflow = single(
      (_ctx, event) => {
        const { map, bytes } = event.data as { map: Map<string, number>; bytes: Uint8Array };
        map.set("mine", 1);
        bytes[0]! += 1;
        sizes.push(map.size, bytes[0]!);
        if (sizes.length < 4) throw new Error("again");
      },
      {},
      { retryPolicy: constantDelay({ delay: 0 }) },
    );
    await run(workflow, { map: new Map(), bytes: new Uint8Array([1]) } as never).result();
    expect(sizes).toEqual([1, 2, 1, 2]);
  });

  test("do not change with what the caller does to the input afterwards", async () => {
    const input = { list: [1], bytes: new Uint8Array([1]) };
    const handler = run(
      single((_ctx, event) => event.data),
      input as never,
    );
    input.list.push(2);
    input.bytes[0] = 9;
    expect(await handler.result()).toEqual({ list: [1], bytes: new Uint8Array([1]) });
  });
});
