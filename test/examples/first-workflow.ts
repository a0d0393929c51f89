import { z } from "zod";
import { defineEvent, defineWorkflow, exponentialBackoff, run, startEvent, stopEvent } from "tickwork";

const Begin = startEvent("Begin", z.object({ words: z.array(z.string()) }));
const Word = defineEvent("Word", z.object({ text: z.string(), of: z.number() }));
const Scored = defineEvent("Scored", z.object({ score: z.number(), of: z.number() }));
const Total = stopEvent("Total", z.object({ score: z.number() }));

const scoring = defineWorkflow("scoring")
  .step("split", { accepts: Begin, emits: Word }, (event, ctx) => {
    for (const text of event.data.words) ctx.sendEvent(Word({ text, of: event.data.words.length }));
  })
  .step("score", { accepts: Word, emits: Scored, numWorkers: 4, retryPolicy: exponentialBackoff() }, async (event) => {
    return Scored({ score: event.data.text.length, of: event.data.of }); // an await that can fail goes here
  })
  .step("add", { accepts: Scored, emits: Total }, (event, ctx) => {
    const all = ctx.collectEvents(event, Array.from({ length: event.data.of }, () => Scored));
    return all && Total({ score: all.reduce((sum, { data }) => sum + data.score, 0) });
  });

const handler = run(scoring, { words: ["durable", "workflows"] });
console.log(await handler.result()); // { score: 16 }
