/** What a step returns and sends, held against what it declares. */
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { checkEvent, isEvent } from "./event.ts";
import type { StepDefinition } from "./step.ts";

const CODE = "OUTPUT_UNDECLARED";

/**
 * The event, checked against its kind. Throws `WorkflowRuntimeError` for one that the step does not declare (see
 * `isUndeclared`), and `EventValidationError` for one that does not fit its schema.
 */
export function declaredOutput({ name, emits }: StepDefinition, event: unknown): WorkflowEvent {
  if (!isEvent(event)) {
    throw undeclared(
      `Step ${name} returned or sent ${describe(event)}, which is no event. Make one with an event kind, or return nothing.`,
      { step: name },
    );
  }
  for (const kind of emits) if (kind.type === event.type) return checkEvent(kind, event);
  throw undeclared(
    `Step ${name} emitted ${event.type}, which it does not declare. Add ${event.type} to its \`emits\` (now: ${emits.map(({ type }) => type).join(", ") || "nothing"}).`,
    { step: name, event: event.type },
  );
}

/** The error for an output that breaks the step's contract. */
export function undeclared(message: string, data: { readonly [key: string]: unknown }): WorkflowRuntimeError {
  return new WorkflowRuntimeError(message, { code: CODE, data });
}

export function isUndeclared(error: unknown): error is WorkflowRuntimeError {
  return error instanceof WorkflowRuntimeError && error.code === CODE;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? `a ${value?.constructor?.name ?? "object"}` : `a ${typeof value}`;
}
