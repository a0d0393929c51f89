import type { WorkflowEvent } from "../core/event-ref.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";

/** A step asks for another workflow to be run. */
export interface ChildCall {
  /** Names the child within its work item. */
  readonly key: string;
  readonly compiled: CompiledWorkflow;
  readonly event: WorkflowEvent;
}
