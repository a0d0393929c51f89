/** 300 steps: streets of twelve houses side by side. Items pass through them, so many that it makes the ticks asked for. */
import { defineEvent, defineWorkflow, startEvent, stopEvent } from "tickwork";
import * as z from "zod/mini";

const STREETS = 25;
const HOUSES = 12;

const Begin = startEvent("Begin", z.object({ seconds: z.number(), ticksPerSecond: z.number() }));
const Drive = defineEvent(
  "Drive",
  z.object({ begin: z.number(), seconds: z.number(), ticksPerSecond: z.number(), sent: z.number() }),
);
const End = stopEvent("End", z.object({ items: z.number() }));
const Item = z.object({ n: z.number() });
const Arrived = defineEvent("Arrived", Item);
const Driven = defineEvent("Driven", z.object({ items: z.number() }));

/** What the houses of a street take. */
const streets = Array.from({ length: STREETS }, (_street, street) =>
  Array.from({ length: HOUSES }, (_house, house) => defineEvent(`At${street}x${house}`, Item)),
);
const entries = streets.flatMap(([entry]) => entry ?? []);

let building = defineWorkflow("city", { timeout: null })
  .step("begin", { accepts: Begin, emits: Drive }, ({ data }) => Drive({ ...data, begin: Date.now(), sent: 0 }))
  .step(
    "drive",
    { accepts: Drive, emits: [Drive, Driven, ...entries], numWorkers: 1 },
    async ({ data: { begin, seconds, ticksPerSecond, sent } }, ctx) => {
      await new Promise((resolve) => setTimeout(resolve, 8));
      const elapsed = (Date.now() - begin) / 1_000;
      // A tick per house and one to arrive.
      const due = Math.floor((elapsed * ticksPerSecond) / (HOUSES + 1));
      for (let n = sent; n < due; n++) {
        const entry = entries[n % STREETS];
        if (entry !== undefined) ctx.sendEvent(entry({ n }));
      }
      return elapsed < seconds ? Drive({ begin, seconds, ticksPerSecond, sent: due }) : Driven({ items: due });
    },
  )
  .step("arrive", { accepts: [Arrived, Driven], emits: End, numWorkers: 1 }, ({ type, data }) =>
    type === "Driven" ? End(data) : undefined,
  );
for (const [street, places] of streets.entries()) {
  for (const [house, here] of places.entries()) {
    const next = places[house + 1] ?? Arrived;
    building = building.step(`house${street}x${house}`, { accepts: here, emits: next, numWorkers: 4 }, ({ data }) =>
      next(data),
    );
  }
}
export const city = building;
