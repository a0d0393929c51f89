import { z } from "zod";
import { defineWorkflow, exponentialBackoff, run, startEvent, stopEvent } from "tickwork";

const Ask = startEvent("Ask", z.object({ question: z.string() }));
const Answer = stopEvent("Answer", z.object({ text: z.string(), attempts: z.number() }));

/** A service that is busy twice, and then answers. */
let calls = 0;
function busyService(): string {
  calls += 1;
  if (calls < 3) throw new Error("busy");
  return "42";
}

const asking = defineWorkflow("asking").step(
  "ask",
  {
    accepts: Ask,
    emits: Answer,
    retryPolicy: exponentialBackoff({ initial: 1_000, factor: 2, maximumAttempts: 5 }),
  },
  (_event, ctx) => {
    const { attempt, elapsed, lastError } = ctx.retryInfo();
    console.log(
      `attempt ${attempt} after ${elapsed} ms:`,
      lastError?.message ?? "the first",
    );
    return Answer({ text: busyService(), attempts: attempt + 1 });
  },
);

console.log(await run(asking, { question: "What do you get?" }).result());
