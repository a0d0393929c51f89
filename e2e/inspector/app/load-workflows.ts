import { defineEvent, defineWorkflow, listOf, startEvent, StartEvent, StopEvent, stopEvent } from "tickwork";
import * as z from "zod/mini";

const pause = (milliseconds = 0) =>
  milliseconds === 0 ? undefined : new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const Gather = startEvent("Gather", z.object({ items: z.number(), milliseconds: z.number() }));
const Person = defineEvent("Person", z.object({ n: z.number(), milliseconds: z.number() }));
const Seated = defineEvent("Seated", z.object({ n: z.number() }));
const Full = stopEvent("Full", z.object({ seated: z.number() }));

/** One fan-out of any number of items, each of which takes so long. */
export const crowd = defineWorkflow("crowd", { timeout: null })
  .step("call", { accepts: Gather, emits: listOf(Person) }, ({ data: { items, milliseconds } }) =>
    Array.from({ length: items }, (_, n) => Person({ n, milliseconds })),
  )
  .step("seat", { accepts: Person, emits: Seated, numWorkers: 8 }, async ({ data: { n, milliseconds } }) => {
    await pause(milliseconds);
    return Seated({ n });
  })
  .step("count", { accepts: listOf(Seated), emits: Full }, (all) => Full({ seated: all.length }));

const Swim = startEvent("Swim", z.object({ laps: z.number(), milliseconds: z.optional(z.number()) }));
const Lap = defineEvent(
  "Lap",
  z.object({
    lane: z.number(),
    lap: z.number(),
    laps: z.number(),
    milliseconds: z.optional(z.number()),
    note: z.string(),
  }),
);
const Out = defineEvent("Out", z.object({ lane: z.number() }));
const Dry = stopEvent("Dry", z.object({ lanes: z.number() }));
const LANES = 8;

/** A long run: eight lanes, a tick per lap, each as fast as can be or in so many milliseconds. */
export const lanes = defineWorkflow("lanes", { timeout: null })
  .step("dive", { accepts: Swim, emits: Lap }, ({ data }, ctx) => {
    for (let lane = 0; lane < LANES; lane++) ctx.sendEvent(Lap({ ...data, lane, lap: 1, note: `Lane ${lane} begins` }));
  })
  .step("swim", { accepts: Lap, emits: [Lap, Out], numWorkers: LANES }, async ({ data }) => {
    const { lane, lap, laps, milliseconds } = data;
    await pause(milliseconds);
    return lap < laps ? Lap({ ...data, lap: lap + 1, note: `Lane ${lane}, lap ${lap}` }) : Out({ lane });
  })
  .step("dry", { accepts: Out, emits: Dry, numWorkers: 1 }, (event, ctx) => {
    const all = ctx.collectEvents(
      event,
      Array.from({ length: LANES }, () => Out),
    );
    return all ? Dry({ lanes: all.length }) : undefined;
  });

/** About 5 MB in many small values. */
const rows = Array.from({ length: 50_000 }, (_, n) => ({
  row: n,
  text: "what stands in the row",
  isOdd: n % 2 === 1,
  list: [n, n],
}));

/** 5 MB in the state store, and 10 MB in the result. */
export const heavy = defineWorkflow("heavy").step(
  "lift",
  { accepts: StartEvent, emits: StopEvent },
  async (_event, ctx) => {
    await ctx.store.set("rows", rows);
    return StopEvent({ rows, text: "x".repeat(5_000_000) });
  },
);

/** For many of them. */
export const small = defineWorkflow("small").step("do", { accepts: StartEvent, emits: StopEvent }, () => StopEvent({}));
