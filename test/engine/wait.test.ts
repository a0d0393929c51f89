import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  run,
  StartEvent,
  StopEvent,
  WaiterTimeoutError,
  WorkflowRuntimeError,
  EventValidationError,
} from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Answer, failureOf, gate, Question, readAll, simulated, single, stateOf, typesOf } from "./fixtures.ts";

const Reply = humanResponseEvent("Reply", z.object({ to: z.string(), n: z.number() }));
const A = defineEvent("A");

describe("waitForEvent", () => {
  test("suspends the step and returns the answer when it comes", async () => {
    const handler = run(single(async (ctx) => (await ctx.waitForEvent(Answer)).data));
    await settle();
    expect(handler.status).toBe("idle");
    await handler.sendEvent(Answer({ ok: true }));
    expect(await handler.result()).toEqual({ ok: true });
  });

  test("runs the step again from the top with its original input", async () => {
    const inputs: unknown[] = [];
    const handler = run(
      single(async (ctx, event) => (inputs.push(event.data), await ctx.waitForEvent(Answer))),
      "input",
    );
    await settle();
    await handler.sendEvent(Answer());
    await handler.result();
    expect(inputs).toEqual(["input", "input"]);
  });

  test("publishes its question once", async () => {
    const handler = run(
      single(async (ctx) => {
        await ctx.waitForEvent(Answer, { waiterEvent: Question("?") });
        await ctx.waitForEvent(Answer);
      }),
    );
    await settle();
    await handler.sendEvent(Answer(1));
    await settle();
    await handler.sendEvent(Answer(2));
    expect(typesOf(await readAll(handler.streamEvents()))).toEqual(["Question", "StopEvent"]);
  });

  test("what the step did before it is not done twice: sends and streams count once (G2)", async () => {
    const workflow = single(async (ctx) => {
      ctx.writeEventToStream(A());
      await ctx.waitForEvent(Answer);
    });
    const handler = run(workflow);
    await settle();
    await handler.sendEvent(Answer());
    expect(typesOf(await readAll(handler.streamEvents()))).toEqual(["A", "StopEvent"]);
  });

  test("takes only an event with the required fields", async () => {
    const handler = run(single(async (ctx) => (await ctx.waitForEvent(Reply, { requirements: { to: "me" } })).data));
    await settle();
    await handler.sendEvent(Reply({ to: "you", n: 1 }));
    await settle();
    expect(handler.status).toBe("idle");
    await handler.sendEvent(Reply({ to: "me", n: 2 }));
    expect(await handler.result()).toEqual({ to: "me", n: 2 });
  });

  test("two steps with different requirements each get their own answer", async () => {
    const step =
      (name: string) =>
      async (
        _event: unknown,
        ctx: { waitForEvent: (kind: typeof Reply, options: object) => Promise<{ data: { n: number } }> },
      ) =>
        A(`${name} got ${(await ctx.waitForEvent(Reply, { requirements: { to: name } })).data.n}`);
    const workflow = defineWorkflow("w")
      .step("x", { accepts: StartEvent, emits: A }, step("x") as never)
      .step("y", { accepts: StartEvent, emits: A }, step("y") as never)
      .step("end", { accepts: A, emits: StopEvent }, (event, ctx) => {
        const both = ctx.collectEvents(event, [A, A]);
        return both ? StopEvent(both.map(({ data }) => data)) : undefined;
      });
    const handler = run(workflow);
    await settle();
    await handler.sendEvent(Reply({ to: "y", n: 1 }));
    await settle();
    await handler.sendEvent(Reply({ to: "x", n: 2 }));
    expect(await handler.result()).toEqual(["y got 1", "x got 2"]);
  });

  test("one after the other for one type get the answers in order (G1)", async () => {
    const handler = run(
      single(async (ctx) => {
        const first = await ctx.waitForEvent(Answer);
        const second = await ctx.waitForEvent(Answer);
        return [first.data, second.data];
      }),
    );
    await settle();
    await handler.sendEvent(Answer(1));
    await settle();
    await handler.sendEvent(Answer(2));
    expect(await handler.result()).toEqual([1, 2]);
  });

  test("one after the other get answers in order that came at once", async () => {
    const handler = run(
      single(async (ctx) => [
        (await ctx.waitForEvent(Answer)).data,
        (await ctx.waitForEvent(Answer)).data,
        (await ctx.waitForEvent(Answer)).data,
      ]),
    );
    await Promise.all([1, 2, 3].map((n) => handler.sendEvent(Answer(n))));
    expect(await handler.result()).toEqual([1, 2, 3]);
  });

  test("side by side are registered together and each gets one answer", async () => {
    let calls = 0;
    const handler = run(
      single(async (ctx) => {
        calls += 1;
        const both = await Promise.all([ctx.waitForEvent(Answer), ctx.waitForEvent(Answer)]);
        return both.map(({ data }) => data);
      }),
    );
    await settle();
    expect(Object.values((await handler.snapshot()).memos).flatMap(({ waiters }) => waiters).length).toBe(2);
    await handler.sendEvent(Answer(1));
    await settle();
    await handler.sendEvent(Answer(2));
    expect(await handler.result()).toEqual([1, 2]);
    expect(calls).toBe(3);
  });

  test("parallel work items of one step have waits of their own", async () => {
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2].forEach(() => ctx.sendEvent(A("same"))))
      .step("ask", { accepts: A, emits: StopEvent }, async (event, ctx) => {
        await ctx.waitForEvent(Answer, { waiterEvent: Question("?") });
        return ctx.collectEvents(event, [A, A]) ? StopEvent() : undefined;
      });
    const handler = run(workflow);
    await settle();
    await handler.sendEvent(Answer());
    await handler.result();
    expect(typesOf(await readAll(handler.streamEvents()))).toEqual(["Question", "Question", "StopEvent"]);
  });

  test("cannot be swallowed by a catch-all around it", async () => {
    let after = 0;
    const handler = run(
      single(async (ctx) => {
        try {
          await ctx.waitForEvent(Answer);
        } catch {
        } finally {
          after += 1;
        }
        return "on";
      }),
    );
    await settle();
    expect([handler.status, after]).toEqual(["idle", 0]);
    await handler.sendEvent(Answer());
    expect(await handler.result()).toBe("on");
  });

  test("gets an answer that came before it asked (G4)", async () => {
    const { promise, open } = gate();
    const handler = run(
      single(async (ctx) => (await promise, (await ctx.waitForEvent(Answer, { waiterEvent: Question("?") })).data)),
    );
    await handler.sendEvent(Answer("early"));
    open();
    expect(await handler.result()).toBe("early");
  });

  test("in a step that accepts the same type runs it twice in all: to ask and to go on", async () => {
    let calls = 0;
    const Ping = humanResponseEvent("Ping");
    const workflow = defineWorkflow("w")
      .step("begin", { accepts: StartEvent, emits: [] }, () => undefined)
      .step("both", { accepts: Ping, emits: StopEvent }, async (event, ctx) => {
        calls += 1;
        return StopEvent([event.data, (await ctx.waitForEvent(Ping)).data]);
      });
    const handler = run(workflow);
    await handler.sendEvent(Ping(1));
    await settle();
    await handler.sendEvent(Ping(2));
    expect(await handler.result()).toEqual([1, 2]);
    expect(calls).toBe(2);
  });

  test("a retry after the answer gets the same answer without asking again", async () => {
    const workflow = single(
      async (ctx) => {
        const { data } = await ctx.waitForEvent(Answer, { waiterEvent: Question("?") });
        if (ctx.retryInfo().attempt === 0) throw new Error("after the answer");
        return data;
      },
      {},
      { retryPolicy: constantDelay({ delay: 0 }) },
    );
    const handler = run(workflow);
    await settle();
    await handler.sendEvent(Answer(1));
    expect(await handler.result()).toBe(1);
    expect(typesOf(await readAll(handler.streamEvents()))).toEqual(["Question", "StopEvent"]);
  });

  test("keeps what the step stored before the pause", async () => {
    const handler = run(
      single(async (ctx) => {
        const asked = await ctx.store.get("asked", 0);
        await ctx.store.set("asked", asked + 1);
        await ctx.waitForEvent(Answer);
        return ctx.store.get("asked");
      }),
    );
    await settle();
    await handler.sendEvent(Answer());
    expect(await handler.result()).toBe(2);
  });

  test("aborts the signal of the invocation it suspends", async () => {
    let signal: AbortSignal | undefined;
    const handler = run(single(async (ctx) => (({ signal } = ctx), ctx.waitForEvent(Answer))));
    await settle();
    expect(signal?.aborted).toBe(true);
    await handler.cancelRun();
  });

  test("does not occupy a worker", async () => {
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2].forEach((n) => ctx.sendEvent(A(n))))
      .step("ask", { accepts: A, emits: StopEvent, numWorkers: 1 }, async (event, ctx) => {
        if (event.data === 1) await ctx.waitForEvent(Answer);
        return StopEvent(event.data);
      });
    expect(await run(workflow).result()).toBe(2);
  });

  test("its answer goes ahead of what is queued for the step", async () => {
    const order: unknown[] = [];
    const blocked = gate();
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) =>
        ["ask", "block", "queued"].forEach((n) => ctx.sendEvent(A(n))),
      )
      .step("work", { accepts: A, emits: StopEvent, numWorkers: 1 }, async (event, ctx) => {
        if (event.data === "ask") await ctx.waitForEvent(Answer);
        if (event.data === "block") await blocked.promise;
        order.push(event.data);
        return order.length === 3 ? StopEvent() : undefined;
      });
    const handler = run(workflow);
    await settle();
    await handler.sendEvent(Answer());
    blocked.open();
    await handler.result();
    expect(order).toEqual(["block", "ask", "queued"]);
  });

  test("checks the data of an answer whose kind no step names", async () => {
    const handler = run(single(async (ctx) => (await ctx.waitForEvent(Reply)).data));
    await settle();
    const sent = handler.sendEvent({ type: "Reply", data: { to: 5 } }).then(() => handler.result());
    await expect(sent).rejects.toBeInstanceOf(EventValidationError);
  });

  test("refuses requirements that cannot be written down", async () => {
    const error = await failureOf(
      run(single((ctx) => ctx.waitForEvent(Answer, { requirements: { f: () => 1 } as never }))),
    );
    expect(error).toMatchObject({ code: expect.any(String) });
  });
});

describe("a wait's timeout", () => {
  const waiting = (timeout?: number | null, caught = false) => {
    const { clock, runtime } = simulated();
    const workflow = single(
      async (ctx) => {
        try {
          return (await ctx.waitForEvent(Answer, timeout === undefined ? {} : { timeout })).data;
        } catch (error) {
          if (caught) return "too late";
          throw error;
        }
      },
      { timeout: null },
    );
    return { clock, handler: run(workflow, null, { runtime }) };
  };

  test("throws WaiterTimeoutError inside the step, which fails the run if uncaught", async () => {
    const { clock, handler } = waiting(100);
    await clock.advance(100);
    const error = await failureOf(handler);
    expect(error).toBeInstanceOf(WaiterTimeoutError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/step.*Answer/),
      data: { step: "step", event: "Answer" },
    });
  });

  test("can be caught by the step", async () => {
    const { clock, handler } = waiting(100, true);
    await clock.advance(100);
    expect(await handler.result()).toBe("too late");
  });

  test("does not come early", async () => {
    const { clock, handler } = waiting(100);
    await clock.advance(99);
    expect(handler.status).toBe("idle");
  });

  test("is 2,000,000 ms by default", async () => {
    const { clock, handler } = waiting();
    await clock.advance(1_999_999);
    expect(handler.status).toBe("idle");
    await clock.advance(1);
    expect(await failureOf(handler)).toBeInstanceOf(WaiterTimeoutError);
  });

  test("is none with null", async () => {
    const { clock, handler } = waiting(null);
    await clock.advance(1e12);
    expect(handler.status).toBe("idle");
    expect(clock.pending).toBe(0);
  });

  test("leaves no timer once it is answered, while the run goes on (C-22)", async () => {
    const { clock, runtime } = simulated();
    const handler = run(
      single(
        async (ctx) => {
          for (let n = 0; n < 20; n++) await ctx.waitForEvent(Answer);
          await ctx.waitForEvent(Reply, { timeout: null });
        },
        { timeout: null },
      ),
      null,
      { runtime },
    );
    for (let n = 0; n < 20; n++) {
      await settle();
      expect(clock.pending).toBe(1);
      await handler.sendEvent(Answer());
    }
    await settle();
    expect([handler.status, clock.pending]).toEqual(["idle", 0]);
    await handler.cancelRun();
  });

  test("does not hit a later wait of the same name, begun by other work of the step (C-21)", async () => {
    const { clock, runtime } = simulated();
    const answers: unknown[] = [];
    const workflow = defineWorkflow("w", { timeout: null }).step(
      "ask",
      { accepts: [StartEvent, A], emits: [A, StopEvent] },
      async (event, ctx) => {
        answers.push((await ctx.waitForEvent(Answer, { waiterId: "same", timeout: 300 })).data);
        return event.type === "A" ? StopEvent() : A();
      },
    );
    const handler = run(workflow, null, { runtime });
    await clock.advance(250);
    await handler.sendEvent(Answer("at 250"));
    // The first wait's limit was at 300, the second's is at 550.
    await clock.advance(299);
    await handler.sendEvent(Answer("at 549"));
    await handler.result();
    expect(answers).toEqual(["at 250", "at 549"]);
  });

  test("does not hit a later wait of the same step (G3)", async () => {
    const { clock, runtime } = simulated();
    const handler = run(
      single(
        async (ctx) => [
          (await ctx.waitForEvent(Answer, { timeout: 100 })).data,
          (await ctx.waitForEvent(Answer, { timeout: 100 })).data,
        ],
        { timeout: null },
      ),
      null,
      { runtime },
    );
    await clock.advance(90);
    await handler.sendEvent(Answer(1));
    await clock.advance(90);
    await handler.sendEvent(Answer(2));
    expect(await handler.result()).toEqual([1, 2]);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("of %d is refused", async (timeout) => {
    const { handler } = waiting(timeout);
    expect(await failureOf(handler)).toBeInstanceOf(WorkflowRuntimeError);
  });

  test("asks anew on a retry of a step that let it through", async () => {
    const { clock, runtime } = simulated();
    const workflow = single(
      async (ctx) => (await ctx.waitForEvent(Answer, { timeout: 100 })).data,
      { timeout: null },
      { retryPolicy: constantDelay({ delay: 10 }) },
    );
    const handler = run(workflow, null, { runtime });
    await clock.advance(115);
    await handler.sendEvent(Answer("second chance"));
    expect(await stateOf(handler.result())).toBe("resolved");
  });
});
