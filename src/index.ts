/** Define events, steps and workflows; run and resume them in this process. */
export {
  defineEvent,
  startEvent,
  stopEvent,
  inputRequiredEvent,
  humanResponseEvent,
  StartEvent,
  StopEvent,
  InputRequiredEvent,
  HumanResponseEvent,
  WorkflowFailedEvent,
  WorkflowCancelledEvent,
  WorkflowTimedOutEvent,
} from "./workflow/event.ts";
export type { EventKind, AnyEventKind, EventOf, InputOf, DataOf } from "./workflow/event.ts";
export type { WorkflowEvent, EventRole } from "./core/event-ref.ts";
export type { StandardSchema } from "./workflow/standard-schema.ts";

export { defineWorkflow } from "./workflow/workflow.ts";
export type { Workflow, WorkflowBuilder, WorkflowOptions } from "./workflow/workflow.ts";
export type { MigrateFunction, MigrationPlan, RunToMigrate } from "./workflow/migration.ts";
export type { HistoryOptions, RetentionOptions } from "./workflow/retention.ts";
export type { StepConfig, CatchConfig, StepFailure } from "./workflow/step.ts";
export { allOf, listOf } from "./workflow/join.ts";
export type { AllOf, ListOf } from "./workflow/join.ts";
export type { StepContext, IsolatedStepContext, RetryInfo, WaitOptions } from "./workflow/context-api.ts";
export type { StateStore } from "./store/state-store.ts";
export { resource } from "./workflow/resource.ts";
export type { Resource, ResourceOptions, ResourceScope } from "./workflow/resource.ts";
export { constantDelay, exponentialBackoff, retryPolicy } from "./core/retry-policy.ts";
export type { RetryPolicy, RetryPolicyParts } from "./core/retry-policy.ts";
export type { RetryAttempt } from "./core/retry-attempt.ts";
export {
  retryAlways,
  retryNever,
  retryIfError,
  retryIfErrorType,
  retryUnlessErrorType,
  retryIfErrorName,
  retryIfErrorMessage,
  retryIfErrorCauseType,
  retryAny,
  retryAll,
  retryNot,
} from "./core/retry-conditions.ts";
export type { RetryCondition, ErrorClass, MessageMatcher } from "./core/retry-conditions.ts";
export {
  waitNone,
  waitFixed,
  waitIncrementing,
  waitExponential,
  waitExponentialJitter,
  waitFullJitter,
  waitRandom,
  waitChain,
  waitCombine,
  waitFromError,
  waitRetryAfter,
} from "./core/retry-waits.ts";
export type { RetryWait, ExponentialOptions } from "./core/retry-waits.ts";
export { stopAfterAttempt, stopAfterDelay, stopBeforeDelay, stopAny, stopAll, stopNever } from "./core/retry-stops.ts";
export type { RetryStop } from "./core/retry-stops.ts";
export { validate } from "./workflow/validate.ts";
export type { GraphCheck } from "./workflow/graph-check.ts";

export { run } from "./engine/start-run.ts";
export type { RunOptions } from "./engine/start-run.ts";
export { resume } from "./engine/resume-run.ts";
export type { ResumeOptions } from "./engine/resume-run.ts";
export type { InputOfWorkflow, ResultOfWorkflow, ResourcesOfWorkflow } from "./workflow/infer.ts";
export type { OnMismatch } from "./inspection/engine-control.ts";
export type { Mismatch, MissingStep } from "./core/adopt-program.ts";
export type { Handler } from "./engine/handler.ts";
export type { PublishedEvent, StreamOptions } from "./engine/event-stream.ts";
export type { RunStatus } from "./core/run-status.ts";
export type { SerializedContext } from "./serialize/serialized-context.ts";
export { processRuntime, withHooks, withJournal } from "./ports/runtime.ts";
export type { Runtime } from "./ports/runtime.ts";
export { withRetries } from "./ports/retrying-journal.ts";
export type { StorageHealth } from "./ports/storage-health.ts";
export type { StorageProblem, StorageRemedy, StorageState } from "./core/storage-problem.ts";
export type { EngineLock } from "./ports/engine-lock.ts";
export { ContractBreach } from "./ports/step-executor.ts";
export type { StepExecutor } from "./ports/step-executor.ts";
export { verbose } from "./telemetry/verbose.ts";
export type { RunHook, Happening } from "./ports/run-hook.ts";
export { systemClock } from "./ports/clock.ts";
export type { Clock } from "./ports/clock.ts";

export { buildGraph } from "./graph/build-graph.ts";
export type { GraphOptions } from "./graph/build-graph.ts";
export { filterGraph } from "./graph/filter-graph.ts";
export { buildExecutionGraph } from "./graph/build-execution-graph.ts";
export { toMermaid } from "./graph/to-mermaid.ts";
export type { MermaidOptions } from "./graph/to-mermaid.ts";
export type { WorkflowGraph, GraphNode, GraphEdge } from "./graph/workflow-graph.ts";
export type { ExecutionGraph, ExecutionNode, ExecutionEdge, WorkItemState } from "./graph/execution-graph.ts";

export { reduce } from "./core/reduce.ts";
export { replay } from "./core/replay.ts";
export { initialState } from "./core/broker-state.ts";
export type { BrokerState } from "./core/broker-state.ts";
export type { Tick } from "./core/tick.ts";
export type { Command } from "./core/command.ts";
export type { Program } from "./core/program.ts";

export {
  WorkflowError,
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
} from "./core/errors.ts";
