/** Resources: how they are made, and from what. */
import {
  constantDelay,
  ContextStateError,
  defineEvent,
  defineWorkflow,
  resource,
  resume,
  retryIfErrorCauseType,
  retryPolicy,
  run,
  StartEvent,
  StopEvent,
  waitNone,
  WorkflowConfigurationError,
  WorkflowRuntimeError,
  type Resource,
} from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, barrier, failureOf, gate, single, stateOf, throughJson } from "./fixtures.ts";

// eslint-disable-next-line typescript/no-explicit-any
type Any = any;

const Next = defineEvent("Next");

/** Two steps, one after the other, that both use these resources. */
const inTwoSteps = (resources: Record<string, Resource<unknown>>, use: (resources: Any) => unknown) =>
  defineWorkflow("w", { resources })
    .step("a", { accepts: StartEvent, emits: Next }, async (_event, ctx) => (await use(ctx.resources), Next()))
    .step("b", { accepts: Next, emits: StopEvent }, async (_event, ctx) => (await use(ctx.resources), StopEvent()));

/** Two steps that use these resources at the same moment. */
const atOnce = (resources: Record<string, Resource<unknown>>, use: (resources: Any) => unknown = () => undefined) =>
  defineWorkflow("w", { resources })
    .step("a", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) => void (await use(ctx.resources)))
    .step("b", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) => {
      await use(ctx.resources);
      await settle();
      return StopEvent();
    });

/** What one step finds. */
const found = async (resources: Record<string, Resource<unknown>>): Promise<Any> => {
  let seen: unknown;
  await run(single((ctx) => void (seen = ctx.resources), { resources })).result();
  return seen;
};

const failing = (resources: Record<string, Resource<unknown>>) => failureOf(run(single(() => 1, { resources })));

describe("a cached resource", () => {
  test("is made once per run and shared by its steps", async () => {
    const seen: unknown[] = [];
    const workflow = inTwoSteps({ cache: resource(() => ({})) }, ({ cache }) => seen.push(cache));
    await run(workflow).result();
    await run(workflow).result();
    expect(seen[0]).toBe(seen[1]);
    expect(seen[1]).not.toBe(seen[2]);
  });

  test("may be made asynchronously", async () => {
    expect(await found({ slow: resource(async () => (await settle(), 7)) })).toEqual({ slow: 7 });
  });

  test.each([[0], [""], [false], [null], [undefined], [Number.NaN]])("is cached when it is %s", async (value) => {
    let calls = 0;
    const seen: unknown[] = [];
    const falsy = resource(() => ((calls += 1), value));
    await run(inTwoSteps({ falsy }, (all) => seen.push(all.falsy))).result();
    expect(calls).toBe(1);
    expect(seen).toEqual([value, value]);
  });

  test("used by two steps at once for the first time is made by one call (G12)", async () => {
    let calls = 0;
    const meet = barrier(2);
    const workflow = defineWorkflow("w", { resources: { slow: resource(async () => (await settle(), (calls += 1))) } })
      .step("a", { accepts: StartEvent, emits: StopEvent }, () => meet() as Promise<never>)
      .step("b", { accepts: StartEvent, emits: StopEvent }, async () => (await meet(), StopEvent()));
    await run(workflow).result();
    expect(calls).toBe(1);
  });

  test("gets a signal that aborts when the run ends", async () => {
    let signal: AbortSignal | undefined;
    const db = resource((scope) => (({ signal } = scope), 1));
    await run(inTwoSteps({ db }, () => expect(signal?.aborted).toBe(false))).result();
    expect(signal?.aborted).toBe(true);
  });

  test("knows its run", async () => {
    const seen: string[] = [];
    const db = resource(({ runId }) => void seen.push(runId));
    await run(
      single(() => 1, { resources: { db } }),
      null,
      { runId: "r" },
    ).result();
    expect(seen).toEqual(["r"]);
  });

  test("listed under two names is one", async () => {
    const one = resource(() => ({}));
    const { a, b } = await found({ a: one, b: one });
    expect(a).toBe(b);
  });

  test("is made anew in a resumed run", async () => {
    let calls = 0;
    const resources = { db: resource(() => (calls += 1)) };
    const workflow = single(async (ctx) => (await ctx.waitForEvent(Answer), ctx.resources.db), { resources });
    const first = run(workflow);
    await settle();
    const second = resume(workflow, throughJson(await first.snapshot()));
    await second.sendEvent(Answer());
    expect(await second.result()).toBe(2);
    await first.cancelRun();
  });
});

describe("resources are told apart by themselves, not by their factories' names", () => {
  const make = (value: string) => {
    function factory() {
      return value;
    }
    return resource(factory);
  };

  test("two with factories of one name do not collide", async () => {
    expect(await found({ a: make("a"), b: make("b") })).toEqual({ a: "a", b: "b" });
  });

  test("two made of one factory are two", async () => {
    const factory = () => ({});
    const { a, b } = await found({ a: resource(factory), b: resource(factory) });
    expect(a).not.toBe(b);
  });

  test("two without names do not collide, used by others too", async () => {
    const user = resource(async ({ use }) => [await use(resource(() => 1)), await use(resource(() => 2))]);
    expect(await found({ user })).toEqual({ user: [1, 2] });
  });
});

describe("an uncached resource", () => {
  test("is made for each use by a step", async () => {
    const seen: unknown[] = [];
    const fresh = resource(() => ({}), { cache: false });
    await run(inTwoSteps({ fresh }, (all) => seen.push(all.fresh))).result();
    expect(seen[0]).not.toBe(seen[1]);
  });

  test("is made once for all that one step needs", async () => {
    const fresh = resource(() => ({}), { cache: false });
    const user = resource(async ({ use }) => ({ fresh: await use(fresh) }), { cache: false });
    const other = resource(async ({ use }) => ({ fresh: await use(fresh) }), { cache: false });
    const all = await found({ user, fresh, other });
    expect(all.user.fresh).toBe(all.fresh);
    expect(all.other.fresh).toBe(all.fresh);
  });

  test("is made anew for a retry", async () => {
    let calls = 0;
    const resources = { fresh: resource(() => (calls += 1), { cache: false }) };
    const workflow = single(
      (ctx) => (ctx.resources.fresh === 1 ? Promise.reject(new Error("x")) : ctx.resources.fresh),
      { resources },
      { retryPolicy: constantDelay({ delay: 0 }) },
    );
    expect(await run(workflow).result()).toBe(2);
  });

  test("that a cached one uses is that one's own, for the run", async () => {
    const seen: Any[] = [];
    const fresh = resource(() => ({}), { cache: false });
    const user = resource(async ({ use }) => ({ fresh: await use(fresh) }));
    await run(inTwoSteps({ user, fresh }, (all) => seen.push(all))).result();
    expect(seen[0].user.fresh).toBe(seen[1].user.fresh);
    expect(seen[0].user.fresh).not.toBe(seen[0].fresh);
  });
});

describe("a resource that uses others", () => {
  test("gets their values, listed or not", async () => {
    const url = resource(() => "db://");
    const pool = resource(async ({ use }) => (await settle(), { url: await use(url) }));
    const users = resource(async ({ use }) => ({ pool: await use(pool) }));
    expect(await found({ users })).toEqual({ users: { pool: { url: "db://" } } });
  });

  test("gets the one that steps get", async () => {
    const pool = resource(() => ({}));
    const users = resource(async ({ use }) => ({ pool: await use(pool) }));
    const all = await found({ users, pool });
    expect(all.users.pool).toBe(all.pool);
  });

  test("shares what others use as well: one call for a diamond", async () => {
    let calls = 0;
    const base = resource(async () => (await settle(), { call: (calls += 1) }));
    const left = resource(async ({ use }) => use(base));
    const right = resource(async ({ use }) => use(base));
    const top = resource(async ({ use }) => Promise.all([use(left), use(right)]));
    const all = await found({ top, right, left });
    expect(calls).toBe(1);
    expect(all.top[0]).toBe(all.top[1]);
  });

  test("may use one later, when its own value is used", async () => {
    const late = resource(() => 5);
    const lazy = resource(({ use }) => ({ late: () => use(late) }));
    const workflow = single((ctx) => ctx.resources.lazy.late(), { resources: { lazy } });
    expect(await run(workflow).result()).toBe(5);
  });

  test("cannot use any more once the run is over", async () => {
    let late: (() => Promise<unknown>) | undefined;
    const lazy = resource(({ use }) => void (late = () => use(resource(() => 5, { name: "late" }))));
    await found({ lazy });
    await expect(late?.()).rejects.toThrow(ContextStateError);
    await expect(late?.()).rejects.toThrow(/late/);
  });
});

describe("a cycle", () => {
  test("that is none is not reported: two steps use the same slow resources at once (C-44)", async () => {
    // The reference keeps one list of what is being resolved for all steps, and takes the second step's use of a
    // resource in it for a circle.
    let calls = 0;
    const slow = resource(async () => (await settle(), (calls += 1)), { name: "slow" });
    const user = resource(async ({ use }) => ({ slow: await use(slow) }), { name: "user" });
    const other = resource(async ({ use }) => ({ user: await use(user), slow: await use(slow) }), { name: "other" });
    const seen: Any[] = [];
    await run(atOnce({ slow, user, other }, (all) => seen.push(all))).result();
    expect(seen).toHaveLength(2);
    expect(seen[0].other.user).toBe(seen[1].user);
    expect(calls).toBe(1);
  });

  test("that is none is not reported: uncached ones at once (C-44)", async () => {
    const slow = resource(async () => settle(), { cache: false });
    const user = resource(async ({ use }) => use(slow), { cache: false });
    expect(await run(atOnce({ slow, user })).result()).toBeNull();
  });

  /** Resources that use each other, by name. */
  const ring = (names: string[], cache: (name: string) => boolean = () => true) => {
    const made: Record<string, Resource<unknown>> = {};
    for (const [index, name] of names.entries()) {
      const next = names[(index + 1) % names.length] as string;
      made[name] = resource(
        async ({ use }): Promise<unknown> => (await settle(), use(made[next] as Resource<unknown>)),
        {
          cache: cache(name),
          name,
        },
      );
    }
    return made;
  };

  test.each([
    ["of one", ["a"]],
    ["of two", ["a", "b"]],
    ["of four", ["a", "b", "c", "d"]],
  ])("%s fails the step and names the chain", async (_name, names) => {
    const { a } = ring(names);
    const error = await failing({ a: a as Resource<unknown> });
    expect(error).toBeInstanceOf(WorkflowConfigurationError);
    expect(error).toMatchObject({ code: "RESOURCE_CYCLE", message: expect.stringMatching(/ → /) });
    const { chain } = (error as WorkflowConfigurationError).data as { chain: string[] };
    expect(chain.at(0)).toBe(chain.at(-1));
    expect(new Set(chain)).toEqual(new Set(names));
  });

  test.each([
    ["of uncached ones", () => false],
    ["through one cached one", (name: string) => name === "b"],
    ["through two cached ones", (name: string) => name !== "a"],
  ])("%s is found", async (_name, cache) => {
    const { a } = ring(["a", "b", "c"], cache);
    expect(await failing({ a: a as Resource<unknown> })).toMatchObject({ code: "RESOURCE_CYCLE" });
  });

  test("entered by two steps at two places at once is found, and nothing hangs", async () => {
    const { a, b } = ring(["a", "b"]);
    const error = await failureOf(run(atOnce({ a: a as Resource<unknown>, b: b as Resource<unknown> })));
    expect(error).toMatchObject({ code: "RESOURCE_CYCLE" });
  });

  test("of factories that ask at once is found, and leaves nothing half made", async () => {
    const seen: unknown[] = [];
    const a: Resource<unknown> = resource(({ use }) => use(b).catch(() => "a alone"), { name: "a" });
    const b: Resource<unknown> = resource(({ use }) => use(a).then((value) => (seen.push(value), value)), {
      name: "b",
    });
    expect(await found({ a })).toEqual({ a: "a alone" });
    expect(seen).toEqual([]);
  });

  test("does not keep the others from being made", async () => {
    const { a } = ring(["a", "b"]);
    let calls = 0;
    const good = resource(() => (calls += 1));
    await failing({ good, a: a as Resource<unknown> });
    expect(calls).toBe(1);
  });
});

describe("a factory that fails", () => {
  test.each([
    ["at once", () => JSON.parse("{")],
    ["later", async () => (await settle(), JSON.parse("{"))],
  ])("%s fails the step with its name and its error", async (_name, factory) => {
    const error = await failing({ cache: resource(factory) });
    expect(error).toBeInstanceOf(WorkflowRuntimeError);
    expect(error).toMatchObject({
      code: "RESOURCE_FAILED",
      data: { resource: "cache" },
      cause: expect.any(SyntaxError),
      message: expect.stringMatching(/^Resource cache could not be made: .*JSON/),
    });
  });

  test.each([["text"], [undefined], [null], [Object.create(null)]])(
    "by throwing %o is reported too",
    async (thrown) => {
      // eslint-disable-next-line typescript/prefer-promise-reject-errors
      const error = await failing({ odd: resource(() => Promise.reject(thrown)) });
      expect(error).toMatchObject({ code: "RESOURCE_FAILED", message: expect.stringMatching(/^Resource odd /) });
    },
  );

  test("fails those that use it, and the messages name the way", async () => {
    const bad = resource(() => Promise.reject(new TypeError("no network")), { name: "bad" });
    const error = await failing({ user: resource(({ use }) => use(bad)) });
    expect((error as Error).message).toMatch(/Resource user .*Resource bad .*no network/);
  });

  test("may be caught by one that uses it", async () => {
    const bad = resource(() => Promise.reject(new Error("x")));
    expect(await found({ user: resource(({ use }) => use(bad).catch(() => "instead")) })).toEqual({ user: "instead" });
  });

  test("may be ignored by one that uses it", async () => {
    const bad = resource(() => Promise.reject(new Error("x")));
    expect(await found({ user: resource(({ use }) => (void use(bad), "fine")) })).toEqual({ user: "fine" });
  });

  test("is called again by the next attempt; what succeeded is kept", async () => {
    const calls = { flaky: 0, steady: 0 };
    const steady = resource(() => (calls.steady += 1));
    const flaky = resource(async ({ use }) => {
      await use(steady);
      if ((calls.flaky += 1) < 3) throw new RangeError("not yet");
      return calls.flaky;
    });
    const policy = retryPolicy({ retry: retryIfErrorCauseType(RangeError), wait: waitNone() });
    const workflow = single((ctx) => ctx.resources.flaky, { resources: { flaky } }, { retryPolicy: policy });
    expect(await run(workflow).result()).toBe(3);
    expect(calls).toEqual({ flaky: 3, steady: 1 });
  });

  test("fails both steps that wait for it, with one call", async () => {
    let calls = 0;
    const bad = resource(async () => ((calls += 1), await settle(), Promise.reject(new Error("x"))));
    expect(await failureOf(run(atOnce({ bad })))).toMatchObject({ code: "RESOURCE_FAILED" });
    expect(calls).toBe(1);
  });

  test.each([[undefined], [null], [() => 1], [{}]])("by using %o, which is no resource, is told so", async (value) => {
    const error = await failing({ user: resource(({ use }) => use(value as never)) });
    expect((error as Error).message).toMatch(/Resource user uses something that is none/);
  });

  test.each([
    ["its own name", resource(() => JSON.parse("{"), { name: "mine" }), "mine"],
    [
      "its factory's",
      resource(function connect() {
        return JSON.parse("{");
      }),
      "connect",
    ],
    ["none", resource(() => JSON.parse("{")), "without a name"],
  ])("unlisted is called by %s", async (_name, bad, expected) => {
    const error = await failing({ user: resource(({ use }) => use(bad)) });
    expect(((error as Error).cause as WorkflowRuntimeError).data).toEqual({ resource: expected });
  });
});

describe("given by hand", () => {
  const never = () => {
    throw new Error("called");
  };
  const db = resource((): { name: string } => never());
  const users = resource(async ({ use }) => `users of ${(await use(db)).name}`);
  const workflow = defineWorkflow("w", { resources: { db, users } }).step(
    "a",
    { accepts: StartEvent, emits: StopEvent },
    (_event, { resources }) => StopEvent([resources.db.name, resources.users]),
  );

  test("a value is used in place of the factory's, by other resources too", async () => {
    const handler = run(workflow, null, { resources: { db: { name: "fake" } } });
    expect(await handler.result()).toEqual(["fake", "users of fake"]);
  });

  test.each([[null], [undefined], [0]])("also %s", async (value) => {
    const one = single((ctx) => ctx.resources.one ?? "nothing", { resources: { one: resource(never) } });
    expect(await run(one, null, { resources: { one: value } as never }).result()).toBe(value ?? "nothing");
  });

  test("to a resumed run", async () => {
    const waiting = single(async (ctx) => (await ctx.waitForEvent(Answer), ctx.resources.db), { resources: { db } });
    const first = run(waiting, null, { resources: { db: "one" } as never });
    await settle();
    const second = resume(waiting, throughJson(await first.snapshot()), { resources: { db: "two" } as never });
    await second.sendEvent(Answer());
    expect(await second.result()).toBe("two");
    await first.cancelRun();
  });

  test("under a name that is not listed is refused", () => {
    const give = () => run(workflow, null, { resources: { database: { name: "x" } } as never });
    expect(give).toThrow(WorkflowConfigurationError);
    expect(give).toThrow(/database.*db, users/);
  });

  test("under the name of what every object has is refused", () => {
    expect(() => run(workflow, null, { resources: { toString: 1 } as never })).toThrow(WorkflowConfigurationError);
  });
});

test("a run that ends while a resource is being made does not wait for it", async () => {
  const held = gate();
  const resources = { slow: resource(() => held.promise) };
  const handler = run(single(() => 1, { resources }));
  await settle();
  await handler.cancelRun();
  expect(await stateOf(handler.result())).toBe("rejected");
  held.open();
  await settle();
  expect(handler.status).toBe("cancelled");
});
