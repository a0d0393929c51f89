/** Resources: how they leave. */
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  resource,
  run,
  StartEvent,
  StopEvent,
  WorkflowRuntimeError,
  type Resource,
  type WorkflowError,
  type WorkflowOptions,
} from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Lifetime } from "../../src/engine/resource-lifetime.ts";
import { Answer, barrier, type Ctx, failureOf, gate, resultOf, simulated, single, stateOf } from "./fixtures.ts";

const Next = defineEvent("Next");

let left: string[] = [];
afterEach(() => void (left = []));
/** A resource whose value is its name, and that says when it leaves. */
const leaving = (name: string, uses: Resource<unknown>[] = [], cache = true) =>
  resource(
    async ({ use }) => {
      for (const one of uses) await use(one);
      return name;
    },
    { name, cache, dispose: (value) => void left.push(value) },
  );

const Leave = class {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  [Symbol.dispose]() {
    left.push(this.name);
  }
};

describe("at the run's end", () => {
  const db = leaving("db");
  const held = gate<never>();

  const ends: [string, WorkflowOptions, (ctx: Ctx) => unknown, string][] = [
    ["completes", {}, () => 1, "completed"],
    ["fails", {}, () => Promise.reject(new Error("x")), "failed"],
    ["times out", { timeout: 50 }, () => held.promise, "timedOut"],
  ];
  test.each(ends)("when it %s", async (_name, options, step, status) => {
    const { clock, runtime } = simulated();
    const handler = run(single(step, { ...options, resources: { db } }), null, { runtime });
    await clock.advance(50);
    expect(handler.status).toBe(status);
    expect(left).toEqual(["db"]);
  });

  test("when it is cancelled", async () => {
    const handler = run(single(() => held.promise, { resources: { db } }));
    await settle();
    expect(left).toEqual([]);
    await handler.cancelRun();
    expect(left).toEqual(["db"]);
  });

  test("when its engine closes, which waits for it", async () => {
    const slow = resource(() => "slow", { dispose: async (name) => (await settle(), void left.push(name)) });
    const workflow = single(() => held.promise, { resources: { slow } });
    const engine = await createEngine({ workflow }, { journal: new MemoryJournal() });
    await engine.start("workflow", null);
    await settle();
    await engine.close();
    expect(left).toEqual(["slow"]);
  });

  test("once, even if the run is let go after it ended", async () => {
    const workflow = single(() => 1, { resources: { db } });
    const engine = await createEngine({ workflow }, { journal: new MemoryJournal() });
    const handler = await engine.start("workflow", null);
    await handler.result();
    await engine.deleteRun(handler.runId);
    await engine.close();
    expect(left).toEqual(["db"]);
  });

  test("not before: a step that still runs has them", async () => {
    const meet = barrier(2);
    const workflow = defineWorkflow("w", { resources: { db } })
      .step("a", { accepts: StartEvent, emits: Next }, async () => (await meet(), Next()))
      .step("b", { accepts: StartEvent, emits: [] }, meet)
      .step("c", { accepts: Next, emits: StopEvent }, () => StopEvent([...left]));
    expect(await run(workflow).result()).toEqual([]);
    expect(left).toEqual(["db"]);
  });

  test("before result() resolves, if that takes no time; the signal has aborted by then", async () => {
    let aborted: boolean | undefined;
    const watch = resource(({ signal }) => signal, { dispose: (signal) => void ({ aborted } = signal) });
    await resultOf(() => 1, { resources: { watch } });
    expect(aborted).toBe(true);
  });

  test("without holding up result(), if that takes long", async () => {
    const slow = resource(() => 1, { dispose: () => held.promise });
    expect(await resultOf(() => 1, { resources: { slow } })).toBe(1);
  });

  test("not if it was never made", async () => {
    const unused = leaving("unused");
    const lazy = resource(
      ({ use }) =>
        () =>
          use(unused),
    );
    await resultOf(() => 1, { resources: { lazy } });
    expect(left).toEqual([]);
  });

  test("not if it was given by hand", async () => {
    const workflow = single((ctx) => ctx.resources.db, { resources: { db } });
    expect(await run(workflow, null, { resources: { db: "mine" } as never }).result()).toBe("mine");
    expect(left).toEqual([]);
  });

  test("as soon as it is there, if it was still being made", async () => {
    const opening = gate<string>();
    const slow = resource(() => opening.promise, { dispose: (value) => void left.push(value) });
    const handler = run(single(() => 1, { resources: { slow } }));
    await settle();
    await handler.cancelRun();
    opening.open("late");
    await settle();
    expect(left).toEqual(["late"]);
  });
});

describe("the order", () => {
  test("is the reverse of creation: what is used goes after those that use it", async () => {
    const url = leaving("url");
    const pool = leaving("pool", [url]);
    const users = leaving("users", [pool, url]);
    await resultOf(() => 1, { resources: { users, url } });
    expect(left).toEqual(["users", "pool", "url"]);
  });

  test("waits for each that takes time", async () => {
    const first = leaving("first");
    const second = resource(async ({ use }) => void (await use(first)), {
      dispose: async () => (left.push("second…"), await settle(), void left.push("second")),
    });
    await resultOf(() => 1, { resources: { second } });
    await settle();
    await settle();
    expect(left).toEqual(["second…", "second", "first"]);
  });

  test("holds for uncached ones of a cached one too", async () => {
    const base = leaving("base");
    const fresh = leaving("fresh", [base], false);
    const top = leaving("top", [fresh]);
    await resultOf(() => left.length, { resources: { top } });
    expect(left).toEqual(["top", "fresh", "base"]);
  });

  test("lets what a step used leave before what the run has, however long that takes", async () => {
    const pool = leaving("pool");
    const connection = resource(async ({ use }) => use(pool), {
      cache: false,
      dispose: async () => (await settle(), void left.push("connection")),
    });
    await resultOf(() => 1, { resources: { connection } });
    await settle();
    await settle();
    expect(left).toEqual(["connection", "pool"]);
  });
});

describe("an uncached resource leaves when the invocation it was made for is over", () => {
  const fresh = leaving("fresh", [], false);
  const resources = { fresh };

  test("because it returned", async () => {
    const workflow = defineWorkflow("w", { resources })
      .step("a", { accepts: StartEvent, emits: Next }, async () => (await settle(), Next(left.length)))
      .step("b", { accepts: Next, emits: StopEvent }, (event) => StopEvent([event.data, left.length]));
    expect(await run(workflow).result()).toEqual([0, 1]);
    expect(left).toEqual(["fresh", "fresh"]);
  });

  test("because it failed and is tried again", async () => {
    const workflow = single(
      (ctx) => (ctx.retryInfo().attempt === 0 ? Promise.reject(new Error("x")) : left.length),
      { resources },
      { retryPolicy: constantDelay({ delay: 0 }) },
    );
    expect(await run(workflow).result()).toBe(1);
  });

  test("because it waits", async () => {
    const handler = run(single(async (ctx) => (await ctx.waitForEvent(Answer), left.length), { resources }));
    await settle();
    expect(left).toEqual(["fresh"]);
    await handler.sendEvent(Answer());
    expect(await handler.result()).toBe(1);
    expect(left).toEqual(["fresh", "fresh"]);
  });

  test("after the step's signal said that it is over", async () => {
    const { runtime } = simulated();
    const handler = run(
      single(
        (ctx) => {
          ctx.signal.addEventListener("abort", () => left.push("told"));
          return gate<never>().promise;
        },
        { resources: { once: leaving("once", [], false), kept: leaving("kept") } },
      ),
      null,
      { runtime },
    );
    await settle();
    await handler.cancelRun();
    expect(left).toEqual(["told", "once", "kept"]);
  });

  test("because another resource of it failed", async () => {
    const bad = resource(async () => (await settle(), Promise.reject(new Error("x"))));
    await failureOf(run(single(() => 1, { resources: { fresh, bad } })));
    expect(left).toEqual(["fresh"]);
  });

  test("and once it is there, if that was before", async () => {
    const opening = gate<string>();
    const slow = resource(() => opening.promise, { cache: false, dispose: (value) => void left.push(value) });
    const bad = resource(() => Promise.reject(new Error("x")));
    await failureOf(run(single(() => 1, { resources: { slow, bad } })));
    opening.open("late");
    await settle();
    expect(left).toEqual(["late"]);
  });

  test("with those it uses, the newest first; cached ones stay", async () => {
    const pool = leaving("pool");
    const part = leaving("part", [pool], false);
    const whole = leaving("whole", [part], false);
    const workflow = defineWorkflow("w", { resources: { whole } })
      .step("a", { accepts: StartEvent, emits: Next }, () => Next())
      .step("b", { accepts: Next, emits: StopEvent }, () => StopEvent([...left]));
    expect(await run(workflow).result()).toEqual(["whole", "part"]);
    expect(left).toEqual(["whole", "part", "whole", "part", "pool"]);
  });
});

test("what was made for a cached resource that then failed leaves at once", async () => {
  const fresh = leaving("fresh", [], false);
  const flaky = resource(async ({ use }) => {
    await use(fresh);
    if (left.length === 0) throw new Error("x");
    return [...left];
  });
  const workflow = single(
    (ctx) => ctx.resources.flaky,
    { resources: { flaky } },
    { retryPolicy: constantDelay({ delay: 0 }) },
  );
  expect(await run(workflow).result()).toEqual(["fresh"]);
  expect(left).toEqual(["fresh", "fresh"]);
});

describe("a value's own way", () => {
  test("is Symbol.dispose", async () => {
    await resultOf(() => 1, { resources: { one: resource(() => new Leave("one")) } });
    expect(left).toEqual(["one"]);
  });

  test("or Symbol.asyncDispose, which goes first", async () => {
    const make = () => Object.assign(new Leave("sync"), { [Symbol.asyncDispose]: async () => void left.push("async") });
    await resultOf(() => 1, { resources: { one: resource(make) } });
    expect(left).toEqual(["async"]);
  });

  test("gives way to the option", async () => {
    const one = resource(() => new Leave("own"), { dispose: () => void left.push("option") });
    await resultOf(() => 1, { resources: { one } });
    expect(left).toEqual(["option"]);
  });

  test("can be that of a function", async () => {
    const call = Object.assign(() => 1, { [Symbol.dispose]: () => void left.push("function") });
    await resultOf(() => 1, { resources: { call: resource(() => call) } });
    expect(left).toEqual(["function"]);
  });

  test("is gone once, when a resource passes on what it got from another", async () => {
    const pool = resource(() => new Leave("pool"));
    const alias = resource(({ use }) => use(pool), { cache: false });
    const workflow = defineWorkflow("w", { resources: { alias } })
      .step("a", { accepts: StartEvent, emits: Next }, () => Next())
      .step("b", { accepts: Next, emits: StopEvent }, () => StopEvent([...left]));
    expect(await run(workflow).result()).toEqual([]);
    expect(left).toEqual(["pool"]);
  });

  test("is not gone for a value given by hand that a resource passes on", async () => {
    const pool = resource(() => new Leave("made"), { name: "pool" });
    const alias = resource(({ use }) => use(pool));
    const workflow = single(() => 1, { resources: { pool, alias } });
    await run(workflow, null, { resources: { pool: new Leave("given") } as never }).result();
    expect(left).toEqual([]);
  });

  test("is gone each time the same object is handed out again", async () => {
    const only = new Leave("only");
    const workflow = defineWorkflow("w", { resources: { one: resource(() => only, { cache: false }) } })
      .step("a", { accepts: StartEvent, emits: Next }, () => Next())
      .step("b", { accepts: Next, emits: StopEvent }, () => StopEvent());
    await run(workflow).result();
    expect(left).toEqual(["only", "only"]);
  });
});

test("on a platform that knows no such symbols, a value without the option just goes", () => {
  const failed = vi.fn<() => void>();
  const lifetime = new Lifetime(new Set(), failed);
  lifetime.add("one", new Leave("one"), null);
  vi.stubGlobal("Symbol", {});
  try {
    void lifetime.close();
  } finally {
    vi.unstubAllGlobals();
  }
  expect(left).toEqual([]);
  expect(failed).not.toHaveBeenCalled();
});

describe("one that fails", () => {
  const failures: [string, () => unknown][] = [
    ["at once", () => JSON.parse("{")],
    ["later", async () => (await settle(), JSON.parse("{"))],
    // eslint-disable-next-line typescript/prefer-promise-reject-errors
    ["with nothing", () => Promise.reject()],
  ];

  /** A run with a resource whose disposal fails, and what was reported. */
  async function ended(dispose: () => unknown, step: () => unknown = () => 1, cache = true) {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const resources = { good: leaving("good"), bad: resource(() => "bad", { dispose, cache }) };
    const handler = run(single(step, { resources }), null, { runId: "r" });
    const outcome = await handler.result().catch((error: unknown) => error);
    await settle();
    await settle();
    return { handler, outcome, problems: log.mock.calls.map(([problem]) => problem as WorkflowError) };
  }

  test.each(failures)("%s changes nothing about the run, and is reported", async (_name, dispose) => {
    const { outcome, handler, problems } = await ended(dispose);
    expect([outcome, handler.status]).toEqual([1, "completed"]);
    expect(problems).toEqual([expect.any(WorkflowRuntimeError)]);
    expect(problems[0]).toMatchObject({ code: "RESOURCE_NOT_DISPOSED", data: { resource: "bad", runId: "r" } });
    expect(problems[0]?.message).toMatch(/^Resource bad of run r /);
  });

  test.each(failures)("%s does not keep others from leaving", async (_name, dispose) => {
    await ended(dispose);
    expect(left).toEqual(["good"]);
  });

  test.each(failures)("%s after a step changes nothing about the step", async (_name, dispose) => {
    const { outcome, problems } = await ended(dispose, () => 5, false);
    expect(outcome).toBe(5);
    expect(problems).toHaveLength(1);
  });

  test("does not hide why the run failed", async () => {
    const error = new Error("mine");
    expect(
      (
        await ended(
          () => JSON.parse("{"),
          () => Promise.reject(error),
        )
      ).outcome,
    ).toBe(error);
  });

  test("is no worse when it cannot be reported", async () => {
    vi.spyOn(console, "error").mockImplementation(() => JSON.parse("{"));
    const bad = resource(() => 1, { dispose: () => JSON.parse("{") });
    expect(await stateOf(run(single(() => 1, { resources: { bad } })).result())).toBe("resolved");
  });
});

test("a disposal that fails is told to the runtime's hooks, in place of the console", async () => {
  const problems: WorkflowError[] = [];
  const spoken = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const workflow = defineWorkflow("hooked", {
    resources: {
      broken: resource(() => 1, {
        dispose: () => {
          throw new Error("stuck");
        },
      }),
    },
  }).step("use", { accepts: StartEvent, emits: StopEvent }, (_event, ctx) => StopEvent(ctx.resources.broken));
  const hook = { onTick: () => undefined, onProblem: (problem: WorkflowError) => void problems.push(problem) };
  const handler = run(workflow, null, { runtime: { clock: new SimulatedClock(), journal: null, hooks: [hook] } });
  expect(await handler.result()).toBe(1);
  await settle();
  expect(problems).toMatchObject([{ code: "RESOURCE_NOT_DISPOSED" }]);
  expect(spoken).not.toHaveBeenCalled();
});
