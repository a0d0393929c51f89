import fc from "fast-check";
import {
  constantDelay,
  ContextSerdeError,
  defineEvent,
  defineWorkflow,
  resume,
  run,
  StartEvent,
  StopEvent,
  WaiterTimeoutError,
  WorkflowError,
  WorkflowTimeoutError,
  type SerializedContext,
  type Handler,
} from "tickwork";
import { settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, failureOf, gate, Question, simulated, single, stateOf, throughJson } from "./fixtures.ts";

const A = defineEvent("A");
const B = defineEvent("B");

/** As it comes back in another process. */
const saved = async (handler: Handler) => throughJson(await handler.snapshot());
const asking = (timeout: number | null = null) =>
  single(async (ctx) => (await ctx.waitForEvent(Answer, { waiterEvent: Question("?"), timeout: null })).data, {
    timeout,
  });

describe("resume", () => {
  test("in the middle of a run goes on from there: finished steps are not run again", async () => {
    const ran: string[] = [];
    const blocked = gate();
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: A }, () => (ran.push("a"), A(1)))
      .step("b", { accepts: A, emits: StopEvent }, async (event) => {
        ran.push("b");
        if (ran.length === 2) await blocked.promise;
        return StopEvent(event.data);
      });
    const first = run(workflow);
    await settle();
    const context = await saved(first);
    await first.cancelRun();
    expect(await resume(workflow, context).result()).toBe(1);
    expect(ran).toEqual(["a", "b", "b"]);
  });

  test("during a wait takes the answer, and no waiter is left", async () => {
    const workflow = asking();
    const first = run(workflow, null, { runId: "r" });
    await settle();
    const later = resume(workflow, await saved(first));
    expect([later.runId, later.status]).toEqual(["r", "idle"]);
    await later.sendEvent(Answer(1));
    expect(await later.result()).toBe(1);
    expect((await later.snapshot()).memos).toEqual([]);
  });

  test("during a wait does not run the asking step again before the answer", async () => {
    let calls = 0;
    const workflow = single(async (ctx) => ((calls += 1), ctx.waitForEvent(Answer)));
    const first = run(workflow);
    await settle();
    const later = resume(workflow, await saved(first));
    await settle();
    expect(calls).toBe(1);
    await later.cancelRun();
  });

  test("keeps a wait's limit (G3)", async () => {
    const { clock, runtime } = simulated();
    const workflow = single((ctx) => ctx.waitForEvent(Answer, { timeout: 100 }), { timeout: null });
    const first = run(workflow, null, { runtime });
    await clock.advance(60);
    const later = resume(workflow, await saved(first), { runtime });
    await clock.advance(39);
    expect(later.status).toBe("idle");
    await clock.advance(1);
    expect(await failureOf(later)).toBeInstanceOf(WaiterTimeoutError);
  });

  /** A step that failed once and backs off for 500 ms. */
  const backingOff = (timeout: number | null = null) => {
    const { clock, runtime } = simulated();
    const at: number[] = [];
    const workflow = single(
      (ctx) => (
        at.push(clock.now()),
        ctx.retryInfo().attempt === 0 ? Promise.reject(new Error("once")) : ctx.retryInfo().attempt
      ),
      { timeout },
      { retryPolicy: constantDelay({ delay: 500 }) },
    );
    return { clock, runtime, at, workflow, first: run(workflow, null, { runtime }) };
  };

  test("during a retry delay keeps the due time and waits what is left of it", async () => {
    const { clock, runtime, at, workflow, first } = backingOff();
    await clock.advance(200);
    const context = await saved(first);
    await first.cancelRun();
    const later = resume(workflow, context, { runtime });
    await clock.advance(299);
    expect(at).toHaveLength(1);
    await clock.advance(1);
    expect(await later.result()).toBe(1);
  });

  test("after the due time delivers at once, once", async () => {
    const { clock, runtime, at, workflow, first } = backingOff();
    await settle();
    const context = await saved(first);
    await first.cancelRun();
    clock.jumpTo(clock.now() + 10_000);
    await resume(workflow, context, { runtime }).result();
    expect(at).toHaveLength(2);
  });

  test("two snapshots in one delay agree on the due time", async () => {
    const { clock, first } = backingOff();
    await clock.advance(100);
    const one = await saved(first);
    await clock.advance(100);
    expect((await saved(first)).delayed).toEqual(one.delayed);
  });

  test("keeps what is known of failed attempts, the error included", async () => {
    const { clock, runtime } = simulated();
    const workflow = single(
      (ctx) => {
        const { lastError } = ctx.retryInfo();
        if (!lastError)
          throw Object.assign(new TypeError("once", { cause: new Error("deep") }), { when: new Date(5), code: "E" });
        return [
          lastError instanceof TypeError,
          lastError.message,
          (lastError.cause as Error).message,
          (lastError as never as { when: Date }).when,
          (lastError as never as { code: string }).code,
        ];
      },
      { timeout: null },
      { retryPolicy: constantDelay({ delay: 500 }) },
    );
    const first = run(workflow, null, { runtime });
    await settle();
    const later = resume(workflow, await saved(first), { runtime });
    await clock.advance(500);
    expect(await later.result()).toEqual([true, "once", "deep", new Date(5), "E"]);
  });

  test("restores work in progress ahead of queued work, in order (G5)", async () => {
    const order: unknown[] = [];
    const blocked = gate();
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) =>
        [1, 2, 3, 4].forEach((n) => ctx.sendEvent(A(n))),
      )
      .step("work", { accepts: A, emits: StopEvent, numWorkers: 2 }, async (event, ctx) => {
        order.push(event.data);
        if (order.length <= 2) await blocked.promise;
        return ctx.collectEvents(event, [A, A, A, A]) ? StopEvent() : undefined;
      });
    const first = run(workflow);
    await settle();
    const context = await saved(first);
    await first.cancelRun();
    await resume(workflow, context).result();
    expect(order).toEqual([1, 2, 1, 2, 3, 4]);
  });

  test("restores unfinished sets", async () => {
    const workflow = defineWorkflow("w", { skipGraphChecks: ["reachability"] })
      .step("send", { accepts: StartEvent, emits: A }, () => A(1))
      .step("gather", { accepts: A, emits: StopEvent }, (event, ctx) => {
        const set = ctx.collectEvents(event, [A, A]);
        return set ? StopEvent(set.map(({ data }) => data)) : undefined;
      });
    const first = run(workflow);
    await settle();
    const later = resume(workflow, await saved(first));
    await later.sendEvent(A(2));
    expect(await later.result()).toEqual([1, 2]);
  });

  test("keeps early events for a wait that comes", async () => {
    const blocked = gate();
    const workflow = single(async (ctx) => (await blocked.promise, (await ctx.waitForEvent(Answer)).data));
    const first = run(workflow);
    await first.sendEvent(Answer("early"));
    const later = resume(workflow, await saved(first));
    blocked.open();
    expect(await later.result()).toBe("early");
  });

  test("of a failed run tries again what failed", async () => {
    let healthy = false;
    const workflow = single(() => (healthy ? "fine" : Promise.reject(new Error("x"))));
    const first = run(workflow);
    await failureOf(first);
    healthy = true;
    expect(await resume(workflow, await saved(first)).result()).toBe("fine");
  });

  test("of a cancelled run goes on", async () => {
    const workflow = asking();
    const first = run(workflow);
    await settle();
    await first.cancelRun();
    const later = resume(workflow, await saved(first));
    await later.sendEvent(Answer(1));
    expect(await later.result()).toBe(1);
  });

  test("of a completed run has its result and runs nothing", async () => {
    let calls = 0;
    const workflow = single(() => (calls += 1));
    const first = run(workflow);
    await first.result();
    const later = resume(workflow, await saved(first));
    expect([await later.result(), later.status, calls]).toEqual([1, "completed", 1]);
  });

  test("of a queued run begins it", async () => {
    const blocked = gate();
    const workflow = single((_ctx, event) => (event.data === "block" ? blocked.promise : event.data), {
      numConcurrentRuns: 1,
    });
    const first = run(workflow, "block");
    const second = run(workflow, "mine");
    const context = await saved(second);
    await Promise.all([first.cancelRun(), second.cancelRun()]);
    expect(await resume(workflow, context).result()).toBe("mine");
  });

  test("of a resumed run works, again and again", async () => {
    const workflow = single(async (ctx) =>
      [1, 2, 3]
        .map(() => ctx.waitForEvent(Answer))
        .reduce(async (sum, wait) => (await sum) + Number((await wait).data), Promise.resolve(0)),
    );
    let handler: Handler = run(workflow);
    for (const n of [1, 2, 3]) {
      await settle();
      handler = resume(workflow, await saved(handler));
      await handler.sendEvent(Answer(n));
    }
    expect(await handler.result()).toBe(6);
  });

  test("can be given an AbortSignal", async () => {
    const controller = new AbortController();
    const workflow = asking();
    const first = run(workflow);
    await settle();
    const later = resume(workflow, await saved(first), { signal: controller.signal });
    controller.abort("stop");
    expect(await failureOf(later)).toMatchObject({ name: "WorkflowCancelledByUser" });
  });

  test("respects numConcurrentRuns: a resumed run that waits its turn does not work, whatever reaches it", async () => {
    const ran: unknown[] = [];
    const workflow = single(async (ctx) => ran.push((await ctx.waitForEvent(Answer)).data), {
      numConcurrentRuns: 1,
      timeout: null,
    });
    const origin = run(workflow);
    await settle();
    const context = await saved(origin);
    await origin.cancelRun();
    const [first, second] = [resume(workflow, context), resume(workflow, context)];
    await second.sendEvent(Answer("second"));
    await settle();
    expect(ran).toEqual([]);
    await first.cancelRun();
    await second.result();
    expect(ran).toEqual(["second"]);
  });
});

describe("the time limit over a resume (G6)", () => {
  test("has left what was not used", async () => {
    const { clock, runtime } = simulated();
    const workflow = asking(1000);
    const first = run(workflow, null, { runtime });
    await clock.advance(600);
    const context = await saved(first);
    await first.cancelRun();
    clock.jumpTo(clock.now() + 1e9);
    const later = resume(workflow, context, { runtime });
    await clock.advance(399);
    expect(later.status).toBe("idle");
    await clock.advance(1);
    expect(await failureOf(later)).toBeInstanceOf(WorkflowTimeoutError);
  });

  test("counts the time up to the snapshot, not only up to the last tick", async () => {
    const { clock, runtime } = simulated();
    const workflow = asking(1000);
    const first = run(workflow, null, { runtime });
    await clock.advance(600);
    const later = resume(workflow, await saved(first), { runtime });
    await clock.advance(400);
    expect(later.status).toBe("timedOut");
  });

  test("used up is used up: the work left does not start", async () => {
    const { clock, runtime } = simulated();
    let calls = 0;
    const workflow = single(() => ((calls += 1), gate().promise), { timeout: 100 });
    const first = run(workflow, null, { runtime });
    await clock.advance(100);
    const later = resume(workflow, await saved(first), { runtime });
    expect(await failureOf(later)).toBeInstanceOf(WorkflowTimeoutError);
    expect(calls).toBe(1);
  });

  test("can be given anew", async () => {
    const { clock, runtime } = simulated();
    const workflow = asking(100);
    const first = run(workflow, null, { runtime });
    await clock.advance(100);
    const later = resume(workflow, await saved(first), { runtime, timeout: 500 });
    await clock.advance(499);
    expect(later.status).toBe("idle");
    await clock.advance(1);
    expect(later.status).toBe("timedOut");
  });
});

describe("run with a context", () => {
  const counting = single(async (ctx) => {
    await ctx.store.edit((draft) => void (draft["n"] = ((draft["n"] as number | undefined) ?? 0) + 1));
    return ctx.store.get("n");
  });

  test("begins with that run's store and nothing else of it", async () => {
    const first = run(counting);
    await first.result();
    const next = run(counting, null, { context: await saved(first) });
    expect(await next.result()).toBe(2);
    expect(next.runId).not.toBe(first.runId);
  });

  test("leaves the saved run as it was", async () => {
    const first = run(counting);
    await first.result();
    const context = await saved(first);
    const before = throughJson(context);
    await run(counting, null, { context }).result();
    expect(context).toEqual(before);
  });

  test("keeps what JSON cannot hold in the store", async () => {
    const workflow = single(async (ctx) => {
      const map = await ctx.store.get("map", null);
      if (!map) await ctx.store.set("map", new Map([["a", new Date(5)]]));
      return map;
    });
    const first = run(workflow);
    await first.result();
    const context = await saved(run(workflow, null, { context: await saved(first) }));
    expect(await run(workflow, null, { context }).result()).toEqual(new Map([["a", new Date(5)]]));
  });

  test.each([[{ $tickwork: "Nope" }], [{ a: { $tickwork: "Map", value: 5 } }], [{ $tickwork: "Date", value: 1 }]])(
    "with a damaged store (%j) is refused with ContextSerdeError",
    async (store) => {
      const context = { ...(await saved(run(counting))), store };
      expect(() => run(counting, null, { context: context })).toThrow(ContextSerdeError);
    },
  );
});

describe("something that is no saved run", () => {
  const workflow = asking();
  const context = async () => {
    const handler = run(workflow);
    await settle();
    return saved(handler);
  };

  test.each([[null], [5], ["text"], [[]], [{}], [{ format: "other" }], [undefined]])(
    "(%j) is refused with ContextSerdeError",
    (value) => {
      expect(() => resume(workflow, value as never)).toThrow(ContextSerdeError);
    },
  );

  test("of a future version is refused and says so", async () => {
    const future = { ...(await context()), version: 3 };
    expect(() => resume(workflow, future as never)).toThrow(
      expect.objectContaining({ name: "ContextSerdeError", code: "CONTEXT_FROM_FUTURE" }),
    );
  });

  test.each(["1", null, 0, -1, 1.5])("of version %j is refused", async (version) => {
    const odd = { ...(await context()), version };
    expect(() => resume(workflow, odd as never)).toThrow(ContextSerdeError);
  });

  test("of another workflow is refused", async () => {
    const other = defineWorkflow("other").step("step", { accepts: StartEvent, emits: StopEvent }, () => StopEvent());
    const mine = await context();
    expect(() => resume(other, mine)).toThrow(expect.objectContaining({ code: "CONTEXT_OF_OTHER_WORKFLOW" }));
  });

  test("with work for a step that is gone is refused and names it", async () => {
    const mine = await context();
    const changed = defineWorkflow("single").step("renamed", { accepts: StartEvent, emits: StopEvent }, () =>
      StopEvent(),
    );
    expect(() => resume(changed, mine)).toThrow(
      expect.objectContaining({ code: "RUN_CODE_CHANGED", message: expect.stringContaining("step step is gone") }),
    );
  });

  test.each([
    ["a status that no saved run has", { status: "new" }],
    ["completed without its outcome", { status: "completed" }],
    [
      "an event nested beyond reason",
      { events: { "1.0": { type: "StartEvent", data: Array.from({ length: 600 }).reduce((inner) => [inner], 1) } } },
    ],
  ])("with %s is refused", async (_name, change) => {
    const damaged = { ...(await context()), ...change };
    expect(() => resume(workflow, damaged as never)).toThrow(ContextSerdeError);
  });

  test.each([2 ** 20, Number.MAX_SAFE_INTEGER])("with a worker id no step has (%d) is refused", async (workerId) => {
    // Near 2 ** 38 it once took all memory there is.
    const blocked = single(() => gate().promise);
    const handler = run(blocked);
    await settle();
    const text = JSON.stringify(await saved(handler)).replace('"workerId":0', `"workerId":${workerId}`);
    expect(() => resume(blocked, JSON.parse(text) as never)).toThrow(ContextSerdeError);
  });
});

describe("damaged snapshots", () => {
  /** A saved run with work of every sort in it. */
  async function rich(): Promise<{ workflow: ReturnType<typeof build>; context: SerializedContext }> {
    const workflow = build();
    const clock = new SimulatedClock();
    const handler = run(workflow, { n: 1 }, { runtime: { clock, journal: null } });
    await handler.sendEvent(Answer({ early: true }));
    await settle();
    await handler.sendEvent({ type: "Unknown", data: 1 });
    return { workflow, context: await saved(handler) };
  }
  const build = () =>
    defineWorkflow("rich", { timeout: 60_000 })
      .step("split", { accepts: StartEvent, emits: [A, B] }, async (_event, ctx) => {
        await ctx.store.set("when", new Date(0));
        for (const n of [1, 2, 3]) ctx.sendEvent(A(n));
        ctx.sendEvent(B(1));
      })
      .step("wait", { accepts: A, emits: StopEvent, numWorkers: 1 }, async (event, ctx) => {
        await ctx
          .waitForEvent(Answer, { waiterEvent: Question("?"), requirements: { to: 1 } as never, timeout: 1000 })
          .catch(() => undefined);
        return ctx.collectEvents(event, [A, A, A]) ? StopEvent() : undefined;
      })
      .step("retry", { accepts: B, emits: StopEvent, retryPolicy: constantDelay({ delay: 500 }) }, () =>
        Promise.reject(new Error("x")),
      );

  /** All places in a JSON value, as paths. */
  function places(value: unknown, path: string[] = []): string[][] {
    if (typeof value !== "object" || value === null) return [path];
    return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))];
  }

  function changed(context: SerializedContext, path: readonly string[], value: unknown): unknown {
    if (path.length === 0) return value;
    const copy = throughJson(context) as Record<string, unknown>;
    let at = copy;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
    if (value === undefined) delete at[path.at(-1)!];
    else at[path.at(-1)!] = value;
    return copy;
  }

  const garbage = fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      "",
      "1.0",
      "99.0",
      "constructor",
      "__proto__",
      -1,
      0,
      1,
      1.5,
      1e15,
      1e300,
      true,
      [],
      {},
      { $tickwork: "Map", value: 1 },
      "completed",
      "queued",
      "failed",
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );

  test("never hang and never throw anything but a WorkflowError", { timeout: 60_000 }, async () => {
    const { workflow, context } = await rich();
    const all = places(context);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(all.length - 1), garbage), { minLength: 1, maxLength: 2 }),
        async (changes) => {
          let damaged: unknown = context;
          for (const [place, value] of changes) {
            try {
              damaged = changed(damaged as SerializedContext, all[place]!, value);
            } catch {
              // An earlier change took the place away.
            }
          }
          const clock = new SimulatedClock();
          let handler: Handler;
          try {
            handler = resume(workflow, damaged as never, { runtime: { clock, journal: null } });
          } catch (error) {
            expect(error).toBeInstanceOf(ContextSerdeError);
            return;
          }
          // What passes for a saved run must come to an end like any other.
          await handler
            .sendEvent(Answer({ to: 1 }))
            .catch((error: unknown) => expect(error).toBeInstanceOf(WorkflowError));
          await settle();
          await handler.cancelRun();
          expect(await stateOf(handler.result())).not.toBe("pending");
          if (handler.status === "completed") return;
          const error = await failureOf(handler);
          expect(error).toBeInstanceOf(Error);
          if ((error as Error).message !== "x") expect(error).toBeInstanceOf(WorkflowError);
          expect((error as WorkflowError).code).not.toBe("REDUCER_FAILED");
        },
      ),
      { numRuns: 400, endOnFailure: true },
    );
  });
});

describe("data that JSON cannot hold", () => {
  const exotic: [string, unknown][] = [
    ["a Date", new Date(12345)],
    [
      "a Map",
      new Map<unknown, unknown>([
        ["a", 1],
        [2, new Date(0)],
      ]),
    ],
    ["a Set", new Set([1, "a"])],
    ["a bigint", 12345678901234567890n],
    ["bytes", new Uint8Array([0, 255, 7])],
    ["floats", new Float64Array([1.5, -0.25])],
    ["a buffer", new Uint8Array([1, 2]).buffer],
    ["an object with the serializer's own key", { $tickwork: "Date", value: 1 }],
    ["an object with a key __proto__", JSON.parse('{"__proto__":{"x":1}}')],
    [
      "all of it, nested",
      { list: [{ when: new Date(1) }, new Map([["deep", { n: 5n, set: new Set([new Date(2)]) }]])] },
    ],
    ["Node's Buffer", Buffer.from("abc")],
  ];

  test.each(exotic)("%s round-trips through events, store and snapshot", async (_name, value) => {
    const workflow = single(async (ctx, event) => {
      await ctx.store.set("kept", (event.data as { value: unknown }).value);
      const { data } = await ctx.waitForEvent(Answer);
      return [(event.data as { value: unknown }).value, await ctx.store.get("kept"), data];
    });
    const first = run(workflow, { value } as never);
    await settle();
    const later = resume(workflow, await saved(first));
    await later.sendEvent(Answer(value as never));
    const result = (await later.result()) as unknown[];
    for (const one of result) expect(bare(one)).toEqual(bare(value));
    const again = resume(workflow, await saved(later));
    expect(bare(((await again.result()) as unknown[])[0])).toEqual(bare(value));
  });

  /** Bytes by their content: a Buffer may come back as plain bytes. */
  const bare = (value: unknown) => (value instanceof Uint8Array ? [...value] : value);

  test.each([
    [-0, 0],
    [[-0], [0]],
  ])("-0 is 0 from the beginning, for JSON makes it so", async (value, expected) => {
    const handler = run(
      single((_ctx, event) => event.data),
      value as never,
    );
    expect(await handler.result()).toStrictEqual(expected);
  });

  test("an invalid Date is refused or stays invalid, and never becomes 1970", async () => {
    const workflow = single(
      async (ctx, event) => (await ctx.waitForEvent(Answer), Number.isNaN((event.data as Date).getTime())),
    );
    let first: Handler;
    try {
      first = run(workflow, new Date(Number.NaN) as never);
    } catch (error) {
      expect(error).toMatchObject({ name: "EventValidationError" });
      return;
    }
    await settle();
    const later = resume(workflow, await saved(first));
    await later.sendEvent(Answer());
    expect(await later.result()).toBe(true);
  });

  test("a class of bytes of one's own is refused or comes back as bytes", async () => {
    class Mine extends Uint8Array {}
    const workflow = single(async (ctx, event) => (await ctx.waitForEvent(Answer), event.data));
    let first: Handler;
    try {
      first = run(workflow, new Mine([1]) as never);
    } catch (error) {
      expect(error).toMatchObject({ name: "EventValidationError" });
      return;
    }
    await settle();
    const later = resume(workflow, await saved(first));
    await later.sendEvent(Answer());
    expect([...((await later.result()) as unknown as Uint8Array)]).toEqual([1]);
  });

  test("Node's Buffer is copied like other bytes", async () => {
    const bytes = Buffer.from([1]);
    const handler = run(
      single((_ctx, event) => [...(event.data as Uint8Array)]),
      bytes as never,
    );
    bytes[0] = 9;
    expect(await handler.result()).toEqual([1]);
  });

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY]])("%d is refused", (value) => {
    expect(() =>
      run(
        single(() => 1),
        { value },
      ),
    ).toThrow(/StartEvent.*value/);
  });
});
