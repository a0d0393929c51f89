import { buildGraph, defineWorkflow, StartEvent, StopEvent } from "tickwork";

const small = defineWorkflow("small").step(
  "work",
  { accepts: StartEvent, emits: StopEvent },
  () => StopEvent(),
);

console.log(JSON.stringify(buildGraph(small), null, 2));
