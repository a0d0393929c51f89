import fc from "fast-check";
import { expect, test } from "vitest";
import { findBackEdges } from "../../inspector/graph/break-cycles.ts";
import type { Layout, LayoutRequest } from "../../inspector/graph/layout.ts";
import { layoutGraph } from "../../inspector/graph/layout.ts";
import { pickLayout, toFlow } from "../../inspector/graph/to-flow.ts";
import { toTopology } from "../../inspector/graph/topology.ts";
import { nextNode } from "../../inspector/graph/walk-graph.ts";
import { DESCRIPTION } from "./fixtures/scripted-run.ts";

const edge = (source: string, target: string) => ({ id: `${source}>${target}`, source, target });
const nodes = (...ids: string[]) => ids.map((id) => ({ id, isLabel: id === id.toUpperCase() }));

function request(topology = toTopology(DESCRIPTION.graph)): LayoutRequest {
  return {
    nodes: topology.nodes.map(({ id, node, width, height }) => ({ id, width, height, isLabel: node.kind === "event" })),
    edges: topology.edges,
  };
}

function overlaps(layout: Layout, { nodes: all }: LayoutRequest): string[] {
  const found: string[] = [];
  for (const a of all) {
    for (const b of all) {
      const p = layout.positions[a.id];
      const q = layout.positions[b.id];
      if (a.id >= b.id || p === undefined || q === undefined) continue;
      if (p.x < q.x + b.width && q.x < p.x + a.width && p.y < q.y + b.height && q.y < p.y + a.height)
        found.push(`${a.id} ${b.id}`);
    }
  }
  return found;
}

test("the way back of a loop points back as a whole, event and all", () => {
  const edges = [
    edge("S", "draft"),
    edge("draft", "D"),
    edge("D", "check"),
    edge("check", "AGAIN"),
    edge("AGAIN", "draft"),
    edge("check", "E"),
  ];
  expect([...findBackEdges(nodes("S", "draft", "D", "check", "AGAIN", "E"), edges)].toSorted()).toEqual([
    "AGAIN>draft",
    "check>AGAIN",
  ]);
});

test("without the back edges no cycle is left", () => {
  const names = ["a", "B", "c", "D", "e", "F"];
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), {
        selector: ([s, t]) => `${s}>${t}`,
        maxLength: 20,
      }),
      (pairs) => {
        const edges = pairs.filter(([s, t]) => s !== t).map(([s, t]) => edge(s, t));
        const back = findBackEdges(nodes(...names), edges);
        const forward = edges.map((each) => (back.has(each.id) ? { source: each.target, target: each.source } : each));
        const done = new Set<string>();
        for (let round = 0; round < names.length; round += 1) {
          for (const name of names)
            if (forward.every(({ source, target }) => target !== name || done.has(source))) done.add(name);
        }
        expect(done.size).toBe(names.length);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("who starts a run and reads its result is not drawn as a node's edges", () => {
  const { edges } = toTopology(DESCRIPTION.graph);
  expect(
    edges.filter(({ source, target }) => source === "external" || target === "external").map(({ id }) => id),
  ).toEqual(["event:Question>external", "external>event:Answer"]);
});

test("in every layout no node covers another, and every edge has a route from node to node", () => {
  const asked = request();
  const layouts = layoutGraph(asked);
  expect(layouts.map(({ direction }) => direction)).toEqual(expect.arrayContaining(["across", "down", "folded"]));
  for (const layout of layouts) {
    expect(overlaps(layout, asked)).toEqual([]);
    expect(Object.keys(layout.routes)).toHaveLength(asked.edges.length);
    for (const { id, source, target } of asked.edges) {
      const line = layout.routes[id]?.line ?? [];
      for (const [point, end] of [
        [line[0], source],
        [line.at(-1), target],
      ] as const) {
        const box = asked.nodes.find((node) => node.id === end);
        const at = layout.positions[end];
        if (point === undefined || box === undefined || at === undefined)
          throw new Error(`${id} does not reach ${end}`);
        expect(point.x).toBeGreaterThanOrEqual(at.x - 1);
        expect(point.x).toBeLessThanOrEqual(at.x + box.width + 1);
        expect(point.y).toBeGreaterThanOrEqual(at.y - 1);
        expect(point.y).toBeLessThanOrEqual(at.y + box.height + 1);
      }
    }
  }
});

test("a long chain is folded where it then fills the place better", () => {
  const layouts = layoutGraph(request());
  expect(pickLayout(layouts, { width: 760, height: 480 })?.direction).toBe("folded");
  expect(pickLayout(layouts, { width: 340, height: 900 })?.direction).toBe("down");
  expect(pickLayout(layouts, { width: 1_900, height: 300 })?.direction).toBe("across");
});

test("a chain of 300 steps is folded into a shape that fits a screen, and no node covers another", () => {
  const chain = Array.from({ length: 600 }, (_, index) => ({
    id: `n${index}`,
    width: index % 2 === 0 ? 204 : 90,
    height: index % 2 === 0 ? 106 : 26,
    isLabel: index % 2 === 1,
  }));
  const asked = { nodes: chain, edges: chain.slice(1).map(({ id }, index) => edge(`n${index}`, id)) };
  const best = pickLayout(layoutGraph(asked), { width: 1_200, height: 700 });
  if (best === null) throw new Error("no layout");
  expect(best.width / best.height).toBeGreaterThan(0.8);
  expect(best.width / best.height).toBeLessThan(3);
  expect(overlaps(best, asked)).toEqual([]);
  expect(Object.keys(best.routes)).toHaveLength(599);
});

test("arrow keys go along edges", () => {
  const topology = toTopology(DESCRIPTION.graph);
  const [across] = layoutGraph(request(topology));
  if (across === undefined) throw new Error("no layout");
  const flow = toFlow(topology, across);
  const walk = ["event:File"];
  for (let i = 0; i < 4; i += 1) walk.push(nextNode(flow.nodes, flow.edges, walk.at(-1) ?? "", "ArrowRight") ?? "");
  expect(walk.slice(0, 4)).toEqual(["event:File", "step:split", "event:Chunk", "step:profile"]);
  expect(nextNode(flow.nodes, flow.edges, "step:split", "ArrowLeft")).toBe("event:File");
});
