/**
 * The workflows of the runtime conformance suite. Whatever hosts an engine under test serves all of them under
 * these names; delays are a few milliseconds, so that a real clock does.
 */
import * as z from "zod/mini";
import { constantDelay } from "../core/retry-policy.ts";
import {
  defineEvent,
  humanResponseEvent,
  inputRequiredEvent,
  startEvent,
  StartEvent,
  stopEvent,
  StopEvent,
} from "../workflow/event.ts";
import { defineWorkflow, type Workflow } from "../workflow/workflow.ts";

const Echo = startEvent("Echo", z.object({ text: z.string() }));
const Echoed = stopEvent("Echoed", z.object({ text: z.string(), length: z.number() }));

/** Kinds of its own at both ends, validated. */
const echo = defineWorkflow("echo").step("echo", { accepts: Echo, emits: Echoed }, ({ data: { text } }) =>
  Echoed({ text, length: text.length }),
);

const Note = defineEvent("Note");

/** Sends its input through every place where data is kept. */
const keep = defineWorkflow("keep")
  .step("store", { accepts: StartEvent, emits: Note }, async ({ data }, ctx) => {
    ctx.writeEventToStream(Note(data));
    await ctx.store.set("kept", data);
    return Note(data);
  })
  .step("result", { accepts: Note, emits: StopEvent }, async ({ data }, ctx) =>
    StopEvent({ sent: data, stored: await ctx.store.get("kept") }),
  );

const Split = startEvent("Split", z.object({ items: z.number(), pause: z.number() }));
const Item = defineEvent("Item", z.object({ index: z.number(), pause: z.number() }));
const Done = defineEvent("Done", z.object({ square: z.number() }));
const Sum = stopEvent("Sum", z.object({ total: z.number(), peak: z.number() }));

const WORKERS = 3;
/** How many items the run works on now, and how many it did at most: in the store, which all threads see. */
interface AtWork {
  now: number;
  peak: number;
}

/** Fan-out to three workers, and in again. The first three wait for each other, so that they are there at once. */
const fan = defineWorkflow("fan", { timeout: null })
  .step("split", { accepts: Split, emits: [Item, Sum] }, async ({ data: { items, pause } }, ctx) => {
    await ctx.store.set("items", items);
    if (items === 0) return Sum({ total: 0, peak: 0 });
    for (let index = 0; index < items; index++) ctx.sendEvent(Item({ index, pause }));
    return undefined;
  })
  .step("work", { accepts: Item, emits: Done, numWorkers: WORKERS }, async ({ data: { index, pause } }, ctx) => {
    const items = (await ctx.store.get("items")) as number;
    const count = (change: number) =>
      ctx.store.edit((draft) => {
        const { now, peak } = (draft["atWork"] ?? { now: 0, peak: 0 }) as AtWork;
        draft["atWork"] = { now: now + change, peak: Math.max(peak, now + change) };
      });
    await count(1);
    const areTogether = async () => ((await ctx.store.get("atWork.peak")) as number) >= Math.min(items, WORKERS);
    for (let tries = 0; tries < 1000 && !(await areTogether()); tries++) await sleep(5);
    await sleep(pause);
    await count(-1);
    ctx.writeEventToStream(Note(index));
    return Done({ square: index * index });
  })
  .step("add", { accepts: Done, emits: Sum, numWorkers: 1 }, async (event, ctx) => {
    const items = (await ctx.store.get("items")) as number;
    const all = ctx.collectEvents(
      event,
      Array.from({ length: items }, () => Done),
    );
    if (!all) return undefined;
    return Sum({
      total: all.reduce((sum, { data }) => sum + data.square, 0),
      peak: (await ctx.store.get("atWork.peak")) as number,
    });
  });

const Left = defineEvent("Left", z.number());
const Right = defineEvent("Right", z.number());

/** Sets of different kinds; the sets come out in the order asked for, whatever the order of arrival. */
const gather = defineWorkflow("gather")
  .step("send", { accepts: StartEvent, emits: [Left, Right] }, (_event, ctx) => {
    for (const event of [Right(1), Right(2), Left(3), Right(4), Left(5), Right(6)]) ctx.sendEvent(event);
  })
  .step("collect", { accepts: [Left, Right], emits: StopEvent, numWorkers: 1 }, async (event, ctx) => {
    const set = ctx.collectEvents(event, [Left, Right, Right]);
    if (!set) return undefined;
    const sets = [...((await ctx.store.get("sets", [])) as number[][]), set.map(({ data }) => data)];
    await ctx.store.set("sets", sets);
    return sets.length === 2 ? StopEvent(sets) : undefined;
  });

const Ask = startEvent("Ask", z.object({ who: z.string(), limit: z.nullable(z.number()) }));
const Question = inputRequiredEvent("Question", z.object({ who: z.string() }));
export const Answer = humanResponseEvent("Answer", z.object({ who: z.string(), yes: z.boolean() }));

/** Asks somebody, and waits for that one's answer. `calls` counts how often the step ran. */
const ask = defineWorkflow("ask", { timeout: null }).step(
  "ask",
  { accepts: Ask, emits: StopEvent, waitsFor: Answer },
  async ({ data: { who, limit } }, ctx) => {
    const calls = ((await ctx.store.get("calls", 0)) as number) + 1;
    await ctx.store.set("calls", calls);
    try {
      const answer = await ctx.waitForEvent(Answer, {
        waiterEvent: Question({ who }),
        requirements: { who },
        timeout: limit,
      });
      return StopEvent({ yes: answer.data.yes, calls });
    } catch (error) {
      return StopEvent({ gaveUp: (error as Error).name, calls });
    }
  },
);

/** Takes its time before it waits. */
const hesitant = defineWorkflow("hesitant", { timeout: null }).step(
  "wait",
  { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
  async (_event, ctx) => {
    await sleep(30);
    return StopEvent((await ctx.waitForEvent(Answer)).data);
  },
);

const Try = startEvent("Try", z.object({ failures: z.number() }));
export const RETRY_DELAY = 20;

/** Fails so often, then succeeds; four attempts are allowed. */
const flaky = defineWorkflow("flaky", { timeout: null }).step(
  "try",
  { accepts: Try, emits: StopEvent, retryPolicy: constantDelay({ maximumAttempts: 4, delay: RETRY_DELAY }) },
  ({ data: { failures } }, ctx) => {
    const { attempt, elapsed, lastError } = ctx.retryInfo();
    if (attempt < failures) {
      ctx.writeEventToStream(Note("of a failed attempt: nobody sees it"));
      throw new RangeError(`attempt ${attempt}`);
    }
    return StopEvent({ attempt, elapsed, lastError: lastError?.message ?? null });
  },
);

/** Runs whose steps work and have not seen their signal abort. */
const notStopped = new Set<string>();

function untilAborted(signal: AbortSignal, runId: string): Promise<never> {
  notStopped.add(runId);
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      notStopped.delete(runId);
      reject(new Error("aborted"));
    });
  });
}

/** Works until its signal aborts: for ever, or for the 50 ms it may. */
const untilStopped = (name: string, timeout: number | null) =>
  defineWorkflow(name, { timeout }).step("work", { accepts: StartEvent, emits: StopEvent }, (_event, ctx) =>
    untilAborted(ctx.signal, ctx.runId),
  );
const endless = untilStopped("endless", null);
const limited = untilStopped("limited", 50);
/** Tells whether the step of that run was told to stop, if it began: on a busy machine its run may be over before. */
const wasAborted = defineWorkflow("wasAborted").step("look", { accepts: StartEvent, emits: StopEvent }, ({ data }) =>
  StopEvent(!notStopped.has(data as string)),
);

const Break = startEvent("Break", z.object({ how: z.string() }));

const broken = defineWorkflow("broken").step(
  "break",
  { accepts: Break, emits: StopEvent },
  ({ data: { how } }, ctx) => {
    ctx.writeEventToStream(Note("of a failed attempt: nobody sees it"));
    switch (how) {
      case "error":
        throw Object.assign(new TypeError("not a number", { cause: new RangeError("deep") }), {
          code: "E_TYPE",
          detail: { field: "age" },
        });
      case "text":
        throw "just text"; // oxlint-disable-line typescript/only-throw-error -- anything can be thrown
      default:
        // Not declared.
        return Note(how) as never;
    }
  },
);

const Write = startEvent("Write", z.object({ count: z.number(), pause: z.number() }));
const Line = defineEvent("Line", z.object({ number: z.number(), count: z.number(), pause: z.number() }));

/** Publishes so many notes, one per step run, one after the other. */
const notes = defineWorkflow("notes", { timeout: null })
  .step("begin", { accepts: Write, emits: Line }, ({ data }) => Line({ number: 1, ...data }))
  .step("line", { accepts: Line, emits: [Line, StopEvent], numWorkers: 1 }, async ({ data }, ctx) => {
    const { number, count, pause } = data;
    if (pause > 0) await sleep(pause);
    ctx.writeEventToStream(Note(number));
    return number < count ? Line({ ...data, number: number + 1 }) : StopEvent(count);
  });

/** What the store does, seen from inside. */
const ledger = defineWorkflow("ledger", {
  state: z.object({
    count: z.prefault(z.number(), 7),
    deep: z.prefault(z.record(z.string(), z.unknown()), {}),
  }),
}).step("use", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) => {
  const { store } = ctx;
  const byDefault = await store.get("count");
  await store.set("deep.a.b", [1, { c: 2 }]);
  const nested = await store.get("deep.a.b.1.c");
  const thrown = await store
    .edit((draft) => {
      draft.count = 100;
      throw new Error("rolled back");
    })
    .catch((error: unknown) => (error as Error).message);
  const afterThrow = await store.get("count");
  const edited = await store.edit((draft) => {
    draft.count += 1;
    return draft.count;
  });
  const missing = await store.get("deep.nothing" as "count", -1);
  return StopEvent({ byDefault, nested, thrown, afterThrow, edited, missing });
});

const First = defineEvent("First");
const Second = defineEvent("Second");

/** Work, a question, work: every step notes in the store how often it ran. */
const journey = defineWorkflow("journey", { timeout: null })
  .step("before", { accepts: StartEvent, emits: First }, async (_event, ctx) => {
    await ctx.store.set("before", ((await ctx.store.get("before", 0)) as number) + 1);
    ctx.writeEventToStream(Note("before"));
    return First();
  })
  .step("ask", { accepts: First, emits: Second, waitsFor: Answer }, async (_event, ctx) => {
    const { data } = await ctx.waitForEvent(Answer, { waiterEvent: Question({ who: "anybody" }), timeout: null });
    return Second(data.yes);
  })
  .step("after", { accepts: Second, emits: StopEvent }, async ({ data }, ctx) => {
    ctx.writeEventToStream(Note("after"));
    return StopEvent({ yes: data, before: await ctx.store.get("before") });
  });

const Family = startEvent("Family", z.object({ names: z.array(z.string()) }));

/** Runs `ask` once for each name, all at once, and counts who said yes. */
const family = defineWorkflow("family", { timeout: null }).step(
  "askAll",
  { accepts: Family, emits: StopEvent, runs: ask },
  async ({ data: { names } }, ctx) => {
    const answers = await Promise.all(names.map((who) => ctx.runWorkflow(ask, { who, limit: null }, { key: who })));
    return StopEvent(answers.filter((answer) => (answer as { yes: boolean }).yes).length);
  },
);

/** By the name each is to be served under, which is its own. */
export const conformanceWorkflows = {
  echo,
  keep,
  fan,
  gather,
  ask,
  hesitant,
  flaky,
  endless,
  limited,
  wasAborted,
  broken,
  notes,
  ledger,
  journey,
  family,
};

/** Steps that collect, or leave a mark in their thread that another one looks for. */
const notIsolated = new Set([
  fan.steps[2],
  gather.steps[1],
  ...[endless, limited, wasAborted].flatMap(({ steps }) => steps),
]);

/**
 * The same workflows, with every step isolated that can be: for engines with a pool of workers, which must have at
 * least three.
 */
export const isolatedConformanceWorkflows = isolate(conformanceWorkflows);

function isolate<W extends { readonly [name: string]: Workflow }>(workflows: W): W {
  const isolated = new Map<string, Workflow>();
  for (const workflow of Object.values(workflows)) {
    const steps = workflow.steps.map((step) => ({
      ...step,
      isolated: !notIsolated.has(step),
      // Those that are run by others stand before them.
      runs: step.runs.map((child) => isolated.get(child.name) ?? child),
    }));
    isolated.set(workflow.name, { ...workflow, steps });
  }
  return Object.fromEntries(isolated) as W;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
