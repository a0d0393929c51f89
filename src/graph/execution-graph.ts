/** What happened in a run as plain JSON: drawn by `toMermaid`, made by `buildExecutionGraph`. */
import type { RunStatus } from "../core/run-status.ts";
import type { ExternalNode } from "./workflow-graph.ts";

export interface ExecutionGraph {
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  /** After the last tick given. */
  readonly status: RunStatus;
  /** Of the last tick given. */
  readonly sequence: number;
  readonly nodes: readonly ExecutionNode[];
  readonly edges: readonly ExecutionEdge[];
}

export type ExecutionNode = WorkItemNode | ExternalNode | EndNode;

/** One event, or set of events, on its way through one step, retries included. */
export interface WorkItemNode {
  /** `item:NUMBER` */
  readonly id: string;
  readonly kind: "workItem";
  /** `STEP #NUMBER` */
  readonly name: string;
  readonly step: string;
  readonly workItem: number;
  readonly state: WorkItemState;
  /** Attempts begun; 0: it is queued. */
  readonly attempts: number;
  /** When it was first handed to a worker. */
  readonly startedAt?: number;
  /** When it was done, or failed for good. */
  readonly endedAt?: number;
}

/**
 * - queued, running, delayed (backs off), waiting (for an event): as it stands after the last tick.
 * - done; failed: for good, whether the run ended by it or an error handler took over.
 * - interrupted: it was at work, backed off or waited when the run ended.
 */
export type WorkItemState = "queued" | "running" | "delayed" | "waiting" | "done" | "failed" | "interrupted";

/** How the run ended. */
export interface EndNode {
  readonly id: "end";
  readonly kind: "end";
  /** The stop event's type, or the status. */
  readonly name: string;
  readonly status: "completed" | "failed" | "cancelled" | "timedOut";
}

/** Events of one type that led from one node to another: as input, as the answer to a wait, or as part of a set. */
export interface ExecutionEdge {
  /** `SOURCE>TARGET:LABEL` */
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** Type of the events; "fails" or "cancels" on the way to the end. */
  readonly label: string;
  /** Ids of the events, `TICK.INDEX`: the tick that brought it, and its place in that tick. */
  readonly events: readonly string[];
}
