import type { GraphStatus, WorkflowGraph } from "tickwork/client";
import { expect, test } from "vitest";
import type { Palette } from "../../inspector/graph/graph-picture.ts";
import { drawPicture, pictureBox } from "../../inspector/graph/graph-picture.ts";
import { layoutGraph } from "../../inspector/graph/layout.ts";
import { toFlow } from "../../inspector/graph/to-flow.ts";
import { toTopology } from "../../inspector/graph/topology.ts";
import { DESCRIPTION, scriptRun } from "./fixtures/scripted-run.ts";

const names = [
  "background",
  "surface",
  "surface2",
  "border",
  "line",
  "text",
  "muted",
  "accent",
  "ok",
  "warn",
  "danger",
  "retry",
];
const palette = {
  ...Object.fromEntries(names.map((name) => [name, `var-${name}`])),
  heat: ["heat-1", "heat-2", "heat-3", "heat-4"],
} as unknown as Palette;

function flowsOf(graph: WorkflowGraph) {
  const topology = toTopology(graph);
  const nodes = topology.nodes.map(({ id, node, width, height }) => ({
    id,
    width,
    height,
    isLabel: node.kind === "event",
  }));
  return layoutGraph({ nodes, edges: topology.edges }).map((layout) => toFlow(topology, layout));
}
function picture(status: GraphStatus | null, graph: WorkflowGraph = DESCRIPTION.graph): string {
  const [flow] = flowsOf(graph);
  if (flow === undefined) throw new Error("no layout");
  return drawPicture({ flow, status, title: "t", palette });
}

test("every layout is in its picture as a whole, arrows that lead round it too", () => {
  for (const flow of flowsOf(DESCRIPTION.graph)) {
    const { x, y, width, height } = pictureBox(flow);
    for (const point of flow.edges.flatMap(({ route }) => route.line)) {
      expect(point.x).toBeGreaterThan(x);
      expect(point.x).toBeLessThan(x + width);
      expect(point.y).toBeGreaterThan(y);
      expect(point.y).toBeLessThan(y + height);
    }
  }
});

test("it tells the numbers of the shown tick, in the colour of the queue's level", () => {
  const { views } = scriptRun({ runId: "a", chunks: 60, startsAt: 0 });
  const status = views.find(({ graph }) => (graph.steps["profile"]?.queued ?? 0) > 40)?.graph ?? null;
  const queued = status?.steps["profile"]?.queued ?? 0;
  expect(picture(status)).toContain(`${queued} queued`);
  expect(picture(status)).toContain('fill="heat-2"');
  expect(picture(null)).not.toContain("queued");
});

test("names cannot break out of it, and signs that XML forbids are replaced", () => {
  const name = '<script>alert("1")</script>&\u0001';
  const nodes = DESCRIPTION.graph.nodes.map((node) =>
    node.id === "event:Part" && node.kind === "event" ? { ...node, name } : node,
  );
  const svg = picture(null, { ...DESCRIPTION.graph, nodes });
  expect(svg).not.toContain("<script");
  expect(svg).not.toContain("\u0001");
  expect(svg).toContain("&lt;script&gt;");
});
