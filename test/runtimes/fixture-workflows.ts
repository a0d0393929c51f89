/** Workflows the browser tests run in a real worker, and in process for comparison. */
import { z } from "zod";
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  exponentialBackoff,
  humanResponseEvent,
  inputRequiredEvent,
  startEvent,
  stopEvent,
} from "tickwork";

const Begin = startEvent("Begin", z.object({ items: z.number(), pause: z.number().default(0) }));
const Item = defineEvent("Item", z.object({ index: z.number(), pause: z.number() }));
const Done = defineEvent("Done", z.object({ index: z.number(), value: z.number() }));
const Seen = defineEvent("Seen", z.object({ index: z.number() }));
const Sum = stopEvent("Sum", z.object({ total: z.number(), runs: z.number() }));

/** Fans out, fails some items once, streams each, and adds up. */
export const fan = defineWorkflow("fan", { timeout: null, state: z.object({ runs: z.number().default(0) }) })
  .step("split", { accepts: Begin, emits: [Item, Sum] }, async (event, ctx) => {
    await ctx.store.set("items", event.data.items);
    if (event.data.items === 0) return Sum({ total: 0, runs: 0 });
    for (let index = 0; index < event.data.items; index++) ctx.sendEvent(Item({ index, pause: event.data.pause }));
    return undefined;
  })
  .step(
    "work",
    { accepts: Item, emits: Done, numWorkers: 8, retryPolicy: constantDelay({ maximumAttempts: 3, delay: 5 }) },
    async (event, ctx) => {
      const { index } = event.data;
      await pause(event.data.pause + (index % 4));
      if (index % 13 === 0 && ctx.retryInfo().attempt === 0) throw new Error(`first attempt of ${index}`);
      ctx.writeEventToStream(Seen({ index }));
      return Done({ index, value: index * index });
    },
  )
  .step("add", { accepts: Done, emits: Sum, numWorkers: 2 }, async (event, ctx) => {
    const items = (await ctx.store.get("items")) as number;
    const all = ctx.collectEvents(
      event,
      Array.from({ length: items }, () => Done),
      { bufferId: "all" },
    );
    if (!all) return undefined;
    return Sum({ total: all.reduce((sum, { data }) => sum + data.value, 0), runs: all.length });
  });

const Ask = startEvent("Ask", z.object({ who: z.string() }));
const Question = inputRequiredEvent("Question", z.object({ text: z.string() }));
const Answer = humanResponseEvent("Answer", z.object({ ok: z.boolean(), who: z.string() }));
const Verdict = stopEvent("Verdict", z.object({ ok: z.boolean(), calls: z.number() }));

export { Answer };

export const approve = defineWorkflow("approve", {
  timeout: null,
  state: z.object({ calls: z.number().default(0) }),
}).step("ask", { accepts: Ask, emits: [Question, Verdict] }, async (event, ctx) => {
  await ctx.store.edit((draft) => {
    draft.calls += 1;
  });
  const answer = await ctx.waitForEvent(Answer, {
    waiterEvent: Question({ text: `May ${event.data.who} pass?` }),
    requirements: { who: event.data.who },
  });
  return Verdict({ ok: answer.data.ok, calls: await ctx.store.get("calls") });
});

const Risky = startEvent("Risky", z.object({ kind: z.string() }));
const Fine = stopEvent("Fine", z.object({ ok: z.boolean() }));

export const risky = defineWorkflow("risky").step("try", { accepts: Risky, emits: Fine }, (event) => {
  switch (event.data.kind) {
    case "undefined":
      // Anything can be thrown, and a workflow's author will one day.
      throw undefined; // eslint-disable-line
    case "type":
      throw Object.assign(new TypeError("not a number"), { code: "E_TYPE", detail: { field: "age" } });
    default:
      return Fine({ ok: true });
  }
});

const Later = startEvent("Later", z.object({ delay: z.number() }));
const Arrived = stopEvent("Arrived", z.object({ attempts: z.number(), elapsed: z.number() }));

export const delayed = defineWorkflow("delayed", { timeout: null }).step(
  "retry",
  { accepts: Later, emits: Arrived, retryPolicy: exponentialBackoff({ initial: 1500, maximumAttempts: 2 }) },
  (_event, ctx) => {
    const { attempt, elapsed } = ctx.retryInfo();
    if (attempt === 0) throw new Error("not yet");
    return Arrived({ attempts: attempt + 1, elapsed });
  },
);

const Compute = startEvent("Compute", z.object({ milliseconds: z.number() }));
const Computed = stopEvent("Computed", z.object({ rounds: z.number() }));

/** Keeps its thread to itself. */
export const busy = defineWorkflow("busy").step("compute", { accepts: Compute, emits: Computed }, (event) => {
  let rounds = 0;
  for (const until = performance.now() + event.data.milliseconds; performance.now() < until;) rounds += 1;
  return Computed({ rounds });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
