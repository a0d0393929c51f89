import {
  defineEvent,
  defineWorkflow,
  EventValidationError,
  exponentialBackoff,
  resource,
  run,
  startEvent,
  StartEvent,
  stopEvent,
  StopEvent,
  WorkflowConfigurationError,
  WorkflowRuntimeError,
  WorkflowValidationError,
} from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { barrier, failureOf, gate, resultOf, simulated, single, stateOf, typesOf, readAll } from "./fixtures.ts";

const Next = defineEvent("Next", z.object({ n: z.number() }));
const Report = stopEvent("Report", z.object({ total: z.number() }));

/** Sends `count` events Next; `work` handles each. */
const fanOut = (count: number, numWorkers: number, work: (n: number) => Promise<void>) =>
  defineWorkflow("fan-out")
    .step("split", { accepts: StartEvent, emits: Next }, (_event, ctx) => {
      for (let n = 0; n < count; n++) ctx.sendEvent(Next({ n }));
    })
    .step("work", { accepts: Next, emits: StopEvent, numWorkers }, async (event, ctx) => {
      await work(event.data.n);
      return ctx.collectEvents(
        event,
        Array.from({ length: count }, () => Next),
      )
        ? StopEvent("done")
        : undefined;
    });

describe("the example of the API page", () => {
  const Ingest = startEvent("Ingest", z.object({ urls: z.array(z.string()) }));
  const Fetch = defineEvent("Fetch", z.object({ url: z.string() }));
  const Page = defineEvent("Page", z.object({ url: z.string(), words: z.number() }));
  const ingest = defineWorkflow("ingest", {
    timeout: 60_000,
    state: z.object({ seen: z.number().default(0) }),
    resources: { cache: resource(() => new Map<string, string>()) },
    numConcurrentRuns: 2,
  })
    .step("plan", { accepts: Ingest, emits: Fetch, numWorkers: 1 }, (event, ctx) => {
      for (const url of event.data.urls) ctx.sendEvent(Fetch({ url }));
    })
    .step(
      "fetch",
      {
        accepts: Fetch,
        emits: Page,
        numWorkers: 8,
        retryPolicy: exponentialBackoff({ maximumAttempts: 5, initial: 1 }),
      },
      async (event, ctx) => {
        if (ctx.retryInfo().attempt < 1) throw new Error("first time");
        await ctx.store.edit((draft) => void (draft.seen += 1));
        return Page({ url: event.data.url, words: 3 });
      },
    )
    .step("report", { accepts: Page, emits: Report }, (event, ctx) => {
      const pages = ctx.collectEvents(event, [Page, Page, Page]);
      return pages ? Report({ total: pages.reduce((sum, page) => sum + page.data.words, 0) }) : undefined;
    });

  test("fan-out, retries, a set and a store give the result", async () => {
    const { clock, runtime } = simulated();
    const handler = run(ingest, { urls: ["a", "b", "c"] }, { runtime });
    await clock.advance(10);
    expect(await handler.result()).toEqual({ total: 9 });
    expect(handler.status).toBe("completed");
  });
});

describe("result", () => {
  test("is the data of the plain stop event", async () => {
    expect(await resultOf(() => ({ a: [1] }))).toEqual({ a: [1] });
  });

  test("is the data of a custom stop event", async () => {
    const workflow = defineWorkflow("w").step("a", { accepts: StartEvent, emits: Report }, () => Report({ total: 1 }));
    expect(await run(workflow).result()).toEqual({ total: 1 });
  });

  test("can be asked for several times", async () => {
    const handler = run(single(() => 1));
    expect(await Promise.all([handler.result(), handler.result()])).toEqual([1, 1]);
    expect(await handler.result()).toBe(1);
  });

  test("a handler is not thenable", async () => {
    const handler = run(single(() => 1));
    expect(await Promise.resolve(handler)).toBe(handler);
    expect("then" in handler).toBe(false);
  });

  test("a failed run nobody asks about does not end the process", async () => {
    run(single(() => Promise.reject(new Error("unheard"))));
    await settle();
  });
});

describe("input", () => {
  const Begin = startEvent("Begin", z.object({ n: z.number() }));
  const begin = defineWorkflow("w").step("a", { accepts: Begin, emits: StopEvent }, (event) => StopEvent(event.data.n));

  test("is the data of the start kind", async () => {
    expect(await run(begin, { n: 4 }).result()).toBe(4);
  });

  test("may be a start event made before", async () => {
    expect(await run(begin, Begin({ n: 5 }) as never).result()).toBe(5);
  });

  test("that does not fit throws at once and names event and path", () => {
    expect(() => run(begin, { n: "x" } as never)).toThrow(EventValidationError);
    expect(() => run(begin, { n: "x" } as never)).toThrow(/Begin.*n/);
  });

  test("that is another event is refused", () => {
    expect(() => run(begin, Next({ n: 1 }) as never)).toThrow(EventValidationError);
    expect(() =>
      run(
        single(() => 1),
        Next({ n: 1 }) as never,
      ),
    ).toThrow(WorkflowConfigurationError);
  });

  test("of the plain start kind may be left out", async () => {
    expect(await resultOf((_ctx, event) => event.data)).toBe(null);
  });
});

describe("a run", () => {
  test("has the id it is given, or one of its own", () => {
    expect(
      run(
        single(() => 1),
        null,
        { runId: "mine" },
      ).runId,
    ).toBe("mine");
    expect(run(single(() => 1)).runId).not.toBe(run(single(() => 1)).runId);
  });

  test("begins after the call that starts it: nothing of a step runs inside `run`", () => {
    let began = false;
    run(single(() => (began = true)));
    expect(began).toBe(false);
  });

  test("of a workflow that cannot work throws at once", () => {
    const lost = defineWorkflow("w").step("a", { accepts: StartEvent, emits: [StopEvent, Next] }, () => undefined);
    expect(() => run(lost)).toThrow(WorkflowValidationError);
  });

  test("goes along a chain in causal order, synchronous and asynchronous steps mixed", async () => {
    const order: string[] = [];
    const workflow = defineWorkflow("w")
      .step("first", { accepts: StartEvent, emits: Next }, () => (order.push("first"), Next({ n: 1 })))
      .step("second", { accepts: Next, emits: Report }, async (event) => {
        await settle();
        order.push("second");
        return Report({ total: event.data.n });
      });
    expect(await run(workflow).result()).toEqual({ total: 1 });
    expect(order).toEqual(["first", "second"]);
  });

  test("does not touch other runs of the same workflow", async () => {
    const workflow = single(async (ctx, event) => {
      await ctx.store.set("mine", event.data);
      await settle();
      return ctx.store.get("mine");
    });
    const results = await Promise.all([1, 2, 3].map((n) => run(workflow, n).result()));
    expect(results).toEqual([1, 2, 3]);
  });

  test("has nothing in progress when it is done", async () => {
    const handler = run(fanOut(5, 2, settle));
    await handler.result();
    const { steps } = await handler.snapshot();
    expect(Object.values(steps).map(({ queue, inProgress }) => [queue.length, inProgress.length])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("leaves no timer behind when it is done", async () => {
    const { clock, runtime } = simulated();
    await run(
      single(() => 1),
      null,
      { runtime },
    ).result();
    expect(clock.pending).toBe(0);
  });

  test("leaves no timer behind when it fails", async () => {
    const { clock, runtime } = simulated();
    await failureOf(
      run(
        single(() => Promise.reject(new Error("x"))),
        null,
        { runtime },
      ),
    );
    expect(clock.pending).toBe(0);
  });

  test("tells its status from queued over idle to its end", async () => {
    const { promise, open } = gate();
    const workflow = single(async (ctx) => {
      await promise;
      await ctx.waitForEvent({ ...Next, type: "Never" } as never);
    });
    const handler = run(workflow);
    expect(handler.status).toBe("running");
    open();
    await settle();
    expect(handler.status).toBe("idle");
    await handler.cancelRun();
    expect(handler.status).toBe("cancelled");
  });
});

describe("numWorkers", () => {
  test("so many invocations of a step are at work at once", async () => {
    expect(await run(fanOut(3, 3, barrier(3))).result()).toBe("done");
  });

  test("and no more", async () => {
    let [busy, most] = [0, 0];
    const workflow = fanOut(9, 2, async () => {
      most = Math.max(most, (busy += 1));
      await settle();
      busy -= 1;
    });
    await run(workflow).result();
    expect(most).toBe(2);
  });

  test("of one works in the order of arrival", async () => {
    const order: number[] = [];
    await run(fanOut(5, 1, async (n) => void order.push(n))).result();
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  test("gives each invocation a worker id of its own", async () => {
    const meet = barrier(3);
    const ids = new Set<number>();
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: Next }, (_event, ctx) =>
        [1, 2, 3].forEach((n) => ctx.sendEvent(Next({ n }))),
      )
      .step("work", { accepts: Next, emits: StopEvent, numWorkers: 3 }, async (event, ctx) => {
        ids.add(ctx.workerId);
        await meet();
        return ctx.collectEvents(event, [Next, Next, Next]) ? StopEvent() : undefined;
      });
    await run(workflow).result();
    expect(ids).toEqual(new Set([0, 1, 2]));
  });
});

describe("numConcurrentRuns", () => {
  /** Runs that stay at work until told. */
  function limited(numConcurrentRuns: number) {
    const gates: { open(): void }[] = [];
    const begun: unknown[] = [];
    const workflow = single(
      async (_ctx, event) => {
        begun.push(event.data);
        const { promise, open } = gate();
        gates.push({ open: () => open() });
        await promise;
        return event.data;
      },
      { numConcurrentRuns },
    );
    return { workflow, begun, gates };
  }

  test("lets so many begin; the others wait their turn in call order", async () => {
    const { workflow, begun, gates } = limited(1);
    const handlers = [1, 2, 3].map((n) => run(workflow, n));
    await settle();
    expect([begun, handlers.map(({ status }) => status)]).toEqual([[1], ["running", "queued", "queued"]]);
    for (const index of [0, 1, 2]) {
      gates[index]!.open();
      await settle();
    }
    expect(begun).toEqual([1, 2, 3]);
  });

  test("a queued run that is cancelled ends promptly and gives its turn away (G7)", async () => {
    const { workflow, begun, gates } = limited(1);
    const [, second, third] = [1, 2, 3].map((n) => run(workflow, n));
    await second!.cancelRun("no");
    expect(await stateOf(second!.result())).toBe("rejected");
    gates[0]!.open();
    await settle();
    expect(begun).toEqual([1, 3]);
    expect(third!.status).toBe("running");
  });

  test("a run that fails gives its turn away", async () => {
    const workflow = single((_ctx, event) => (event.data === "bad" ? Promise.reject(new Error("x")) : 1), {
      numConcurrentRuns: 1,
    });
    const [first, second] = [run(workflow, "bad"), run(workflow, "good")];
    await failureOf(first);
    expect(await second.result()).toBe(1);
  });

  test("events sent to a queued run reach it when it begins", async () => {
    const Extra = defineEvent("Extra", z.object({ n: z.number() }));
    const release = gate();
    const workflow = defineWorkflow("w", { numConcurrentRuns: 1, skipGraphChecks: ["reachability"] })
      .step("begin", { accepts: StartEvent, emits: Extra }, () => release.promise as Promise<never>)
      .step("extra", { accepts: Extra, emits: StopEvent }, (event) => StopEvent(event.data.n));
    const [first, second] = [run(workflow), run(workflow)];
    await second.sendEvent(Extra({ n: 2 }));
    await settle();
    expect(second.status).toBe("queued");
    await first.cancelRun();
    release.open();
    expect(await second.result()).toBe(2);
  });

  test("a queued run's timeout does not count", async () => {
    const { clock, runtime } = simulated();
    const { promise, open } = gate();
    const workflow = single(() => promise, { numConcurrentRuns: 1, timeout: 100 });
    const first = run(workflow, 1, { runtime: { ...runtime, clock: simulated().clock } });
    const second = run(workflow, 2, { runtime });
    await clock.advance(1000);
    expect(second.status).toBe("queued");
    open();
    await first.result();
    expect(await second.result()).toBe(null);
  });

  test("without a limit runs overlap", async () => {
    const meet = barrier(3);
    await Promise.all([1, 2, 3].map(() => run(single(meet)).result()));
  });
});

describe("sendEvent from outside", () => {
  const Extra = defineEvent("Extra", z.object({ n: z.number() }));
  const open = () => {
    const { promise } = gate();
    const workflow = defineWorkflow("w", { skipGraphChecks: ["reachability"] })
      .step("begin", { accepts: StartEvent, emits: Extra }, () => promise as Promise<never>)
      .step("extra", { accepts: Extra, emits: StopEvent }, (event) => StopEvent(event.data.n))
      .step("other", { accepts: Extra, emits: StopEvent }, () => promise as Promise<never>);
    return run(workflow);
  };

  test("reaches the steps that accept it", async () => {
    const handler = open();
    await handler.sendEvent(Extra({ n: 1 }));
    expect(await handler.result()).toBe(1);
  });

  test("targeted reaches the named step alone", async () => {
    const handler = open();
    await handler.sendEvent(Extra({ n: 1 }), { step: "other" });
    await settle();
    expect(handler.status).toBe("running");
    const { steps } = await handler.snapshot();
    const atWork = Object.entries(steps).filter(([, { inProgress }]) => inProgress.length > 0);
    expect(atWork.map(([name]) => name)).toEqual(["begin", "other"]);
    expect(steps["extra"]).toMatchObject({ queue: [], completed: 0 });
  });

  test("to an unknown step is refused", async () => {
    await expect(open().sendEvent(Extra({ n: 1 }), { step: "nobody" })).rejects.toMatchObject({
      name: "WorkflowRuntimeError",
      code: "STEP_UNKNOWN",
    });
  });

  test("to a step that does not accept it is refused and says what it accepts", async () => {
    await expect(open().sendEvent(Extra({ n: 1 }), { step: "begin" })).rejects.toThrow(
      /begin does not accept Extra.*StartEvent/,
    );
  });

  test("to a finished run is refused", async () => {
    const handler = run(single(() => 1));
    await handler.result();
    await expect(handler.sendEvent(Extra({ n: 1 }))).rejects.toBeInstanceOf(WorkflowRuntimeError);
  });

  test("of data that does not fit the kind is refused", async () => {
    await expect(open().sendEvent({ type: "Extra", data: { n: "x" } })).rejects.toBeInstanceOf(EventValidationError);
  });

  test.each([[null], [{}], ["Extra"], [{ type: 5, data: 1 }]])(
    "of %j, which is no event, is refused",
    async (nothing) => {
      const handler = open();
      await expect(handler.sendEvent(nothing as never)).rejects.toMatchObject({ code: expect.any(String) });
    },
  );

  test("of a stop event ends the run", async () => {
    const handler = open();
    await handler.sendEvent(StopEvent("outside"));
    expect(await handler.result()).toBe("outside");
  });
});

describe("numbering", () => {
  test("of published events is without gaps, and says when", async () => {
    const { clock, runtime } = simulated();
    const handler = run(
      single((ctx) => {
        for (const n of [1, 2]) ctx.writeEventToStream(Next({ n }));
      }),
      null,
      { runtime },
    );
    const events = await readAll(handler.streamEvents());
    expect(typesOf(events)).toEqual(["Next", "Next", "StopEvent"]);
    expect(events.map(({ sequence, at }) => [sequence, at - clock.now()])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
  });
});
