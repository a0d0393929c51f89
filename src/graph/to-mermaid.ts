import type { GraphNode, WorkflowGraph } from "./workflow-graph.ts";

/** The graph as Mermaid text: steps as boxes, events as stadiums, a class per kind. */
export function toMermaid(graph: WorkflowGraph): string {
  const ids = new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]));
  const lines = ["flowchart TD"];
  for (const node of graph.nodes) lines.push(`  ${ids.get(node.id)}${shape(node)}:::${className(node)}`);
  for (const { source, target, label } of graph.edges) {
    const arrow = label === undefined ? "-->" : `-->|"${escape(label)}"|`;
    lines.push(`  ${ids.get(source)} ${arrow} ${ids.get(target)}`);
  }
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
