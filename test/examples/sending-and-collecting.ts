import { z } from "zod";
import { defineEvent, defineWorkflow, run, startEvent, stopEvent } from "tickwork";

const Trip = startEvent("Trip", z.object({ city: z.string() }));
const Search = defineEvent("Search", z.object({ city: z.string(), day: z.string() }));
const Offer = defineEvent("Offer", z.object({ from: z.string(), price: z.number() }));
const Plan = stopEvent("Plan", z.object({ offers: z.array(z.string()) }));

const planning = defineWorkflow("planning")
  .step("ask", { accepts: Trip, emits: Search }, ({ data: { city } }, ctx) => {
    // To every step that accepts a Search: airline and hotel.
    ctx.sendEvent(Search({ city, day: "Friday" }));
    // To one of them.
    ctx.sendEvent(Search({ city, day: "Saturday" }), { step: "hotel" });
  })
  .step("airline", { accepts: Search, emits: Offer }, ({ data }) =>
    Offer({ from: `flight on ${data.day}`, price: 200 }),
  )
  .step("hotel", { accepts: Search, emits: Offer }, ({ data }) =>
    Offer({ from: `room on ${data.day}`, price: data.day === "Friday" ? 90 : 70 }),
  )
  .step("decide", { accepts: Offer, emits: Plan }, (event, ctx) => {
    const offers = ctx.collectEvents(event, [Offer, Offer, Offer]);
    console.log(event.data.from, offers === null ? "…" : "all there");
    if (!offers) return undefined;
    return Plan({ offers: offers.map(({ data }) => `${data.from}: ${data.price}`) });
  });

console.log(await run(planning, { city: "Lisbon" }).result());
