// #region ask
import { z } from "zod";
import {
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  run,
  startEvent,
  stopEvent,
  WaiterTimeoutError,
} from "tickwork";

const Order = startEvent("Order", z.object({ id: z.string(), total: z.number() }));
const Approve = inputRequiredEvent(
  "Approve",
  z.object({ id: z.string(), question: z.string() }),
);
const Approved = humanResponseEvent(
  "Approved",
  z.object({ id: z.string(), ok: z.boolean() }),
);
const Shipped = stopEvent("Shipped", z.object({ text: z.string() }));

let began = 0;
const shipping = defineWorkflow("shipping", { timeout: null }).step(
  "approve",
  { accepts: Order, emits: Shipped, waitsFor: Approved },
  async ({ data: { id, total } }, ctx) => {
    began += 1; // to show how often this line runs
    try {
      const { data } = await ctx.waitForEvent(Approved, {
        waiterEvent: Approve({ id, question: `Ship for ${total}?` }), // published once
        requirements: { id }, // only the answer for this order
        timeout: 24 * 3_600_000,
      });
      return Shipped({ text: data.ok ? "on its way" : "refused" });
    } catch (error) {
      if (!(error instanceof WaiterTimeoutError)) throw error;
      return Shipped({ text: "nobody answered for a day" });
    }
  },
);
// #endregion

// #region answer
const handler = run(shipping, { id: "A1", total: 30 });
for await (const event of handler.streamEvents()) {
  console.log(event.type, event.data);
  if (!Approve.is(event)) continue;
  console.log("status:", handler.status);
  await handler.sendEvent(Approved({ id: "B7", ok: false })); // another order: not for us
  await handler.sendEvent(Approved({ id: "A1", ok: true }));
}
console.log("the step began", began, "times");
// #endregion

// #region timeout
const forgotten = run(shipping, { id: "C3", total: 5 });
console.log(await forgotten.result());
// #endregion
