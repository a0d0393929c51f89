import type { JsonObject } from "../core/json.ts";

/** The step graph of a workflow as plain JSON, drawn by the inspector and `toMermaid`. */
export interface WorkflowGraph {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** The graphs of the workflows that its steps run. */
  readonly children?: readonly WorkflowGraph[];
}

export type GraphNode = StepNode | EventNode | ExternalNode | ResourceNode;

export interface StepNode {
  /** `step:NAME` */
  readonly id: string;
  readonly kind: "step";
  readonly name: string;
  readonly accepts: readonly string[];
  readonly emits: readonly string[];
  readonly numWorkers: number;
  readonly hasRetryPolicy: boolean;
  /** What it says of itself: "3 attempts, 1000 ms apart". */
  readonly retryPolicy?: string;
  /** It runs once for a full set of events, or for a whole list. */
  readonly join?: "all" | "list";
  /** For an error handler: the steps whose failures it catches. */
  readonly catches?: readonly string[];
  /** Names of the workflows it runs; their graphs are the `children` of the whole. */
  readonly runs?: readonly string[];
}

export interface EventNode {
  /** `event:TYPE` */
  readonly id: string;
  readonly kind: "event";
  readonly name: string;
  readonly role: "event" | "start" | "stop" | "inputRequired" | "humanResponse";
  readonly producedBy: readonly string[];
  readonly acceptedBy: readonly string[];
  /** Types of the kinds it extends, nearest first; absent: none. */
  readonly extends?: readonly string[];
  /** JSON Schema of its data, if asked for; null: it has none, or none that can be told. */
  readonly schema?: JsonObject | null;
}

/** The outside world: whoever starts runs, answers questions and reads results. */
export interface ExternalNode {
  readonly id: "external";
  readonly kind: "external";
  readonly name: string;
}

export interface ResourceNode {
  /** `resource:NAME` */
  readonly id: string;
  readonly kind: "resource";
  readonly name: string;
}

export interface GraphEdge {
  /** `SOURCE>TARGET` */
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly label?: string;
}
