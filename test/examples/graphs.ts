// #region all
import { z } from "zod";
import {
  buildExecutionGraph,
  buildGraph,
  defineWorkflow,
  filterGraph,
  humanResponseEvent,
  inputRequiredEvent,
  startEvent,
  stopEvent,
  toMermaid,
} from "tickwork";
import { MemoryJournal } from "tickwork/engine";
import { runToEnd } from "tickwork/testing";

const Order = startEvent("Order", z.object({ total: z.number() }));
const Approve = inputRequiredEvent("Approve");
const Approved = humanResponseEvent("Approved");
const Shipped = stopEvent("Shipped");

const shipping = defineWorkflow("shipping")
  .step("ask", { accepts: Order, emits: Approve }, () => Approve())
  .step("ship", { accepts: Approved, emits: Shipped }, () => Shipped());

const graph = buildGraph(shipping);
console.log(toMermaid(graph).trimEnd());
// #endregion

// #region steps
const steps = filterGraph(graph, ({ kind }) => kind === "step" || kind === "external");
console.log(toMermaid(steps, { maximumLabelLength: 7 }).trimEnd());
// #endregion

// #region run
const { ticks } = await runToEnd(
  shipping,
  { total: 30 },
  {
    journal: new MemoryJournal(),
    answer: (event) => (Approve.is(event) ? Approved() : undefined),
  },
);
console.log(toMermaid(buildExecutionGraph(shipping, ticks)).trimEnd());
// #endregion
