import { z } from "zod";
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  listOf,
  startEvent,
  stopEvent,
} from "tickwork";
import { crashEverywhere } from "tickwork/testing";

const Orders = startEvent("Orders", z.object({ ids: z.array(z.string()) }));
const Order = defineEvent("Order", z.object({ id: z.string() }));
const Paid = defineEvent("Paid", z.object({ id: z.string(), receipt: z.string() }));
const Receipts = stopEvent("Receipts", z.object({ receipts: z.array(z.string()) }));

const paying = defineWorkflow("paying")
  .step("split", { accepts: Orders, emits: listOf(Order) }, ({ data }) =>
    data.ids.map((id) => Order({ id })),
  )
  .step(
    "pay",
    {
      accepts: Order,
      emits: Paid,
      retryPolicy: constantDelay({ maximumAttempts: 3, delay: 1000 }),
    },
    async ({ data: { id } }, ctx) => {
      if (id === "b" && ctx.retryInfo().attempt === 0) throw new Error("busy");
      const receipt = await ctx.once("charge", () => `paid ${id}`);
      ctx.writeEventToStream(Paid({ id, receipt }));
      return Paid({ id, receipt });
    },
  )
  .step("file", { accepts: listOf(Paid), emits: Receipts }, (paid) =>
    Receipts({ receipts: paid.map(({ data }) => data.receipt) }),
  );

const report = await crashEverywhere(paying, { ids: ["a", "b", "c"] });
console.log(`the process died ${report.trials} times`);
console.log("what came out otherwise:", report.differences);
