import { z } from "zod";
import { defineWorkflow, run, startEvent, stopEvent } from "tickwork";

const Text = startEvent("Text", z.object({ text: z.string() }));
const Counted = stopEvent("Counted", z.object({ words: z.number() }));

/** A workflow like any other: it also runs by itself. */
const counting = defineWorkflow("counting").step(
  "count",
  { accepts: Text, emits: Counted },
  ({ data }) => {
    if (data.text === "") throw new RangeError("There is nothing to count.");
    return Counted({ words: data.text.split(/\s+/).length });
  },
);

const Book = startEvent("Book", z.object({ chapters: z.array(z.string()) }));
const Total = stopEvent("Total", z.object({ words: z.number(), empty: z.number() }));

const book = defineWorkflow("book").step(
  "add",
  { accepts: Book, emits: Total, runs: counting },
  async ({ data }, ctx) => {
    const counts = await Promise.allSettled(
      data.chapters.map((text) => ctx.runWorkflow(counting, { text })),
    );
    const done = counts.filter((count) => count.status === "fulfilled");
    return Total({
      words: done.reduce((sum, count) => sum + count.value.words, 0),
      empty: counts.length - done.length,
    });
  },
);

const handler = run(
  book,
  { chapters: ["It was a dark night", "", "The end"] },
  { runId: "b1" },
);
for await (const event of handler.streamEvents({ exposeInternal: true })) {
  if (event.type === "ChildRunEnded") {
    const { runId, outcome } = event.data as { runId: string; outcome: string };
    console.log(runId, outcome);
  }
}
console.log(await handler.result());
