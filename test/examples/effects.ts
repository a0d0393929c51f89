import { z } from "zod";
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  run,
  startEvent,
  stopEvent,
} from "tickwork";

const Pay = startEvent("Pay", z.object({ amount: z.number() }));
const Progress = defineEvent("Progress", z.object({ text: z.string() }));
const Paid = stopEvent("Paid", z.object({ receipt: z.string() }));

/** Stands for a service that really takes money. */
let charges = 0;
async function charge(amount: number, idempotencyKey: string) {
  charges += 1;
  return { receipt: `receipt ${charges} for ${amount} (${idempotencyKey})` };
}

const paying = defineWorkflow("paying").step(
  "pay",
  {
    accepts: Pay,
    emits: Paid,
    retryPolicy: constantDelay({ maximumAttempts: 3, delay: 1_000 }),
  },
  async ({ data: { amount } }, ctx) => {
    const { attempt } = ctx.retryInfo();
    ctx.writeEventToStream(Progress({ text: `attempt ${attempt}` }));
    ctx.log("about to charge", { attempt });

    // Runs once for this piece of work, however often the step does.
    const key = `${ctx.runId}/${ctx.workItem}`;
    const { receipt } = await ctx.once("charge", () => charge(amount, key));

    if (attempt < 2) throw new Error("the printer is out of paper");
    return Paid({ receipt });
  },
);

const handler = run(paying, { amount: 20 }, { runId: "order-5" });
for await (const { type, data } of handler.streamEvents()) console.log(type, data);
console.log("charges:", charges);
