// #region events
import { z } from "zod";
import { defineEvent, defineWorkflow, run, startEvent, stopEvent } from "tickwork";

const Order = startEvent("Order", z.object({ item: z.string(), amount: z.number() }));
const Priced = defineEvent("Priced", z.object({ item: z.string(), total: z.number() }));
const Invoice = stopEvent("Invoice", z.object({ text: z.string() }));
// #endregion

// #region workflow
const prices = new Map([["tea", 4]]);

const ordering = defineWorkflow("ordering")
  .step("price", { accepts: Order, emits: Priced }, ({ data: { item, amount } }) => {
    const price = prices.get(item);
    if (price === undefined) throw new Error(`We do not sell ${item}.`);
    return Priced({ item, total: price * amount });
  })
  .step("write", { accepts: Priced, emits: Invoice }, ({ data }, ctx) => {
    ctx.writeEventToStream(Priced(data));
    return Invoice({ text: `${data.item}: ${data.total} euros, please.` });
  });
// #endregion

// #region run
const handler = run(ordering, { item: "tea", amount: 3 });

for await (const event of handler.streamEvents()) {
  console.log(event.sequence, event.type, event.data);
}
console.log("result:", await handler.result());

const failed = run(ordering, { item: "gold", amount: 1 });
await failed.result().catch((error: Error) => console.log("failed:", error.message));
// #endregion
