/**
 * Errors by what the caller should do. Every one has a stable `code` to branch on and says in its message what
 * to do; class, code and data survive the worker boundary and the journal.
 */

interface WorkflowErrorOptions {
  readonly cause?: unknown;
  /** Facts as JSON, for programs: names, counts, paths. */
  readonly data?: { readonly [key: string]: unknown };
  /** Replaces the class's own code where a class has several. */
  readonly code?: string;
}

/** Base of all errors that tickwork itself makes. */
export class WorkflowError extends Error {
  readonly code: string;
  readonly data: { readonly [key: string]: unknown };

  constructor(message: string, code: string, options: WorkflowErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    // Set by hand: minifiers rename classes, and the name is written into saved runs.
    this.name = "WorkflowError";
    this.code = options.code ?? code;
    this.data = options.data ?? {};
  }
}

/** The workflow's graph cannot work. `data.problems` lists every mistake found. */
export class WorkflowValidationError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "WORKFLOW_INVALID", options);
    this.name = "WorkflowValidationError";
  }
}

/** A definition or an option is wrong by itself: fix the code. */
export class WorkflowConfigurationError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "CONFIGURATION_INVALID", options);
    this.name = "WorkflowConfigurationError";
  }
}

/** Something was asked of a run that it cannot do, or a step broke its contract. */
export class WorkflowRuntimeError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "RUNTIME", options);
    this.name = "WorkflowRuntimeError";
  }
}

/** The run used up its time. `data.activeSteps` names what it was doing. */
export class WorkflowTimeoutError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "WORKFLOW_TIMEOUT", options);
    this.name = "WorkflowTimeoutError";
  }
}

/** Thrown inside a step by `ctx.waitForEvent` when the event did not come in time. */
export class WaiterTimeoutError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "WAITER_TIMEOUT", options);
    this.name = "WaiterTimeoutError";
  }
}

/** The run was cancelled by its caller. */
export class WorkflowCancelledByUser extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "WORKFLOW_CANCELLED", options);
    this.name = "WorkflowCancelledByUser";
  }
}

/** An event's data does not fit its schema, or cannot be written down. */
export class EventValidationError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "EVENT_INVALID", options);
    this.name = "EventValidationError";
  }
}

/** A saved run cannot be read: damaged, from a newer version, or of something else. */
export class ContextSerdeError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "CONTEXT_UNREADABLE", options);
    this.name = "ContextSerdeError";
  }
}

/** A call on the wrong side: e.g. a step's context used after the step ended. */
export class ContextStateError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "CONTEXT_STATE", options);
    this.name = "ContextStateError";
  }
}

/** The storage cannot be used: quota, lost connection, blocked upgrade, denied, evicted. */
export class StorageError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "STORAGE", options);
    this.name = "StorageError";
  }
}

/** The engine does not answer: its worker died, never became ready, or was closed. */
export class EngineUnavailableError extends WorkflowError {
  constructor(message: string, options?: WorkflowErrorOptions) {
    super(message, "ENGINE_UNAVAILABLE", options);
    this.name = "EngineUnavailableError";
  }
}

/** By name, for codecs. */
export const errorClasses: {
  readonly [name: string]: new (message: string, options?: WorkflowErrorOptions) => WorkflowError;
} = {
  WorkflowValidationError,
  WorkflowConfigurationError,
  WorkflowRuntimeError,
  WorkflowTimeoutError,
  WaiterTimeoutError,
  WorkflowCancelledByUser,
  EventValidationError,
  ContextSerdeError,
  ContextStateError,
  StorageError,
  EngineUnavailableError,
};
