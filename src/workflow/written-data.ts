/** What steps hand over to be kept, made plain; what cannot be is refused in words for its place. */
import { EventValidationError, WorkflowRuntimeError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { PlainDataError, toPlainData } from "./plain-data.ts";

/** Throws `EventValidationError`. `what` begins its message: "The result of …". */
export function toWrittenData(what: string, value: unknown): unknown {
  return plainOr(value, (error) => {
    throw new EventValidationError(`${what} cannot be written down: ${error.path}: ${error.message}`, {
      cause: error,
      data: { path: error.path },
    });
  });
}

/** For the state store. Throws `WorkflowRuntimeError`, code STATE_INVALID. */
export function toStoredData(path: string, value: unknown): Json {
  return plainOr(value, (error) => {
    throw new WorkflowRuntimeError(`${path} cannot be stored: ${error.path}: ${error.message}`, {
      cause: error,
      code: "STATE_INVALID",
    });
  }) as Json;
}

/** For logs, where a text is better than an error. */
export function toLogData(data: unknown): Json {
  return plainOr(data, () => String(data)) as Json;
}

function plainOr(value: unknown, refused: (error: PlainDataError) => unknown): unknown {
  try {
    return toPlainData(value);
  } catch (error) {
    if (error instanceof PlainDataError) return refused(error);
    throw error;
  }
}
