import { z } from "zod";
import {
  defineEvent,
  defineWorkflow,
  processRuntime,
  startEvent,
  StorageError,
  stopEvent,
  withRetries,
} from "tickwork";
import { createEngine, MemoryJournal } from "tickwork/engine";
import { FaultInjectingJournal, settle, SimulatedClock } from "tickwork/testing";

const Order = startEvent("Order", z.object({ item: z.string() }));
const Packed = defineEvent("Packed", z.object({ item: z.string() }));
const Shipped = stopEvent("Shipped", z.object({ text: z.string() }));

const shipping = defineWorkflow("shipping")
  .step("pack", { accepts: Order, emits: Packed }, async ({ data }, ctx) => {
    await ctx.once("buy a box", () => console.log("a box is bought"));
    return Packed(data);
  })
  .step("ship", { accepts: Packed, emits: Shipped }, ({ data }) => {
    console.log("the box is shipped");
    return Shipped({ text: `${data.item} is on its way` });
  });

const clock = new SimulatedClock(); // so that waiting takes no time
const full = new StorageError("The storage of this site is full.", {
  code: "STORAGE_QUOTA",
});
const journal = new FaultInjectingJournal(new MemoryJournal(), {
  durable: true, // it is waited for, as a disk is
  faults: [2, 3, 4].map((call) => ({ on: "append", call, fail: full })),
});
const engine = await createEngine(
  { shipping },
  withRetries({ ...processRuntime, clock, journal }), // as in a worker
);

const handler = await engine.start("shipping", { item: "A lamp" });
await settle(); // a moment later the disk is full
const { state, problem } = await engine.storage();
console.log(state, problem);
await clock.advance(60_000); // it is tried again by itself
console.log(await handler.result());
console.log((await engine.storage()).state);
await engine.close();
