import type { GraphNode, WorkflowGraph } from "./workflow-graph.ts";

/** The graph as Mermaid text: steps as boxes, events as stadiums, a class per kind; child workflows as subgraphs. */
export function toMermaid(graph: WorkflowGraph): string {
  const lines = ["flowchart TD"];
  drawGraph(graph, lines, "n", "  ");
  lines.push(
    "  classDef step fill:#dbe6ff,stroke:#3b5bdb,color:#111",
    "  classDef event fill:#fff,stroke:#868e96,color:#111",
    "  classDef startEvent fill:#d3f9d8,stroke:#2b8a3e,color:#111",
    "  classDef stopEvent fill:#ffe3e3,stroke:#c92a2a,color:#111",
    "  classDef external fill:#fff3bf,stroke:#e67700,color:#111",
    "  classDef resource fill:#f3f0ff,stroke:#7048e8,color:#111",
  );
  return `${lines.join("\n")}\n`;
}

/** Ids begin with `prefix`, so that those of nested graphs differ. */
function drawGraph(graph: WorkflowGraph, lines: string[], prefix: string, indent: string): void {
  const ids = new Map(graph.nodes.map((node, index) => [node.id, `${prefix}${index}`]));
  for (const node of graph.nodes) lines.push(`${indent}${ids.get(node.id)}${shape(node)}:::${className(node)}`);
  for (const { source, target, label } of graph.edges) {
    const arrow = label === undefined ? "-->" : `-->|"${escape(label)}"|`;
    lines.push(`${indent}${ids.get(source)} ${arrow} ${ids.get(target)}`);
  }
  for (const [index, child] of (graph.children ?? []).entries()) {
    const id = `${prefix}c${index}`;
    lines.push(`${indent}subgraph ${id} ["${escape(child.name)}"]`);
    drawGraph(child, lines, `${id}n`, `${indent}  `);
    lines.push(`${indent}end`);
    for (const node of graph.nodes) {
      if (node.kind !== "step" || !node.runs?.includes(child.name)) continue;
      lines.push(`${indent}${ids.get(node.id)} -.->|"runs"| ${id}`);
    }
  }
}

function shape(node: GraphNode): string {
  const label = `"${escape(node.name)}"`;
  switch (node.kind) {
    case "step":
      return `[${label}]`;
    case "event":
      return `([${label}])`;
    case "external":
      return `{{${label}}}`;
    case "resource":
      return `[(${label})]`;
  }
}

function className(node: GraphNode): string {
  if (node.kind !== "event") return node.kind;
  if (node.role === "start") return "startEvent";
  return node.role === "stop" ? "stopEvent" : "event";
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
