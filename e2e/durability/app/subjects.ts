/** The workflows of the crash suite: between them they use every feature. Their delays are a few milliseconds. */
import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  listOf,
  startEvent,
  stopEvent,
  type PublishedEvent,
  type Workflow,
  type WorkflowEvent,
} from "tickwork";
import * as z from "zod/mini";
import { effectKey, tellOutside } from "./outside.ts";

export interface Subject {
  readonly workflow: Workflow;
  readonly input?: unknown;
  /** What the page sends when it sees this event. */
  readonly answer?: (event: PublishedEvent) => WorkflowEvent | undefined;
  /** The page cancels the run when it sees such an event. */
  readonly cancelOn?: (event: PublishedEvent) => boolean;
  /** Published events come in the same order as undisturbed; else work done side by side may end in another. */
  readonly inOrder?: boolean;
}

const Start = startEvent<"Start">("Start");
const Stop = stopEvent<"Stop">("Stop");
const A = defineEvent<"A">("A");
const B = defineEvent<"B">("B");
const Seen = defineEvent<"Seen">("Seen");
const Question = inputRequiredEvent<"Question">("Question");
const Answer = humanResponseEvent<"Answer">("Answer");

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const sorted = (events: readonly WorkflowEvent[]): number[] =>
  events.map(({ data }) => Number(data)).toSorted((a, b) => a - b);
const pause = (milliseconds = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const answer = (event: PublishedEvent): WorkflowEvent | undefined =>
  event.type === "Question" ? Answer(`answer to ${String(event.data)}`) : undefined;

/** A side effect outside of the engine. */
async function effect(ctx: { readonly runId: string; readonly workItem: number }, key: string): Promise<string> {
  await pause();
  tellOutside({ kind: "effect", runId: ctx.runId, workItem: ctx.workItem, key: effectKey(ctx.workItem, key) });
  return `${key} done`;
}

const chain = defineWorkflow("chain", { timeout: null })
  .step("begin", { accepts: Start, emits: A }, () => A(1))
  .step("link", { accepts: A, emits: [A, Stop], numWorkers: 1 }, async ({ data }, ctx) => {
    ctx.writeEventToStream(Seen(data));
    await pause();
    return Number(data) < 12 ? A(Number(data) + 1) : Stop(data);
  });

const fan = defineWorkflow("fan", { timeout: null })
  .step("split", { accepts: Start, emits: A }, (_event, ctx) => {
    for (const n of numbers(16)) ctx.sendEvent(A(n));
  })
  .step("work", { accepts: A, emits: B, numWorkers: 3 }, async ({ data }, ctx) => {
    ctx.writeEventToStream(Seen(data));
    await pause(Number(data) % 3);
    return B(Number(data) ** 2);
  })
  .step("gather", { accepts: B, emits: Stop, numWorkers: 1 }, (event, ctx) => {
    const all = ctx.collectEvents(
      event,
      Array.from({ length: 16 }, () => B),
    );
    return all ? Stop(sorted(all)) : undefined;
  });

const Group = defineEvent<"Group">("Group");
const Part = defineEvent<"Part">("Part");
const Whole = defineEvent<"Whole">("Whole");

/** Lists in lists; one member fails and is caught, one comes to nothing; the join meets a person's answer. */
const lists = defineWorkflow("lists", { timeout: null })
  .step("groups", { accepts: Start, emits: [listOf(Group), Question] }, (_event, ctx) => {
    ctx.sendEvent(Question("what now?"));
    return numbers(3).map((n) => Group(n));
  })
  .step("parts", { accepts: Group, emits: listOf(A), numWorkers: 2 }, async ({ data }) => {
    await pause();
    return numbers(3).map((n) => A(Number(data) * 10 + n));
  })
  .step("work", { accepts: A, emits: Part, numWorkers: 2 }, async ({ data }) => {
    await pause();
    if (data === 11) throw new Error("eleven");
    return data === 21 ? undefined : Part(data);
  })
  .catchError("rescue", { forSteps: ["work"], emits: Part, maxRecoveries: 2 }, async ({ error }) => {
    await pause();
    return Part(error.message === "eleven" ? 11_000 : -1);
  })
  .step("group", { accepts: listOf(Part), emits: B }, (members, ctx) => {
    ctx.writeEventToStream(Seen(sorted(members)));
    return B(sorted(members).reduce((sum, n) => sum + n, 0));
  })
  .step("whole", { accepts: listOf(B), emits: Whole }, (members) => Whole(sorted(members)))
  .step("end", { accepts: allOf(Whole, Answer), emits: Stop }, ([whole, given]) => Stop([whole.data, given.data]));

const retries = defineWorkflow("retries", { timeout: null })
  .step("split", { accepts: Start, emits: A }, (_event, ctx) => {
    for (const n of numbers(4)) ctx.sendEvent(A(n));
  })
  .step(
    "work",
    { accepts: A, emits: Stop, numWorkers: 2, retryPolicy: constantDelay({ maximumAttempts: 6, delay: 3 }) },
    async (event, ctx) => {
      const { attempt, lastError } = ctx.retryInfo();
      await pause();
      if (attempt < Number(event.data)) throw new RangeError(`${Number(event.data)}/${attempt}`);
      ctx.writeEventToStream(Seen([event.data, attempt, lastError?.message ?? null]));
      const all = ctx.collectEvents(event, [A, A, A, A]);
      return all ? Stop(sorted(all)) : undefined;
    },
  );

/** One wait after the other, then two at once, with effects between them. */
const waits = defineWorkflow("waits", { timeout: null })
  .step("ask", { accepts: Start, emits: A, waitsFor: Answer }, async (_event, ctx) => {
    const mail = await ctx.once("mail", () => effect(ctx, "mail"));
    const first = await ctx.waitForEvent(Answer, { waiterEvent: Question("one"), timeout: null });
    const charge = await ctx.once("charge", () => effect(ctx, "charge"));
    const second = await ctx.waitForEvent(Answer, { waiterEvent: Question("two"), timeout: null });
    return A([mail, first.data, charge, second.data]);
  })
  .step("askBoth", { accepts: A, emits: Stop, waitsFor: Answer }, async (event, ctx) => {
    const asked = ["left", "right"].map((side) =>
      ctx.waitForEvent(Answer, { waiterId: side, waiterEvent: Question(side), timeout: null }),
    );
    return Stop([event.data, ...(await Promise.all(asked)).map(({ data }) => data)] as never);
  });

/** Waits that run out of time, three in a row, and then an answer. */
const limits = defineWorkflow("limits", { timeout: null }).step(
  "ask",
  { accepts: Start, emits: Stop, waitsFor: Answer },
  async (_event, ctx) => {
    const outcomes: unknown[] = [];
    for (const n of numbers(3)) {
      const wait = ctx.waitForEvent(Answer, { waiterId: `in time ${n}`, waiterEvent: Seen(n), timeout: 4 });
      outcomes.push(await wait.catch((error: unknown) => (error as Error).name));
    }
    const late = await ctx.waitForEvent(Answer, { waiterId: "late", waiterEvent: Question("late"), timeout: null });
    return Stop([...outcomes, late.data] as never);
  },
);

/** Answers that are events for a step, and timers of delayed work beside them. */
const inbox = defineWorkflow("inbox", { timeout: null })
  .step("ask", { accepts: Start, emits: Question }, (_event, ctx) => {
    for (const n of numbers(4)) ctx.sendEvent(Question(n));
  })
  .step("take", { accepts: Answer, emits: Stop, numWorkers: 1 }, async (event, ctx) => {
    await pause();
    const all = ctx.collectEvents(event, [Answer, Answer, Answer, Answer]);
    return all ? Stop(all.map(({ data }) => data)) : undefined;
  });

const store = defineWorkflow("store", {
  timeout: null,
  state: z.object({ done: z.prefault(z.record(z.string(), z.number()), {}) }),
})
  .step("split", { accepts: Start, emits: A }, async (_event, ctx) => {
    await ctx.store.set("done.split", 1);
    for (const n of numbers(5)) ctx.sendEvent(A(n));
  })
  .step("work", { accepts: A, emits: Stop, numWorkers: 2 }, async (event, ctx) => {
    const n = Number(event.data);
    await ctx.store.edit((draft) => {
      draft.done[`begun ${n}`] = n;
    });
    await pause();
    await ctx.store.edit((draft) => {
      delete draft.done[`begun ${n}`];
      draft.done[`ended ${n}`] = n;
    });
    return ctx.collectEvents(event, [A, A, A, A, A]) ? Stop() : undefined;
  });

/** Edits that count: they are committed with the result, so none is applied twice. */
const count = defineWorkflow("count", {
  timeout: null,
  commitState: "with result",
  state: z.object({ n: z.prefault(z.number(), 0) }),
})
  .step("split", { accepts: Start, emits: A }, (_event, ctx) => {
    for (const n of numbers(8)) ctx.sendEvent(A(n));
  })
  .step("work", { accepts: A, emits: B, numWorkers: 2 }, async (_event, ctx) => {
    await ctx.store.edit((draft) => {
      draft.n += 1;
    });
    await pause();
    return B();
  })
  .step("gather", { accepts: B, emits: Stop, numWorkers: 1 }, async (event, ctx) => {
    const all = ctx.collectEvents(
      event,
      Array.from({ length: 8 }, () => B),
    );
    return all ? Stop(await ctx.store.get("n")) : undefined;
  });

/** Side effects of steps that fail and are tried again. */
const effects = defineWorkflow("effects", { timeout: null })
  .step("begin", { accepts: Start, emits: A }, () => A(1))
  .step(
    "work",
    { accepts: A, emits: [A, Stop], numWorkers: 1, retryPolicy: constantDelay({ maximumAttempts: 2, delay: 1 }) },
    async ({ data }, ctx) => {
      const told = [await ctx.once("book", () => effect(ctx, "book")), await ctx.once("pay", () => effect(ctx, "pay"))];
      if (ctx.retryInfo().attempt === 0) throw new Error("after the effects");
      ctx.writeEventToStream(Seen([data, ...told]));
      return Number(data) < 3 ? A(Number(data) + 1) : Stop(told);
    },
  );

const child = defineWorkflow("child", { timeout: null })
  .step("first", { accepts: Start, emits: A }, async ({ data }) => {
    await pause(Number(data));
    return A(data);
  })
  .step("second", { accepts: A, emits: Stop }, async ({ data }, ctx) => {
    const told = await ctx.once("tell", () => effect(ctx, "tell"));
    return Stop([Number(data) * 10, told]);
  });

const family = defineWorkflow("family", { timeout: null }).step(
  "work",
  { accepts: Start, emits: Stop, runs: child, retryPolicy: constantDelay({ maximumAttempts: 2, delay: 2 }) },
  async (_event, ctx) => {
    const results = await Promise.all([1, 2, 3].map((n) => ctx.runWorkflow(child, n)));
    if (ctx.retryInfo().attempt === 0) throw new Error("once");
    return Stop(results);
  },
);

const fails = defineWorkflow("fails", { timeout: null })
  .step("begin", { accepts: Start, emits: A }, async (_event, ctx) => {
    ctx.writeEventToStream(Seen("begun"));
    await pause();
    return A();
  })
  .step(
    "work",
    { accepts: A, emits: Stop, retryPolicy: constantDelay({ maximumAttempts: 3, delay: 2 }) },
    async (_event, ctx) => {
      await pause();
      throw Object.assign(new TypeError(`attempt ${ctx.retryInfo().attempt}`), { detail: 5 });
    },
  );

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")));
  });
}

/**
 * A few steps, then work until its signal aborts. Of one that runs out of time nothing is published before: how far it
 * gets is a matter of how busy the machine is.
 */
const endless = (name: string, timeout: number | null) =>
  defineWorkflow(name, { timeout }).step(
    "work",
    { accepts: [Start, A], emits: [A, Stop], numWorkers: 1 },
    async ({ data }, ctx) => {
      await pause();
      const number = Number(data ?? 0);
      if (number > 4) return untilAborted(ctx.signal);
      if (timeout === null) ctx.writeEventToStream(Seen(number));
      return A(number + 1);
    },
  );

const isolated = defineWorkflow("isolated", { timeout: null })
  .step("split", { accepts: Start, emits: listOf(A) }, () => numbers(3).map((n) => A(n)))
  .step("work", { accepts: A, emits: B, isolated: true }, async ({ data }, ctx) => {
    ctx.writeEventToStream(Seen(data));
    await pause();
    return B(Number(data) + 1);
  })
  .step("gather", { accepts: listOf(B), emits: Stop }, (members) => Stop(sorted(members)));

/** Data that JSON cannot hold, in every place where data is kept. */
const exotic = defineWorkflow("exotic", { timeout: null })
  .step("make", { accepts: Start, emits: A }, async (_event, ctx) => {
    const data = { when: new Date(5), map: new Map([["a", new Set([1n])]]), bytes: Uint8Array.of(1, 2) };
    ctx.writeEventToStream(Seen(data as never));
    await ctx.store.set("kept", data);
    await pause();
    return A(data as never);
  })
  .step("end", { accepts: A, emits: Stop }, async ({ data }, ctx) => {
    await pause();
    return Stop([data, await ctx.store.get("kept")] as never);
  });

export const subjects = {
  chain: { workflow: chain, inOrder: true },
  fan: { workflow: fan },
  lists: { workflow: lists, answer },
  retries: { workflow: retries },
  waits: { workflow: waits, answer, inOrder: true },
  limits: { workflow: limits, answer, inOrder: true },
  inbox: { workflow: inbox, answer, inOrder: true },
  store: { workflow: store },
  count: { workflow: count },
  effects: { workflow: effects, inOrder: true },
  family: { workflow: family },
  fails: { workflow: fails, inOrder: true },
  cancelled: { workflow: endless("cancelled", null), cancelOn: ({ data }) => data === 4, inOrder: true },
  timedOut: { workflow: endless("timedOut", 250), inOrder: true },
  isolated: { workflow: isolated },
  exotic: { workflow: exotic, inOrder: true },
} satisfies Record<string, Subject>;
