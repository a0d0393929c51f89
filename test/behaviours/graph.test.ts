import { buildGraph, defineEvent, defineWorkflow, listOf, resource, StartEvent, StopEvent } from "tickwork";
import { expect, test } from "vitest";

const Doc = defineEvent("Doc");

test("a resource is one node, however many steps use it (56)", () => {
  const workflow = defineWorkflow("w", { resources: { db: resource(() => 1) } })
    .step("a", { accepts: StartEvent, emits: Doc }, () => Doc())
    .step("b", { accepts: Doc, emits: StopEvent }, (_event, ctx) => StopEvent(ctx.resources.db));
  expect(buildGraph(workflow).nodes.filter(({ kind }) => kind === "resource")).toEqual([
    { id: "resource:db", kind: "resource", name: "db" },
  ]);
});

test("elements of a list are produced by the step that returns it, and its edge says so (54)", () => {
  const workflow = defineWorkflow("w")
    .step("split", { accepts: StartEvent, emits: listOf(Doc) }, () => [Doc()])
    .step("join", { accepts: listOf(Doc), emits: StopEvent }, () => StopEvent());
  const graph = buildGraph(workflow);
  expect(graph.nodes.find(({ id }) => id === "event:Doc")).toMatchObject({ producedBy: ["split"] });
  expect(graph.edges.find(({ id }) => id === "step:split>event:Doc")).toMatchObject({ label: "list" });
});
