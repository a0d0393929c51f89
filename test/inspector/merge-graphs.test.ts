/** Two definitions drawn as one: what only one of them has is known as that one's. */
import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal } from "tickwork/testing";
import { expect, test } from "vitest";
import { mergeGraphs } from "../../inspector/compare/merge-graphs.ts";

const Page = defineEvent("Page");
const Checked = defineEvent("Checked");

async function graphs() {
  const plain = defineWorkflow("plain")
    .step("fetch", { accepts: [StartEvent], emits: [Page] }, () => Page())
    .step("report", { accepts: [Page], emits: [StopEvent] }, () => StopEvent());
  const checked = defineWorkflow("checked")
    .step("fetch", { accepts: [StartEvent], emits: [Page] }, () => Page())
    .step("check", { accepts: [Page], emits: [Checked] }, () => Checked())
    .step("report", { accepts: [Checked], emits: [StopEvent] }, () => StopEvent());
  const engine = await createEngine({ plain, checked }, { journal: new MemoryJournal() });
  const [a, b] = await engine.describeWorkflows();
  if (a === undefined || b === undefined) throw new Error("two workflows are served");
  return { a: a.graph, b: b.graph };
}

test("what both have is there once, and what only one has is that one's", async () => {
  const { a, b } = await graphs();
  const { graph, presence } = mergeGraphs(a, b);
  const steps = graph.nodes.flatMap(({ kind, name }) => (kind === "step" ? [name] : []));
  expect(steps).toEqual(["fetch", "report", "check"]);
  expect(["step:fetch", "step:check", "event:Checked"].map((id) => presence.get(id))).toEqual(["both", "b", "b"]);
  expect(presence.get("event:Page>step:report")).toBe("a");
  expect(presence.get("event:Page>step:check")).toBe("b");
  expect(new Set(graph.edges.map(({ id }) => id)).size).toBe(graph.edges.length);
});

test("the other way round it is the other's", async () => {
  const { a, b } = await graphs();
  expect(mergeGraphs(b, a).presence.get("step:check")).toBe("a");
});
