import { z } from "zod";
import { defineEvent, defineWorkflow, startEvent, stopEvent } from "tickwork";
import { createEngine, MemoryJournal } from "tickwork/engine";
import { settle, SimulatedClock } from "tickwork/testing";

const Meter = startEvent("Meter", z.object({ readings: z.number() }));
const Reading = defineEvent("Reading", z.object({ left: z.number() }));
const Summary = stopEvent("Summary", z.object({ total: z.number() }));

const metering = defineWorkflow("metering", {
  timeout: null,
  history: { keepTicks: 500 },
  retention: { days: 30, runs: 2 },
}).step(
  "read",
  { accepts: [Meter, Reading], emits: [Reading, Summary] },
  async (event, ctx) => {
    const left = Meter.is(event) ? event.data.readings : event.data.left;
    const total = Number(await ctx.store.get("total", 0)) + left;
    await ctx.store.set("total", total);
    return left > 0 ? Reading({ left: left - 1 }) : Summary({ total });
  },
);

const clock = new SimulatedClock(); // so that days take no time
const engine = await createEngine({ metering }, { journal: new MemoryJournal(), clock });

// #region history
const handler = await engine.start("metering", { readings: 2_000 }, { runId: "long" });
console.log(await handler.result());
await settle();
const { ticks, historyFrom } = await engine.readTicks("long", { from: 1, limit: 2_000 });
console.log("ticks 1 to 2000:", ticks.length, "kept; history from tick", historyFrom);
// #endregion

// #region retention
for (const runId of ["a", "b", "c"]) {
  await (await engine.start("metering", { readings: 1 }, { runId })).result();
  await clock.advance(1_000);
}
const ids = async () => (await engine.listRuns()).runs.map(({ runId }) => runId).join(", ");
console.log("at once:", await ids());
await clock.advance(120_000);
await settle();
console.log("two minutes later:", await ids());
await clock.advance(31 * 24 * 3_600_000);
await settle();
console.log("a month later:", (await ids()) || "none");
// #endregion
await engine.close();
