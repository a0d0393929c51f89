/** A run of several hundred steps, on four lanes at once. Its worker's name is its database. */
import { defineEvent, defineWorkflow, startEvent, stopEvent } from "tickwork";
import { serveWorkflows } from "tickwork/worker";
import * as z from "zod/mini";
import { effectKey, tellOutside } from "./outside.ts";

const Place = z.object({ lane: z.number(), lap: z.number(), laps: z.number() });
const Begin = startEvent("Begin", z.object({ laps: z.number() }));
const Lap = defineEvent("Lap", Place);
const Passed = defineEvent("Passed", Place);
const Home = defineEvent("Home", Place);
const End = stopEvent("End", z.object({ laps: z.number() }));

const LANES = 4;

const marathon = defineWorkflow("marathon", { timeout: null })
  .step("begin", { accepts: Begin, emits: Lap }, ({ data: { laps } }, ctx) => {
    for (let lane = 0; lane < LANES; lane++) ctx.sendEvent(Lap({ lane, lap: 1, laps }));
  })
  .step("run", { accepts: Lap, emits: [Lap, Home], numWorkers: LANES }, async ({ data }, ctx) => {
    const { runId, workItem } = ctx;
    const place = `${data.lane}/${data.lap}`;
    tellOutside({ kind: "began", runId, step: place, workItem });
    await ctx.once("water", () => tellOutside({ kind: "effect", runId, workItem, key: effectKey(workItem, "water") }));
    await new Promise((resolve) => setTimeout(resolve, 4));
    ctx.writeEventToStream(Passed(data));
    return data.lap < data.laps ? Lap({ ...data, lap: data.lap + 1 }) : Home(data);
  })
  .step("end", { accepts: Home, emits: End, numWorkers: 1 }, (event, ctx) => {
    const all = ctx.collectEvents(
      event,
      Array.from({ length: LANES }, () => Home),
    );
    return all ? End({ laps: all.reduce((sum, { data }) => sum + data.lap, 0) }) : undefined;
  });

serveWorkflows({ marathon }, { database: self.name });
