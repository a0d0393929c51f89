/** Two steps that go on only when both are inside: in Node, whose workers share memory by `workerData`. */
import { workerData } from "node:worker_threads";
import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { serveSteps } from "tickwork/pool";

const Visit = defineEvent("Visit");
const Met = defineEvent("Met");

export const meeting = defineWorkflow("meeting", { timeout: null })
  .step("invite", { accepts: StartEvent, emits: Visit }, (_event, ctx) => {
    ctx.sendEvent(Visit("a"));
    ctx.sendEvent(Visit("b"));
  })
  .step("meet", { accepts: Visit, emits: Met, isolated: true, numWorkers: 2 }, ({ data }) => {
    const inside = new Int32Array(workerData as SharedArrayBuffer);
    Atomics.add(inside, 0, 1);
    Atomics.notify(inside, 0);
    // Holds up this thread: were there only one, the other could never come.
    const outcome = Atomics.wait(inside, 0, 1, 15_000);
    return Met({ who: data, outcome: outcome === "timed-out" ? outcome : "met", inside: Atomics.load(inside, 0) });
  })
  .step("tell", { accepts: Met, emits: StopEvent, numWorkers: 1 }, (event, ctx) => {
    const both = ctx.collectEvents(event, [Met, Met]);
    return both ? StopEvent(both.map(({ data }) => data)) : undefined;
  });

if (workerData) serveSteps({ meeting });
