import {
  buildGraph,
  defineEvent,
  defineWorkflow,
  filterGraph,
  StartEvent,
  StopEvent,
  type WorkflowGraph,
} from "tickwork";
import { describe, expect, test } from "vitest";
import { Answer, Question } from "../engine/fixtures.ts";

const A = defineEvent("A");
const B = defineEvent("B");
const nothing = () => undefined;
const graph = buildGraph(
  defineWorkflow("w", { description: "d" })
    .step("ask", { accepts: StartEvent, emits: [Question, A, B] }, nothing)
    .step("take", { accepts: [Answer, A, B], emits: [StopEvent, A] }, nothing),
);
const edgesOf = ({ edges }: WorkflowGraph) =>
  edges.map(({ id, label }) => (label === undefined ? id : `${id} ${label}`));

describe("filterGraph (58)", () => {
  const steps = filterGraph(graph, ({ kind }) => kind === "step");

  test("joins the neighbours of what is gone, through chains, with the first one's name", () => {
    // Question, the outside and Answer are one chain; A and B both lead from ask to take, A first.
    expect(edgesOf(filterGraph(graph, ({ kind }) => kind !== "event" && kind !== "external"))).toEqual([
      "step:ask>step:take Question",
      "step:take>step:take A",
    ]);
    expect(edgesOf(filterGraph(graph, ({ id }) => id !== "external"))).toContain("event:Question>event:Answer Outside");
  });

  test("leaves one edge between two nodes, and none without its nodes", () => {
    const ids = new Set(steps.nodes.map(({ id }) => id));
    expect(ids).toEqual(new Set(["step:ask", "step:take"]));
    expect(steps.edges.every(({ source, target }) => ids.has(source) && ids.has(target))).toBe(true);
    expect(new Set(steps.edges.map(({ id }) => id)).size).toBe(steps.edges.length);
    expect(steps.edges.every(({ id, source, target }) => id === `${source}>${target}`)).toBe(true);
  });

  test("keeps direct edges as they are, labels too", () => {
    const direct: WorkflowGraph = {
      ...graph,
      edges: [
        { id: "step:ask>event:A", source: "step:ask", target: "event:A" },
        { id: "event:A>step:take", source: "event:A", target: "step:take" },
        { id: "step:ask>step:take", source: "step:ask", target: "step:take", label: "fails" },
      ],
    };
    expect(edgesOf(filterGraph(direct, ({ kind }) => kind === "step"))).toEqual(["step:ask>step:take fails"]);
  });

  test("goes through a cycle of what is gone", () => {
    const cycle: WorkflowGraph = {
      ...graph,
      edges: [
        ["step:ask", "event:A"],
        ["event:A", "event:B"],
        ["event:B", "event:A"],
        ["event:B", "step:take"],
      ].map(([source = "", target = ""]) => ({ id: `${source}>${target}`, source, target })),
    };
    expect(edgesOf(filterGraph(cycle, ({ kind }) => kind === "step"))).toEqual(["step:ask>step:take A"]);
  });

  test("that takes nothing away changes nothing, and leaves the graph it was given alone", () => {
    const before = JSON.stringify(graph);
    expect(filterGraph(graph, () => true)).toEqual(graph);
    filterGraph(graph, () => false);
    expect(JSON.stringify(graph)).toBe(before);
    expect(filterGraph(graph, () => false)).toEqual({
      name: "w",
      version: "1",
      description: "d",
      nodes: [],
      edges: [],
    });
  });
});
