/**
 * The workflows of the recorded histories. What is recorded names their steps and kinds, so they stay as they are:
 * for something new, add a workflow, and record it.
 */
import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  listOf,
  StartEvent,
  StopEvent,
  WaiterTimeoutError,
  type StepContext,
  type Workflow,
} from "tickwork";
import { z } from "zod";
import {
  afterTheOther,
  answering,
  cancelledAfter,
  movedAfter,
  restartedAfter,
  type Answers,
  type Play,
} from "./play.ts";

export interface History {
  readonly workflow: Workflow;
  readonly input: unknown;
  readonly play: Play;
  /** Input of a run that is started before this one. */
  readonly other?: unknown;
  /** The code after the restart. */
  readonly changed?: Workflow;
}

const A = defineEvent("A", z.object({ n: z.number() }));
const B = defineEvent("B", z.object({ n: z.number() }));
const Many = defineEvent("Many");
const Question = inputRequiredEvent("Question", z.object({ text: z.string() }));
const Answer = humanResponseEvent("Answer", z.object({ text: z.string(), to: z.string() }));

/** What the outside world says, when asked. */
export const answers: Answers = Object.fromEntries(
  Object.entries({ one: "yes", two: "maybe", gate: "open" }).map(([to, text]) => [to, Answer({ text, to })]),
);

const atGate = (ctx: Pick<StepContext, "waitForEvent">) =>
  ctx.waitForEvent(Answer, { waiterId: "gate", requirements: { to: "gate" }, timeout: null });

const chain = defineWorkflow("chain", { version: "2025-11" })
  .step("first", { accepts: StartEvent, emits: A }, (_event, ctx) => {
    ctx.log("begins", { why: "recorded" });
    return A({ n: 1 });
  })
  .step("second", { accepts: A, emits: B }, ({ data }, ctx) => {
    ctx.writeEventToStream(B({ n: -1 }));
    return B({ n: data.n + 1 });
  })
  .step("third", { accepts: B, emits: StopEvent }, ({ data }) => StopEvent({ n: data.n }));

const fanOut = defineWorkflow("fan-out", { state: z.object({ sum: z.number().default(0) }) })
  .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => {
    for (let n = 1; n <= 7; n++) ctx.sendEvent(A({ n }));
  })
  .step("work", { accepts: A, emits: B, numWorkers: 2 }, async ({ data }, ctx) => {
    await ctx.store.edit((draft) => void (draft.sum += data.n));
    return B({ n: data.n * 10 });
  })
  .step("gather", { accepts: B, emits: StopEvent, numWorkers: 1 }, async (event, ctx) => {
    const all = ctx.collectEvents(
      event,
      Array.from({ length: 7 }, () => B),
    );
    return all ? StopEvent({ numbers: all.map(({ data }) => data.n), sum: await ctx.store.get("sum") }) : undefined;
  });

const retries = defineWorkflow("retries", { timeout: null })
  .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => {
    for (let n = 0; n < 3; n++) ctx.sendEvent(A({ n }));
  })
  .step(
    "flaky",
    { accepts: A, emits: B, numWorkers: 2, retryPolicy: constantDelay({ maximumAttempts: 4, delay: 700 }) },
    ({ data }, ctx) => {
      const { attempt } = ctx.retryInfo();
      if (attempt < data.n) throw Object.assign(new TypeError(`not yet ${data.n}`), { attempt, code: "E_SOON" });
      return B({ n: attempt });
    },
  )
  .step("gather", { accepts: B, emits: StopEvent }, (event, ctx) => {
    const all = ctx.collectEvents(event, [B, B, B]);
    return all ? StopEvent(all.map(({ data }) => data.n)) : undefined;
  });

const waits = defineWorkflow("waits", { timeout: null })
  .step("ask", { accepts: StartEvent, emits: A, waitsFor: Answer }, async (_event, ctx) => {
    const wait = (to: string, timeout: number | null) =>
      ctx.waitForEvent(Answer, {
        waiterId: to,
        waiterEvent: Question({ text: `${to}?` }),
        requirements: { to },
        timeout,
      });
    const [one, two] = await Promise.all([wait("one", null), wait("two", 5_000)]);
    let late = "no answer";
    try {
      late = (await wait("nobody", 2_000)).data.text;
    } catch (error) {
      if (!(error instanceof WaiterTimeoutError)) throw error;
    }
    return A({ n: one.data.text.length + two.data.text.length + late.length });
  })
  .step("tell", { accepts: A, emits: StopEvent }, ({ data }) => StopEvent(data));

const early = defineWorkflow("early", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent },
  async (_event, ctx) => {
    await atGate(ctx);
    const { data } = await ctx.waitForEvent(Answer, { waiterId: "early", requirements: { to: "early" } });
    return StopEvent(data.text);
  },
);

const joins = defineWorkflow("joins")
  .step("split", { accepts: StartEvent, emits: [A, B] }, (_event, ctx) => {
    for (let n = 0; n < 3; n++) ctx.sendEvent(A({ n }));
    ctx.sendEvent(B({ n: 0 }));
  })
  .step("later", { accepts: StartEvent, emits: B }, async (_event, ctx) => {
    await atGate(ctx);
    return B({ n: 1 });
  })
  .step("pair", { accepts: allOf(A, B), emits: Many }, ([a, b]) => Many([a.data.n, b.data.n]))
  .step("gather", { accepts: Many, emits: StopEvent }, (event, ctx) => {
    const all = ctx.collectEvents(event, [Many, Many]);
    return all ? StopEvent(all.map(({ data }) => data as never)) : undefined;
  });

const Page = defineEvent("Page", z.object({ n: z.number() }));
const Word = defineEvent("Word", z.object({ text: z.string() }));
const Words = defineEvent("Words", z.object({ words: z.array(z.string()) }));
const First = defineEvent("First", z.object({ words: z.array(z.string()) }));

const lists = defineWorkflow("lists")
  .step("pages", { accepts: StartEvent, emits: listOf(Page) }, () => [1, 2, 3].map((n) => Page({ n })))
  .step("words", { accepts: Page, emits: listOf(Word), numWorkers: 2 }, async ({ data: { n } }, ctx) => {
    if (n > 1) await atGate(ctx);
    return Array.from({ length: n }, (_, index) => Word({ text: `${n}.${index}` }));
  })
  .step("count", { accepts: listOf(Word), emits: Words }, (words) =>
    Words({ words: words.map(({ data }) => data.text) }),
  )
  .step("first", { accepts: listOf(Words, { take: 2 }), emits: First }, (pages) =>
    First({ words: pages.flatMap(({ data }) => data.words) }),
  )
  .step("end", { accepts: First, emits: StopEvent }, async ({ data }) => StopEvent(data.words));

const rescued = defineWorkflow("rescued")
  .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => {
    for (let n = 0; n < 2; n++) ctx.sendEvent(A({ n }));
  })
  .step("risky", { accepts: A, emits: B }, ({ data }) => {
    if (data.n === 1) throw new RangeError("too much");
    return B(data);
  })
  .catchError("rescue", { forSteps: ["risky"], emits: B, maxRecoveries: 1 }, async (failure, ctx) => {
    await atGate(ctx);
    return B({ n: failure.error.message.length });
  })
  .step("gather", { accepts: B, emits: StopEvent }, (event, ctx) => {
    const all = ctx.collectEvents(event, [B, B]);
    return all ? StopEvent(all.map(({ data }) => data.n)) : undefined;
  });

const state = z.object({ seen: z.array(z.string()).default([]), nested: z.record(z.string(), z.number()).default({}) });
const atomic = defineWorkflow("atomic", { state, commitState: "with result", timeout: null })
  .step("fill", { accepts: StartEvent, emits: A }, async (_event, ctx) => {
    await ctx.store.set("nested.a", 1);
    await ctx.store.edit((draft) => void draft.seen.push("fill"));
    return A({ n: 1 });
  })
  .step(
    "again",
    { accepts: A, emits: StopEvent, retryPolicy: constantDelay({ maximumAttempts: 2, delay: 100 }) },
    async (_event, ctx) => {
      await ctx.store.edit((draft) => void draft.seen.push("again"));
      const paid = await ctx.once("pay", () => ({ receipt: 7, at: new Date(5) }));
      if (ctx.retryInfo().attempt === 0) throw new Error("after the payment");
      await ctx.store.edit((draft) => void delete draft.nested["a"]);
      return StopEvent({ paid, seen: await ctx.store.get("seen") } as never);
    },
  );

const exotic = defineWorkflow("exotic", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent },
  async (event, ctx) => {
    await ctx.store.set("kept", new Map([["when", new Date(0)]]) as never);
    const { data } = await atGate(ctx);
    return StopEvent({
      input: event.data,
      text: data.text,
      set: new Set([1n]),
      bytes: new Uint8Array([1, 2, 255]),
    } as never);
  },
);

const failing = defineWorkflow("failing")
  .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => {
    for (let n = 0; n < 3; n++) ctx.sendEvent(A({ n }));
  })
  .step("risky", { accepts: A, emits: StopEvent, numWorkers: 1 }, ({ data }) => {
    if (data.n === 1) throw new Error("broken", { cause: new TypeError("deep") });
  });

const slow = defineWorkflow("slow", { timeout: 3_000 })
  .step("ask", { accepts: StartEvent, emits: A }, async (_event, ctx) => {
    await ctx.waitForEvent(Answer, { waiterEvent: Question({ text: "long?" }), timeout: null });
    return A({ n: 1 });
  })
  .step("end", { accepts: A, emits: StopEvent }, () => StopEvent(null));

const limited = defineWorkflow("limited", { numConcurrentRuns: 1, timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent },
  async (event, ctx) => {
    const { data } = await atGate(ctx);
    return StopEvent([event.data as never, data.text]);
  },
);

/** `pairs`: the step "pair" takes pages; without it there is no place for them. */
const rebuilt = (version: string, pairs: boolean) => {
  const workflow = defineWorkflow("rebuilt", { version, timeout: null, skipGraphChecks: ["deadEnd"] })
    .step("split", { accepts: StartEvent, emits: pairs ? [A, B] : B }, (_event, ctx) => {
      for (let n = 0; n < 3; n++) ctx.sendEvent(A({ n }) as never);
      return B({ n: 9 });
    })
    .step("end", { accepts: B, emits: StopEvent }, async ({ data }, ctx) => {
      await atGate(ctx);
      return StopEvent({ n: data.n });
    });
  if (!pairs) return workflow;
  return workflow
    .step("pair", { accepts: A, emits: Many, numWorkers: 1 }, async ({ data }, ctx) => {
      await ctx.waitForEvent(Answer, { waiterId: "never", requirements: { to: "never" }, timeout: 60_000 });
      return Many(data.n);
    })
    .step("keep", { accepts: Many, emits: [] }, () => undefined);
};

export const histories: { readonly [name: string]: History } = {
  chain: { workflow: chain, input: null, play: answering() },
  "fan-out": { workflow: fanOut, input: null, play: answering() },
  retries: { workflow: retries, input: null, play: answering() },
  waits: { workflow: waits, input: null, play: answering(answers) },
  early: {
    workflow: early,
    input: null,
    play: async (stage) => {
      await stage.handler.sendEvent(Answer({ text: "before its time", to: "early" }));
      await answering(answers)(stage);
    },
  },
  joins: { workflow: joins, input: null, play: answering(answers) },
  lists: { workflow: lists, input: null, play: answering(answers) },
  rescued: { workflow: rescued, input: null, play: answering(answers) },
  atomic: { workflow: atomic, input: null, play: answering() },
  exotic: {
    workflow: exotic,
    input: { at: new Date(Date.UTC(2025, 10, 22)), big: 12_345_678_901_234_567_890n, map: new Map([[1, ["one"]]]) },
    play: answering(answers),
  },
  failing: { workflow: failing, input: null, play: answering() },
  cancelled: { workflow: waits, input: null, play: cancelledAfter(1_000, "not wanted any more") },
  "timed-out": { workflow: slow, input: null, play: answering() },
  queued: {
    workflow: limited,
    input: "second",
    other: "first",
    play: afterTheOther(Answer({ text: "open", to: "gate" }), answering(answers)),
  },
  rebuilt: {
    workflow: rebuilt("1", true),
    changed: rebuilt("2", false),
    input: null,
    play: restartedAfter(500, answering(answers)),
  },
  elsewhere: { workflow: waits, input: null, play: movedAfter(500, answering(answers)) },
  restarted: { workflow: retries, input: null, play: restartedAfter(500, answering()) },
  "restarted-waiting": { workflow: waits, input: null, play: restartedAfter(500, answering(answers)) },
};
