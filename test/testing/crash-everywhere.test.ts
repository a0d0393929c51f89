import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  exponentialBackoff,
  humanResponseEvent,
  inputRequiredEvent,
  listOf,
  StartEvent,
  StopEvent,
  type PublishedEvent,
  type Workflow,
} from "tickwork";
import { crashEverywhere, MemoryJournal, type CrashOptions, type Journal } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const A = defineEvent<"A">("A");
const B = defineEvent<"B">("B");
const Seen = defineEvent<"Seen">("Seen");
const Question = inputRequiredEvent<"Question">("Question");
const Answer = humanResponseEvent<"Answer">("Answer");

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const sorted = (values: readonly unknown[]): number[] => (values as number[]).toSorted((a, b) => a - b);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const answer = (event: PublishedEvent) =>
  event.type === "Question" ? Answer(`answer to ${String(event.data)}`) : undefined;

async function expectTheSame(workflow: Workflow | (() => Workflow), options: CrashOptions = {}, trials = 9) {
  const report = await crashEverywhere(workflow, 5, options);
  expect(report.differences.map(({ message }) => message)).toEqual([]);
  // There were enough places to crash at for this to mean something.
  expect(report.trials).toBeGreaterThanOrEqual(trials);
}

describe("a crash before and after every write makes no difference to", () => {
  test("a chain of steps", async () => {
    let workflow = defineWorkflow("chain").step("s0", { accepts: StartEvent, emits: A }, async (event, ctx) => {
      ctx.writeEventToStream(Seen(0));
      await pause(1);
      return A(event.data);
    }) as never as Workflow & { step: (...args: unknown[]) => typeof workflow };
    const kinds = numbers(5).map((n) => (n === 0 ? A : defineEvent(`A${n}`)));
    for (const n of [1, 2, 3, 4]) {
      workflow = workflow.step(
        `s${n}`,
        { accepts: kinds[n - 1], emits: kinds[n] },
        async (event: never, ctx: never) => {
          (ctx as { writeEventToStream(e: unknown): void }).writeEventToStream(Seen(n));
          await pause(1);
          return kinds[n]!((event as { data: never }).data);
        },
      );
    }
    workflow = workflow.step("end", { accepts: kinds[4], emits: StopEvent }, (event: { data: never }) =>
      StopEvent(event.data),
    );
    await expectTheSame(workflow, { inOrder: true }, 12);
  });

  const fan = (numWorkers: number) =>
    defineWorkflow("fan")
      .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => {
        for (const n of numbers(12)) ctx.sendEvent(A(n));
      })
      .step("work", { accepts: A, emits: B, numWorkers }, async (event, ctx) => {
        const n = Number(event.data);
        ctx.writeEventToStream(Seen(n));
        await pause(n % 3);
        return B(n * n);
      })
      .step("join", { accepts: B, emits: StopEvent }, (event, ctx) => {
        const all = ctx.collectEvents(
          event,
          Array.from({ length: 12 }, () => B),
        );
        return all ? StopEvent(sorted(all.map(({ data }) => data))) : undefined;
      });

  test("fan-out and a collected set", () => expectTheSame(fan(4), {}, 12));
  test("fan-out to one worker, in order", () => expectTheSame(fan(1), { inOrder: true }, 12));

  test("sets of which several are open at once", () =>
    expectTheSame(
      defineWorkflow("sets")
        .step("split", { accepts: StartEvent, emits: [A, B] }, (_event, ctx) => {
          for (const n of numbers(6)) ctx.sendEvent(n % 2 === 0 ? A(n) : B(n));
        })
        .step("gather", { accepts: [A, B], emits: StopEvent, numWorkers: 1 }, async (event, ctx) => {
          await pause(1);
          const pair = ctx.collectEvents(event, [A, B], { bufferId: "pair" });
          if (pair) ctx.writeEventToStream(Seen(pair.map(({ data }) => data)));
          const all = ctx.collectEvents(event, [A, A, A, B, B, B], { bufferId: "all" });
          return all ? StopEvent(all.map(({ data }) => data)) : undefined;
        }),
      { inOrder: true },
    ));

  test("child workflows side by side, and their step tried again", () => {
    const child = defineWorkflow("child", { timeout: null })
      .step("first", { accepts: StartEvent, emits: A }, async (event) => {
        await pause(Number(event.data));
        return A(event.data);
      })
      .step("second", { accepts: A, emits: StopEvent }, ({ data }) => StopEvent(Number(data) * 10));
    return expectTheSame(
      defineWorkflow("family", { timeout: null }).step(
        "work",
        { accepts: StartEvent, emits: StopEvent, runs: child, retryPolicy: constantDelay({ delay: 5 }) },
        async (_event, ctx) => {
          const results = await Promise.all([1, 2, 3].map((n) => ctx.runWorkflow(child, n)));
          if (ctx.retryInfo().attempt === 0) throw new Error("once");
          return StopEvent(results);
        },
      ),
      {},
      12,
    );
  });

  test("retries with delays", () =>
    expectTheSame(
      defineWorkflow("retries", { timeout: null })
        .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => {
          for (const n of numbers(3)) ctx.sendEvent(A(n));
        })
        .step(
          "work",
          {
            accepts: A,
            emits: StopEvent,
            numWorkers: 2,
            retryPolicy: exponentialBackoff({ maximumAttempts: 5, initial: 700, jitter: 0.5 }),
          },
          async (event, ctx) => {
            await pause(1);
            const { attempt, lastError } = ctx.retryInfo();
            if (attempt < Number(event.data)) throw new RangeError(`${Number(event.data)}/${attempt}`);
            ctx.writeEventToStream(Seen([event.data, attempt, lastError?.message ?? null]));
            const all = ctx.collectEvents(event, [A, A, A]);
            return all ? StopEvent(sorted(all.map(({ data }) => data))) : undefined;
          },
        ),
    ));

  test("a run that fails", () =>
    expectTheSame(
      defineWorkflow("fails").step(
        "work",
        { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ maximumAttempts: 3, delay: 100 }) },
        async (_event, ctx) => {
          await pause(1);
          throw Object.assign(new TypeError(`attempt ${ctx.retryInfo().attempt}`), { detail: 5 });
        },
      ),
    ));

  test("waits that are answered, one after the other and side by side", () =>
    expectTheSame(
      defineWorkflow("waits", { timeout: null })
        .step("ask", { accepts: StartEvent, emits: A }, async (_event, ctx) => {
          const first = await ctx.waitForEvent(Answer, { waiterEvent: Question("one"), timeout: null });
          const second = await ctx.waitForEvent(Answer, { waiterEvent: Question("two"), timeout: null });
          return A([first.data, second.data]);
        })
        .step("askBoth", { accepts: A, emits: StopEvent }, async (event, ctx) => {
          const asked = ["left", "right"].map((side) =>
            ctx.waitForEvent(Answer, {
              waiterId: side,
              waiterEvent: Question(side),
              timeout: null,
            }),
          );
          const answers = await Promise.all(asked);
          return StopEvent([event.data, ...answers.map(({ data }) => data)] as never);
        }),
      { answer, inOrder: true },
      12,
    ));

  test("a wait that runs out of time, and the next one", () =>
    expectTheSame(
      defineWorkflow("limits", { timeout: null }).step(
        "ask",
        { accepts: StartEvent, emits: StopEvent },
        async (_event, ctx) => {
          const outcome = await ctx
            .waitForEvent(Answer, { waiterEvent: Question("in time?"), timeout: 5_000 })
            .catch((error: unknown) => ({ data: (error as Error).name }));
          const late = await ctx.waitForEvent(Answer, { waiterEvent: Question("late"), timeout: null });
          return StopEvent([outcome.data, late.data]);
        },
      ),
      { answer: (event) => (event.data === "late" ? answer(event) : undefined), inOrder: true },
    ));

  test("answers that are events for a step", () =>
    expectTheSame(
      defineWorkflow("inbox", { timeout: null })
        .step("ask", { accepts: StartEvent, emits: Question }, (_event, ctx) => {
          for (const n of numbers(3)) ctx.sendEvent(Question(n));
        })
        .step("take", { accepts: Answer, emits: StopEvent, numWorkers: 1 }, async (event, ctx) => {
          await pause(1);
          const all = ctx.collectEvents(event, [Answer, Answer, Answer]);
          return all ? StopEvent(all.map(({ data }) => data)) : undefined;
        }),
      { answer, inOrder: true },
    ));

  test("edits of the store that say what is so", () =>
    expectTheSame(
      defineWorkflow("store", { state: z.object({ done: z.record(z.string(), z.number()).default({}) }) })
        .step("split", { accepts: StartEvent, emits: A }, async (_event, ctx) => {
          await ctx.store.set("done.split", 1);
          for (const n of numbers(5)) ctx.sendEvent(A(n));
        })
        .step("work", { accepts: A, emits: StopEvent, numWorkers: 2 }, async (event, ctx) => {
          const n = Number(event.data);
          await ctx.store.edit((draft) => {
            draft.done[`begun ${n}`] = n;
          });
          await pause(1);
          await ctx.store.edit((draft) => {
            delete draft.done[`begun ${n}`];
            draft.done[`ended ${n}`] = n;
          });
          return ctx.collectEvents(event, [A, A, A, A, A]) ? StopEvent() : undefined;
        }),
      {},
      12,
    ));

  test("edits that count, where they are committed with the step's result", () =>
    expectTheSame(
      defineWorkflow("count", { commitState: "with result", state: z.object({ n: z.number().default(0) }) })
        .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => {
          for (const n of numbers(5)) ctx.sendEvent(A(n));
        })
        .step("work", { accepts: A, emits: StopEvent, numWorkers: 2 }, async (event, ctx) => {
          await ctx.store.edit((draft) => {
            draft.n += 1;
          });
          await pause(1);
          return ctx.collectEvents(event, [A, A, A, A, A]) ? StopEvent(await ctx.store.get("n")) : undefined;
        }),
    ));

  test("lists, joins, and failures that are caught", () =>
    expectTheSame(
      defineWorkflow("joins")
        .step("split", { accepts: StartEvent, emits: listOf(A) }, () => numbers(6).map((n) => A(n)))
        .step("work", { accepts: A, emits: B, numWorkers: 3 }, async (event) => {
          await pause(Number(event.data) % 2);
          if (event.data === 3) throw new Error("three");
          return event.data === 4 ? undefined : B(event.data);
        })
        .catchError("rescue", { forSteps: ["work"], emits: B }, async ({ error, input }) => {
          await pause(1);
          return B(error.message === "three" ? (input as { data: number }).data : -1);
        })
        .step("join", { accepts: listOf(B), emits: [Seen, Question] }, (members, ctx) => {
          ctx.sendEvent(Seen(sorted(members.map(({ data }) => data))));
          ctx.sendEvent(Question("?"));
        })
        .step("end", { accepts: allOf(Seen, Answer), emits: StopEvent }, ([seen, given]) =>
          StopEvent([seen.data, given.data]),
        ),
      { answer },
      12,
    ));

  test("data that JSON cannot hold", () =>
    expectTheSame(
      defineWorkflow("exotic")
        .step("make", { accepts: StartEvent, emits: A }, async (_event, ctx) => {
          const data = { when: new Date(5), map: new Map([["a", new Set([1n])]]), bytes: Uint8Array.of(1, 2) };
          ctx.writeEventToStream(Seen(data as never));
          await ctx.store.set("kept", data);
          return A(data as never);
        })
        .step("end", { accepts: A, emits: StopEvent }, async (event, ctx) => {
          await pause(1);
          return StopEvent([event.data, await ctx.store.get("kept")] as never);
        }),
      { inOrder: true },
    ));
});

describe("what the author must see to is found", () => {
  test("a count in the store goes wrong when its step runs again", async () => {
    const counting = defineWorkflow("counting").step(
      "count",
      { accepts: StartEvent, emits: StopEvent },
      async (_event, ctx) => {
        await ctx.store.set("n", ((await ctx.store.get("n", 0)) as number) + 1);
        await pause(2);
        return StopEvent(await ctx.store.get("n"));
      },
    );
    const { differences } = await crashEverywhere(counting, null);
    expect(new Set(differences.map(({ what }) => what))).toEqual(new Set(["result", "published", "store"]));
    expect(differences[0]?.message).toMatch(/^Crash (before|after) append \d+: result is .*2.*undisturbed .*1/);
  });

  test("a side effect is done again, and ctx.once keeps the result it had", async () => {
    let effects = 0;
    const paying = (isOnce: boolean) =>
      defineWorkflow("paying").step("pay", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) => {
        const pay = () => (effects += 1);
        const before = isOnce ? await ctx.once("pay", pay) : pay();
        await ctx.waitForEvent(Answer, { waiterEvent: Question("?"), timeout: null });
        const after = isOnce ? await ctx.once("pay", pay) : before;
        return StopEvent(isOnce ? before === after : after > 0);
      });
    expect((await crashEverywhere(paying(true), null, { answer })).differences).toEqual([]);
    const withOnce = effects;
    effects = 0;
    expect((await crashEverywhere(paying(false), null, { answer })).differences).toEqual([]);
    expect(effects).toBeGreaterThan(withOnce);
  });

  test("a journal that says durable before it is", async () => {
    /** Forgets its last batch when the next engine opens it, which begins by listing the unfinished runs. */
    const createForgetful = (): Journal => {
      let inner = new MemoryJournal();
      const writes: (() => unknown)[] = [];
      return new Proxy(inner, {
        get: (_target, key: keyof Journal) => {
          if (typeof inner[key] !== "function") return inner[key];
          return (...args: never[]) => {
            const [query] = args as readonly { readonly status?: readonly string[] }[];
            if (key === "listRuns" && query?.status?.includes("running")) {
              inner = new MemoryJournal();
              writes.pop();
              for (const write of writes) write();
            }
            const call = () => (inner[key] as (...all: never[]) => unknown).apply(inner, args);
            if (["createRun", "append", "deleteRun"].includes(key)) writes.push(call);
            return call();
          };
        },
      });
    };
    const chatty = defineWorkflow("chatty", { timeout: null }).step(
      "say",
      { accepts: StartEvent, emits: StopEvent },
      async (_event, ctx) => {
        await ctx.waitForEvent(Answer, { waiterEvent: Question(Math.random()), timeout: null });
        return StopEvent();
      },
    );
    const { differences } = await crashEverywhere(chatty, null, { answer, createJournal: createForgetful });
    expect(differences.map(({ what }) => what)).toContain("stream");
    expect(differences.find(({ what }) => what === "stream")?.message).toMatch(/event 1, .*Question.* was seen before/);
  });

  test("a workflow made anew for each trial keeps its trials apart", async () => {
    const make = () => {
      let calls = 0;
      return defineWorkflow("fresh").step("a", { accepts: StartEvent, emits: StopEvent }, () => {
        calls += 1;
        return StopEvent(calls > 3 ? "of another trial" : "mine");
      });
    };
    expect((await crashEverywhere(make, null)).differences).toEqual([]);
    expect((await crashEverywhere(make(), null)).differences).not.toEqual([]);
  });

  test("a run that nobody answers is refused, with what it waits for", async () => {
    const silent = defineWorkflow("silent", { timeout: null }).step(
      "ask",
      { accepts: StartEvent, emits: StopEvent },
      async (_event, ctx) => StopEvent((await ctx.waitForEvent(Answer, { timeout: null })).data),
    );
    await expect(crashEverywhere(silent, null, { patience: 20 })).rejects.toMatchObject({
      code: "RUN_STUCK",
      message: expect.stringContaining("Answer"),
    });
  });
});
