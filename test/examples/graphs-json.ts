import { z } from "zod";
import { buildGraph, defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";

const Alarm = defineEvent("Alarm", z.object({ place: z.string() }));
const Fire = defineEvent("Fire", z.object({ place: z.string(), floor: z.number() }), {
  extends: Alarm,
});

const watching = defineWorkflow("watching")
  .step("watch", { accepts: StartEvent, emits: Fire }, () =>
    Fire({ place: "kitchen", floor: 2 }),
  )
  .step("alert", { accepts: Alarm, acceptsSubkinds: true, emits: StopEvent }, () =>
    StopEvent(),
  );

const { nodes, edges } = buildGraph(watching, { schemas: true });
const show = (value: unknown) => console.log(JSON.stringify(value, null, 2));
show(nodes.find(({ name }) => name === "alert"));
show(nodes.find(({ name }) => name === "Fire"));
show(edges.filter(({ target }) => target === "step:alert"));
