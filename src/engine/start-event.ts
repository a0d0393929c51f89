import { WorkflowConfigurationError } from "../core/errors.ts";
import type { EventRef, WorkflowEvent } from "../core/event-ref.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { checkEvent, isEvent } from "../workflow/event.ts";

/** The start event for an input: data for the start kind, or an event of it. */
export function toStartEvent({ start, definition }: CompiledWorkflow, input: unknown): WorkflowEvent {
  if (isStartEventOf(start.type, input)) return checkEvent(start, input);
  if (isEvent(input) && !start.schema) {
    throw new WorkflowConfigurationError(
      `Workflow ${definition.name} starts with ${start.type}, not with ${input.type}.`,
    );
  }
  return checkEvent(start, { type: start.type, data: input });
}

function isStartEventOf(type: string, input: unknown): input is EventRef {
  return isEvent(input) && input.type === type && Object.keys(input).length === 2;
}
