/** An error as data: what a tick records, and what crosses the worker boundary. */
export interface SerializedError {
  /** Class name, e.g. "TypeError". `"NonError"` when something else was thrown; see `thrown`. */
  readonly name: string;
  readonly message: string;
  /** The stable code of a `WorkflowError`. */
  readonly code?: string;
  readonly stack?: string;
  /** Own enumerable properties that JSON can hold. */
  readonly data?: { readonly [key: string]: unknown };
  readonly cause?: SerializedError;
  /** What was thrown, as JSON or text, when it was not an Error. */
  readonly thrown?: unknown;
}
