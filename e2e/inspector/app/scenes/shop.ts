/**
 * A shop that packs orders. What takes time takes it from the scene's clock, and what fails does so by its name.
 *
 *   Order ─► split ─ Item* ─► pick ─ Picked* ─► pack ─ Packed ─► approve ─ Approved ─► ship ─► Shipped
 *                                                    └─────────► bill ──── Billed ────┘  └ runs parcel
 */
import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  exponentialBackoff,
  humanResponseEvent,
  inputRequiredEvent,
  listOf,
  resource,
  startEvent,
  stopEvent,
} from "tickwork";
import { z } from "zod";

type Pause = (milliseconds: number) => Promise<void>;

const address = z.object({ street: z.string(), city: z.string(), zip: z.string().regex(/^\d{5}$/) });
const Order = startEvent(
  "Order",
  z.object({
    customer: z.string().min(1).describe("Who ordered"),
    items: z.array(z.string()).min(1).max(100).describe("What is to be packed"),
    speed: z.enum(["standard", "express"]).default("standard"),
    address: address.describe("Where it goes"),
  }),
);
const Item = defineEvent("Item", z.object({ index: z.number(), name: z.string() }));
const Picked = defineEvent("Picked", z.object({ index: z.number(), name: z.string(), grams: z.number() }));
const Packed = defineEvent("Packed", z.object({ parcels: z.number(), grams: z.number() }));
const Question = inputRequiredEvent(
  "Question",
  z.object({ prompt: z.string(), grams: z.number(), parcels: z.number(), cost: z.string() }),
);
const Decision = humanResponseEvent(
  "Decision",
  z.object({
    carrier: z.enum(["post", "courier", "pick-up"]).describe("Who brings it"),
    insured: z.boolean().default(true),
    latest: z.iso.date().optional().describe("The last day on which it may arrive"),
    note: z.string().max(200).optional().describe("Printed on the label"),
  }),
);
const Approved = defineEvent("Approved", z.object({ carrier: z.string(), grams: z.number() }));
const Billed = defineEvent("Billed", z.object({ invoice: z.string(), cents: z.number() }));
const Shipped = stopEvent("Shipped", z.object({ tracking: z.string(), invoice: z.string(), grams: z.number() }));
const Progress = defineEvent("Progress", z.object({ picked: z.number() }));

const Parcel = startEvent("Parcel", z.object({ carrier: z.string(), grams: z.number() }));
const Label = defineEvent("Label", z.object({ tracking: z.string() }));
const HandedOver = stopEvent("HandedOver", z.object({ tracking: z.string() }));

const Watch = startEvent("Watch", z.object({ shop: z.string(), items: z.array(z.string()) }));
const Price = defineEvent("Price", z.object({ item: z.string() }));
const Prices = stopEvent("Prices", z.object({ items: z.number() }));

const state = z.object({
  customer: z.string().default(""),
  grams: z.number().default(0),
  shelves: z.record(z.string(), z.object({ aisle: z.number(), grams: z.number() })).default({}),
});

/** Where what is thrown was thrown depends on the build: a picture would change with every line of code. */
function at(place: string, error: Error): Error {
  error.stack = `${error.name}: ${error.message}\n    at ${place}`;
  return error;
}

class GripperError extends Error {
  override readonly name = "GripperError";
  readonly code = "GRIP_LOST";
}

/** `approve`: what the step that asks a person is called; another name is another version of the code. */
export function shop(pause: Pause, { approve = "approve" } = {}) {
  const parcel = defineWorkflow("parcel", { description: "Label a parcel and hand it over", timeout: null })
    .step("label", { accepts: Parcel, emits: Label, numWorkers: 1 }, async ({ data: { grams } }) => {
      await pause(1_500);
      return Label({ tracking: `TW ${100_000 + grams}` });
    })
    .step("hand over", { accepts: Label, emits: HandedOver, numWorkers: 1 }, async ({ data }) => {
      await pause(8_000);
      return HandedOver(data);
    });

  const order = defineWorkflow("order", {
    description: "Pick, pack and ship an order",
    timeout: null,
    state,
    resources: { robots: resource(() => ({ grip: true }), { name: "robots" }) },
  })
    .step(
      "split",
      { accepts: Order, emits: listOf(Item), numWorkers: 1, description: "One work item for each thing" },
      async ({ data: { customer, items } }, ctx) => {
        await pause(240);
        await ctx.store.set("customer", customer);
        ctx.log(`${items.length} things for ${customer}`);
        return items.map((name, index) => Item({ index, name }));
      },
    )
    .step(
      "pick",
      {
        accepts: Item,
        emits: Picked,
        numWorkers: 3,
        retryPolicy: exponentialBackoff({ initial: 6_000, maximumAttempts: 5 }),
        description: "A robot takes it from its shelf",
      },
      async ({ data: { index, name } }, ctx) => {
        const { robots } = ctx.resources;
        const { attempt } = ctx.retryInfo();
        ctx.log(`${name}: aisle ${1 + (index % 7)}`, { attempt, robots });
        await pause(1_400 + 700 * (index % 4));
        if (name.startsWith("glass") && attempt < 2)
          throw at("pick (robots.ts:58:11)", new GripperError(`The gripper let go of the ${name}.`));
        const grams = 120 + 35 * name.length;
        await ctx.store.set(`shelves.${name.replaceAll(" ", "-")}`, { aisle: 1 + (index % 7), grams });
        ctx.writeEventToStream(Progress({ picked: index + 1 }));
        return Picked({ index, name, grams });
      },
    )
    .step(
      "pack",
      { accepts: listOf(Picked), emits: Packed, numWorkers: 1, description: "Into as few parcels as it fits" },
      async (all, ctx) => {
        await pause(5_200);
        const grams = all.reduce((sum, { data }) => sum + data.grams, 0);
        await ctx.store.set("grams", grams);
        return Packed({ parcels: Math.ceil(grams / 4_000), grams });
      },
    )
    .step(
      approve,
      { accepts: Packed, emits: Approved, waitsFor: Decision, description: "A person chooses who brings it" },
      async ({ data: { grams, parcels } }, ctx) => {
        const waiterEvent = Question({
          prompt: "Who brings this order, and until when?",
          grams,
          parcels,
          cost: "Courier 14.90, post 6.40",
        });
        const { data } = await ctx.waitForEvent(Decision, { waiterEvent, timeout: 172_800_000 });
        return Approved({ carrier: data.carrier, grams });
      },
    )
    .step("bill", { accepts: Packed, emits: Billed, description: "Write the invoice" }, async ({ data: { grams } }) => {
      await pause(900);
      return Billed({ invoice: `2026-${1_000 + (grams % 997)}`, cents: 1_990 + grams });
    })
    .step(
      "ship",
      { accepts: allOf(Approved, Billed), emits: Shipped, runs: parcel, description: "Hand it to the carrier" },
      async ([approved, billed], ctx) => {
        const { tracking } = await ctx.runWorkflow(parcel, approved.data);
        return Shipped({ tracking, invoice: billed.data.invoice, grams: approved.data.grams });
      },
    );

  const prices = defineWorkflow("prices", { description: "Compare prices with another shop", timeout: null })
    .step("list", { accepts: Watch, emits: Price, numWorkers: 1 }, ({ data: { items } }, ctx) => {
      for (const item of items) ctx.sendEvent(Price({ item }));
    })
    .step(
      "ask",
      {
        accepts: Price,
        emits: Prices,
        numWorkers: 2,
        retryPolicy: constantDelay({ maximumAttempts: 3, delay: 4_000 }),
        description: "Ask the other shop",
      },
      async ({ data: { item } }, ctx) => {
        ctx.log(`Asking for ${item}`);
        await pause(650);
        throw at("ask (prices.ts:41:13)", new Error(`429 Too Many Requests: the shop gave no price for ${item}.`));
      },
    );
  return { order, prices, parcel };
}
