/** A run that leaves its input in every place where a run can hold data, then waits for the word how to end. */
import { z } from "zod";
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  startEvent,
  stopEvent,
} from "tickwork";

const anything = z.record(z.string(), z.unknown());

const Begin = startEvent("Begin", anything);
const Go = defineEvent("Go", anything);
const Bad = defineEvent("Bad", anything);
const Piece = defineEvent("Piece", anything);
const Word = humanResponseEvent("Word", anything);
const Prompt = inputRequiredEvent("Prompt", anything);
const End = stopEvent("End", anything);

class Refused extends Error {
  readonly details: unknown;
  constructor(details: unknown) {
    super(`refused ${JSON.stringify(details)}`, { cause: new TypeError(`cause ${JSON.stringify(details)}`) });
    this.details = details;
  }
}

const child = defineWorkflow("child").step("reply", { accepts: Begin, emits: End }, ({ data }) => End(data));
const badChild = defineWorkflow("badChild").step("reply", { accepts: Begin, emits: End }, ({ data }) => {
  throw new Refused(data);
});

const everything = defineWorkflow("everything", { timeout: null })
  .step("begin", { accepts: Begin, emits: [Go, Bad, Piece] }, async ({ data }, ctx) => {
    await ctx.store.set("input", data);
    await ctx.store.set("deep.down", data);
    await ctx.store.set("deep.down", [data]);
    ctx.log(`said ${JSON.stringify(data)}`, data);
    ctx.writeEventToStream(Piece(data));
    ctx.sendEvent(Bad(data));
    ctx.sendEvent(Piece(data));
    return Go(data);
  })
  .step("collect", { accepts: Piece, emits: End }, async (event, ctx) => {
    ctx.collectEvents(event, [Piece, Piece]);
  })
  .step(
    "bad",
    { accepts: Bad, emits: End, retryPolicy: constantDelay({ maximumAttempts: 3, delay: 60_000 }) },
    ({ data }) => {
      throw new Refused(data);
    },
  )
  // Still at it when the run ends, as the next one.
  .step("linger", { accepts: Go, emits: End }, ({ data }, ctx) => {
    ctx.log(`said ${JSON.stringify(data)}`, data);
    return new Promise<undefined>(() => undefined);
  })
  .catchError("rescue", { forSteps: ["bad"], emits: End }, () => new Promise<undefined>(() => undefined))
  .step("ask", { accepts: Go, emits: End, waitsFor: Word, runs: [child, badChild] }, async ({ data }, ctx) => {
    await ctx.once("effect", () => data);
    await ctx.runWorkflow(child, data, { key: "good" });
    await ctx.runWorkflow(badChild, data, { key: "bad" }).catch(() => undefined);
    const word = await ctx.waitForEvent(Word, {
      waiterEvent: Prompt(data),
      requirements: { to: "ask", note: JSON.stringify(data) },
      timeout: null,
    });
    if (word.data["end"] === "fail") throw new Refused(word.data);
    return End(word.data);
  });

export const workflows = { everything, child, badChild };
