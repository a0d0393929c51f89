import { z } from "zod";
import {
  buildGraph,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  startEvent,
  stopEvent,
  toMermaid,
} from "tickwork";

const Order = startEvent("Order", z.object({ total: z.number() }));
const Approve = inputRequiredEvent("Approve");
const Approved = humanResponseEvent("Approved");
const Shipped = stopEvent("Shipped");

const shipping = defineWorkflow("shipping")
  .step("ask", { accepts: Order, emits: Approve }, () => Approve())
  .step("ship", { accepts: Approved, emits: Shipped }, () => Shipped());

const graph = buildGraph(shipping);
console.log(toMermaid(graph).trimEnd());
