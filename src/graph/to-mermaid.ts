import { WorkflowConfigurationError } from "../core/errors.ts";
import type { ExecutionEdge, ExecutionGraph, ExecutionNode } from "./execution-graph.ts";
import type { GraphEdge, GraphNode, WorkflowGraph } from "./workflow-graph.ts";

export interface MermaidOptions {
  /**
   * Labels of more characters than this are cut, to one character less and an ellipsis. A whole number from 1 up;
   * default: no limit, since a workflow's author chose the names.
   */
  readonly maximumLabelLength?: number;
}

type DrawnNode = GraphNode | ExecutionNode;

const STYLES = {
  step: "fill:#dbe6ff,stroke:#3b5bdb,color:#111",
  event: "fill:#fff,stroke:#868e96,color:#111",
  startEvent: "fill:#d3f9d8,stroke:#2b8a3e,color:#111",
  stopEvent: "fill:#ffe3e3,stroke:#c92a2a,color:#111",
  external: "fill:#fff3bf,stroke:#e67700,color:#111",
  resource: "fill:#f3f0ff,stroke:#7048e8,color:#111",
  done: "fill:#d3f9d8,stroke:#2b8a3e,color:#111",
  failed: "fill:#ffe3e3,stroke:#c92a2a,color:#111",
  unfinished: "fill:#fff,stroke:#868e96,color:#111,stroke-dasharray:4",
} as const;

type ClassName = keyof typeof STYLES;

/**
 * A graph as Mermaid text, a line for each node and edge. Of a workflow: steps as boxes, events as stadiums, the
 * workflows that steps run as subgraphs. Of a run: a box for each work item, arrows with the events that led from one to
 * the next.
 *
 * Throws `WorkflowConfigurationError` for a label length that is not a whole number from 1 up.
 */
export function toMermaid(graph: WorkflowGraph | ExecutionGraph, { maximumLabelLength }: MermaidOptions = {}): string {
  if (maximumLabelLength !== undefined && !(Number.isSafeInteger(maximumLabelLength) && maximumLabelLength >= 1)) {
    throw new WorkflowConfigurationError(
      `toMermaid: maximumLabelLength must be a whole number from 1 up, not ${String(maximumLabelLength)}.`,
    );
  }
  const drawing: Drawing = {
    lines: ["flowchart TD"],
    used: new Set(),
    // Cut first, escaped then: an escape is never cut in two.
    label: (text) => `"${escape(cut(text, maximumLabelLength))}"`,
  };
  draw(graph, drawing, "n", "  ");
  for (const className of drawing.used) drawing.lines.push(`  classDef ${className} ${STYLES[className]}`);
  return `${drawing.lines.join("\n")}\n`;
}

interface Drawing {
  readonly lines: string[];
  readonly used: Set<ClassName>;
  readonly label: (text: string) => string;
}

/** Ids begin with `prefix`, so that those of nested graphs differ. */
function draw(graph: WorkflowGraph | ExecutionGraph, drawing: Drawing, prefix: string, indent: string): void {
  const { lines, used, label } = drawing;
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `${prefix}${index}`]));
  for (const node of graph.nodes) {
    const className = classOf(node);
    used.add(className);
    lines.push(`${indent}${ids.get(node.id)}${shape(node, label(textOf(node)))}:::${className}`);
  }
  for (const edge of graph.edges) {
    const text = edgeText(edge);
    const arrow = text === undefined ? "-->" : `-->|${label(text)}|`;
    lines.push(`${indent}${ids.get(edge.source)} ${arrow} ${ids.get(edge.target)}`);
  }
  const children = "children" in graph ? graph.children : [];
  for (const [index, child] of (children ?? []).entries()) {
    const id = `${prefix}c${index}`;
    lines.push(`${indent}subgraph ${id} [${label(child.name)}]`);
    draw(child, drawing, `${id}n`, `${indent}  `);
    lines.push(`${indent}end`);
    for (const node of graph.nodes) {
      if (node.kind !== "step" || !node.runs?.includes(child.name)) continue;
      lines.push(`${indent}${ids.get(node.id)} -.->|"runs"| ${id}`);
    }
  }
}

function shape({ kind }: DrawnNode, label: string): string {
  switch (kind) {
    case "step":
    case "workItem":
      return `[${label}]`;
    case "event":
    case "end":
      return `([${label}])`;
    case "external":
      return `{{${label}}}`;
    case "resource":
      return `[(${label})]`;
  }
}

function classOf(node: DrawnNode): ClassName {
  switch (node.kind) {
    case "event":
      if (node.role === "start") return "startEvent";
      return node.role === "stop" ? "stopEvent" : "event";
    case "workItem":
      return node.state === "done" || node.state === "failed" ? node.state : "unfinished";
    case "end":
      return node.status === "completed" ? "stopEvent" : "failed";
    default:
      return node.kind;
  }
}

function textOf(node: DrawnNode): string {
  return node.kind === "workItem" && node.attempts > 1 ? `${node.name} (${node.attempts} attempts)` : node.name;
}

function edgeText(edge: GraphEdge | ExecutionEdge): string | undefined {
  if (!("events" in edge) || edge.events.length < 2) return edge.label;
  return `${edge.label} ×${edge.events.length}`;
}

/** By characters, so that none beyond the basic plane is cut in two. */
function cut(text: string, length: number | undefined): string {
  if (length === undefined || text.length <= length) return text;
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("#", "#35;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
