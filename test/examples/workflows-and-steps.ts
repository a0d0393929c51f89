import { z } from "zod";
import { defineEvent, defineWorkflow, run, startEvent, stopEvent } from "tickwork";

const Texts = startEvent("Texts", z.object({ texts: z.array(z.string()) }));
const Text = defineEvent("Text", z.object({ text: z.string(), of: z.number() }));
const Long = defineEvent("Long", z.object({ text: z.string(), of: z.number() }));
const Count = defineEvent("Count", z.object({ words: z.number(), of: z.number() }));
const Total = stopEvent("Total", z.object({ words: z.number() }));

const countWords = (text: string) => text.split(" ").length;

const counting = defineWorkflow("counting", {
  description: "Counts the words of texts",
  version: "1",
  timeout: 60_000,
})
  .step("split", { accepts: Texts, emits: Text }, ({ data: { texts } }, ctx) => {
    for (const text of texts) ctx.sendEvent(Text({ text, of: texts.length }));
  })
  // One kind in, one of two kinds out.
  .step("look", { accepts: Text, emits: [Count, Long] }, ({ data: { text, of } }) =>
    text.length > 20 ? Long({ text, of }) : Count({ words: countWords(text), of }),
  )
  // At most two long texts at once; more wait in the step's queue.
  .step("read", { accepts: Long, emits: Count, numWorkers: 2 }, async ({ data }) => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return Count({ words: countWords(data.text), of: data.of });
  })
  .step("add", { accepts: Count, emits: Total }, (event, ctx) => {
    const counts = ctx.collectEvents(
      event,
      Array.from({ length: event.data.of }, () => Count),
    );
    if (!counts) return undefined; // not all there yet
    return Total({ words: counts.reduce((sum, { data }) => sum + data.words, 0) });
  });

const texts = ["two words", "this is a longer text than that", "one"];
console.log(await run(counting, { texts }).result());
