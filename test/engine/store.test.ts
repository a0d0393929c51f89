import {
  defineEvent,
  defineWorkflow,
  run,
  StartEvent,
  StopEvent,
  WorkflowConfigurationError,
  WorkflowRuntimeError,
} from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Ctx, failureOf, gate, resultOf, single } from "./fixtures.ts";

/** Values of tests that look inside without saying what they are. */
type Any = Ctx["resources"];

const Next = defineEvent("Next");
const Shape = z.object({ n: z.number().default(1), profile: z.object({ name: z.string() }).default({ name: "?" }) });

describe("get and set", () => {
  test("work along nested paths and lists", async () => {
    const result = await resultOf(async ({ store }) => {
      await store.set("profile.columns", [{ name: "a" }]);
      await store.set("profile.columns.0.name", "b");
      return [await store.get("profile.columns.0.name"), await store.getState()];
    });
    expect(result).toEqual(["b", { profile: { columns: [{ name: "b" }] } }]);
  });

  test("of a missing path throws, or gives the default, null included", async () => {
    expect(await resultOf(async ({ store }) => [await store.get("a.b", 7), await store.get("a", null)])).toEqual([
      7,
      null,
    ]);
    expect(await failureOf(run(single(({ store }) => store.get("a.b"))))).toMatchObject({
      name: "WorkflowRuntimeError",
      message: expect.stringContaining("a.b"),
      code: "PATH_NOT_FOUND",
    });
  });

  test("give what is stored before the default", async () => {
    expect(await resultOf(async ({ store }) => (await store.set("a", null), store.get("a", 7)))).toBe(null);
  });

  test("below a plain value is refused", async () => {
    expect(
      await failureOf(run(single(async ({ store }) => (await store.set("a", 5), store.set("a.b", 1))))),
    ).toMatchObject({ code: "PATH_INVALID" });
  });

  test.each(["list.name", "list.-1", "list.0x0", "list.9"])(
    "a place a list does not have (%s) is refused, not lost",
    async (path) => {
      const error = await failureOf(
        run(single(async ({ store }) => (await store.set("list", [1]), store.set(path, 1)))),
      );
      expect(error).toMatchObject({ code: "PATH_INVALID" });
    },
  );

  test("the place behind the end of a list adds to it", async () => {
    expect(
      await resultOf(
        async ({ store }) => (await store.set("list", [1]), await store.set("list.1", 2), store.get("list")),
      ),
    ).toEqual([1, 2]);
  });

  test("below a Map is refused: its entries are no paths", async () => {
    const error = await failureOf(
      run(single(async ({ store }) => (await store.set("m", new Map([["a", 1]])), store.set("m.a", 2)))),
    );
    expect(error).toMatchObject({ code: "PATH_INVALID" });
  });

  test.each(["__proto__.polluted", "constructor.prototype.polluted", "a.__proto__.polluted"])(
    "%s is data like any other",
    async (path) => {
      const value = await resultOf(
        async ({ store }) => (await store.set("a", {}), await store.set(path, "mine"), store.get(path)),
      );
      expect(value).toBe("mine");
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );

  test("refuse what cannot be written down, with its path", async () => {
    expect(await failureOf(run(single(({ store }) => store.set("a", { deep: { f: () => 1 } }))))).toMatchObject({
      code: "STATE_INVALID",
      message: expect.stringContaining("deep.f"),
    });
  });

  test.each(["", 5 as never])("refuse %j as a path", async (path) => {
    expect(await failureOf(run(single(({ store }) => store.set(path, 1))))).toMatchObject({ code: "PATH_INVALID" });
  });

  test("keep a copy: changing the value afterwards changes nothing", async () => {
    const result = await resultOf(async ({ store }) => {
      const mine = { list: [1] };
      await store.set("a", mine);
      mine.list.push(2);
      return store.get("a");
    });
    expect(result).toEqual({ list: [1] });
  });

  test("are seen by later steps", async () => {
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: Next }, async (_event, ctx) => (await ctx.store.set("x", 1), Next()))
      .step("b", { accepts: Next, emits: StopEvent }, async (_event, ctx) => StopEvent(await ctx.store.get("x")));
    expect(await run(workflow).result()).toBe(1);
  });
});

describe("what is read", () => {
  /** Tries to change what a read gave; the store must not follow. */
  const tamper = (
    read: (store: { get(path: string): Promise<unknown>; getState(): Promise<unknown> }) => Promise<unknown>,
  ) =>
    resultOf(async ({ store }) => {
      await store.set("a.b", 1);
      await store.set("a.when", new Date(0));
      const value = (await read(store as never)) as { a?: Record<string, unknown>; b?: number; when?: Date };
      for (const change of [
        () => (value.b = 99),
        () => (value.a!["b"] = 99),
        () => value.when!.setTime(5),
        () => (value.a!["when"] as Date).setTime(5),
        () => ((value as Record<string, unknown>)["more"] = 1),
      ]) {
        try {
          change();
        } catch {}
      }
      return store.getState();
    });
  const untouched = { a: { b: 1, when: new Date(0) } };

  test("by get cannot be used to change the store behind its back", async () => {
    expect(await tamper((store) => store.get("a"))).toEqual(untouched);
  });

  test("by getState cannot either", async () => {
    expect(await tamper((store) => store.getState())).toEqual(untouched);
  });

  test("stays as it was when the store changes", async () => {
    const result = await resultOf(async ({ store }) => {
      await store.set("a.b", 1);
      const before = await store.get("a");
      await store.set("a.b", 2);
      return before;
    });
    expect(result).toEqual({ b: 1 });
  });
});

describe("edit", () => {
  test("commits what the function leaves", async () => {
    const result = await resultOf(async ({ store }) => {
      await store.set("list", [1]);
      const returned = await store.edit((draft) => {
        draft["list"].push(2);
        draft["new"] = { a: 1 };
        return "returned";
      });
      return [returned, await store.getState()];
    });
    expect(result).toEqual(["returned", { list: [1, 2], new: { a: 1 } }]);
  });

  test("removes what the function deletes", async () => {
    expect(
      await resultOf(
        async ({ store }) => (
          await store.set("a", 1),
          await store.edit((draft) => void delete draft["a"]),
          store.getState()
        ),
      ),
    ).toEqual({});
  });

  const exotic: [string, unknown, (value: Any) => unknown, unknown][] = [
    [
      "a Map",
      new Map([["a", 1]]),
      (map) => map.set("b", 2),
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    ],
    ["a Set", new Set([1]), (set) => set.add(2), new Set([1, 2])],
    ["a Date", new Date(0), (date) => date.setTime(5), new Date(5)],
    ["bytes", new Uint8Array([1]), (bytes) => (bytes[0] = 9), new Uint8Array([9])],
    ["a buffer", new Uint8Array([1]).buffer, (buffer) => (new Uint8Array(buffer)[0] = 9), new Uint8Array([9]).buffer],
  ];
  test.each(exotic)("keeps changes inside %s", async (_name, value, change, expected) => {
    const result = await resultOf(
      async ({ store }) => (
        await store.set("x", value),
        await store.edit((draft) => void change(draft["x"])),
        store.get("x")
      ),
    );
    expect(result).toEqual(expected);
  });

  test.each(["now", "later"])("that throws %s changes nothing", async (when) => {
    const result = await resultOf(async ({ store }) => {
      await store.set("n", 1);
      const failing = store.edit((draft) => {
        draft["n"] = 2;
        if (when === "now") throw new Error("rolled back");
        return settle().then(() => Promise.reject(new Error("rolled back")));
      });
      const message = await failing.catch((error: Error) => error.message);
      return [message, await store.get("n")];
    });
    expect(result).toEqual(["rolled back", 1]);
  });

  test("keeps the draft private until it commits: readers see the old state and do not wait", async () => {
    const result = await resultOf(async ({ store }) => {
      await store.set("n", 1);
      const { promise, open } = gate();
      const editing = store.edit(async (draft) => {
        draft["n"] = 2;
        await promise;
      });
      const during = await store.get("n");
      open();
      await editing;
      return [during, await store.get("n")];
    });
    expect(result).toEqual([1, 2]);
  });

  test("of several steps at once loses nothing", async () => {
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: Next }, (_event, ctx) =>
        Array.from({ length: 20 }).forEach(() => ctx.sendEvent(Next())),
      )
      .step("count", { accepts: Next, emits: StopEvent, numWorkers: 20 }, async (event, ctx) => {
        await ctx.store.edit(async (draft) => {
          const n = (draft["n"] as number | undefined) ?? 0;
          await settle();
          draft["n"] = n + 1;
        });
        return ctx.collectEvents(
          event,
          Array.from({ length: 20 }, () => Next),
        )
          ? StopEvent(await ctx.store.get("n"))
          : undefined;
      });
    expect(await run(workflow).result()).toBe(20);
  });

  const writers: [string, (store: Ctx["store"]) => Promise<unknown>][] = [
    ["set", (store) => store.set("a", 1)],
    ["edit", (store) => store.edit(() => undefined)],
    ["setState", (store) => store.setState({})],
    ["clear", (store) => store.clear()],
  ];
  test.each(writers)("with %s called inside it fails at once instead of waiting for itself", async (_name, write) => {
    const error = await failureOf(run(single(({ store }) => store.edit(async () => void (await write(store))))));
    expect(error).toMatchObject({ name: "ContextStateError", code: "NESTED_WRITER" });
  });

  test("after a refused nested writer leaves the store usable", async () => {
    expect(
      await resultOf(
        async ({ store }) => (
          await store.edit(() => store.set("a", 1)).catch(() => undefined),
          await store.set("a", 2),
          store.get("a")
        ),
      ),
    ).toBe(2);
  });

  test("begun by a step and not awaited has no effect once the step ended", async () => {
    const { promise, open } = gate();
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: Next }, (_event, ctx) => {
        ctx.store
          .edit(async (draft) => {
            await promise;
            draft["late"] = true;
          })
          .catch(() => undefined);
        return Next();
      })
      .step("b", { accepts: Next, emits: StopEvent }, async (_event, ctx) => {
        open();
        await settle();
        return StopEvent(await ctx.store.get("late", false));
      });
    expect(await run(workflow).result()).toBe(false);
  });

  test("side by side in one step loses nothing", async () => {
    const result = await resultOf(async ({ store }) => {
      const add = () =>
        store.edit(async (draft) => {
          const n = (draft["n"] as number | undefined) ?? 0;
          await settle();
          draft["n"] = n + 1;
        });
      const added = await Promise.allSettled([add(), add()]);
      const refused = added.filter(({ status }) => status === "rejected").length;
      return ((await store.get("n")) as number) + refused;
    });
    expect(result).toBe(2);
  });
});

describe("the state schema", () => {
  test("gives a fresh run its defaults", async () => {
    expect(await resultOf(({ store }) => store.getState(), { state: Shape as never })).toEqual({
      n: 1,
      profile: { name: "?" },
    });
  });

  test("refuses a write that does not fit, and keeps the old state", async () => {
    const result = await resultOf(
      async ({ store }) => {
        const error = await store.set("n", "text").catch((caught: Error) => caught);
        return [error instanceof WorkflowRuntimeError, String(error), await store.get("n")];
      },
      { state: Shape as never },
    );
    expect(result).toEqual([true, expect.stringMatching(/n: /), 1]);
  });

  test("clear goes back to the defaults", async () => {
    expect(
      await resultOf(async ({ store }) => (await store.set("n", 5), await store.clear(), store.get("n")), {
        state: Shape as never,
      }),
    ).toBe(1);
  });

  test("setState replaces the whole, checked", async () => {
    const result = await resultOf(
      async ({ store }) => {
        await store.setState({ n: 2, profile: { name: "x" } });
        const error = await store.setState({ n: 3 }).catch((caught: Error) => caught.name);
        return [error, await store.getState()];
      },
      {
        state: z
          .object({ n: z.number().default(1), profile: z.object({ name: z.string() }) })
          .or(z.object({}).strict()) as never,
      },
    );
    expect(result).toEqual(["WorkflowRuntimeError", { n: 2, profile: { name: "x" } }]);
  });

  test("that does not accept an empty state is refused when the run begins", () => {
    expect(() => run(single(() => 1, { state: z.object({ n: z.number() }) as never }))).toThrow(
      WorkflowConfigurationError,
    );
  });

  test("that is asynchronous is refused", () => {
    const state = z.object({}).refine(async () => true);
    expect(() => run(single(() => 1, { state: state as never }))).toThrow();
  });
});
