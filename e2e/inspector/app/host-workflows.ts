import { defineEvent, defineWorkflow, humanResponseEvent, inputRequiredEvent, startEvent, stopEvent } from "tickwork";
import * as z from "zod";

const Order = startEvent("Order", z.object({ customer: z.string(), amount: z.number() }));
const Priced = defineEvent("Priced", z.object({ customer: z.string(), total: z.number() }));
const Paid = stopEvent("Paid", z.object({ receipt: z.string() }));

/** Its second step fails. */
export const order = defineWorkflow("order")
  .step("price", { accepts: Order, emits: Priced }, ({ data: { customer, amount } }) =>
    Priced({ customer, total: amount * 1.2 }),
  )
  .step("charge", { accepts: Priced, emits: Paid }, ({ data: { customer } }) => {
    if (customer !== "") throw new Error(`The card of ${customer} was declined`);
    return Paid({ receipt: "none" });
  });

const Text = startEvent("Text", z.object({ title: z.string() }));
const Wanted = inputRequiredEvent("Wanted", z.object({ question: z.string() }));
const Verdict = humanResponseEvent(
  "Verdict",
  z.object({ decision: z.enum(["print", "reject"]), note: z.string().optional(), copies: z.int() }),
);
const Reviewed = stopEvent("Reviewed", z.object({ decision: z.string(), copies: z.number() }));

/** It asks a person. */
export const review = defineWorkflow("review", { timeout: null }).step(
  "decide",
  { accepts: Text, emits: [Wanted, Reviewed], waitsFor: Verdict },
  async ({ data: { title } }, ctx) => {
    const { data } = await ctx.waitForEvent(Verdict, {
      waiterEvent: Wanted({ question: `Is "${title}" to be printed?` }),
      timeout: null,
    });
    return Reviewed({ decision: data.decision, copies: data.copies });
  },
);
