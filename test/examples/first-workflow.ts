import { z } from "zod";
import { defineEvent, defineWorkflow, exponentialBackoff, run, startEvent, stopEvent } from "tickwork";

const Begin = startEvent("Begin", z.object({ words: z.array(z.string()) }));
const Word = defineEvent("Word", z.object({ text: z.string(), of: z.number() }));
const Scored = defineEvent("Scored", z.object({ score: z.number(), of: z.number() }));
const Total = stopEvent("Total", z.object({ score: z.number() }));
const work = { accepts: Word, emits: Scored, numWorkers: 4, retryPolicy: exponentialBackoff() };

const scoring = defineWorkflow("scoring")
  .step("split", { accepts: Begin, emits: Word }, ({ data }, ctx) => {
    for (const text of data.words) ctx.sendEvent(Word({ text, of: data.words.length }));
  })
  .step("score", work, async ({ data }) => Scored({ score: data.text.length, of: data.of }))
  .step("add", { accepts: Scored, emits: Total }, (event, ctx) => {
    const all = ctx.collectEvents(event, Array<typeof Scored>(event.data.of).fill(Scored));
    return all && Total({ score: all.reduce((sum, { data }) => sum + data.score, 0) });
  });

console.log(await run(scoring, { words: ["durable", "workflows"] }).result()); // { score: 16 }
