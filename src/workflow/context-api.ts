/** What a step may ask for: types only. `engine/context.ts` is the implementation. */
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { EventKind, EventOf } from "./event.ts";
import type { EventRole } from "../core/event-ref.ts";
import type { AnyWorkflow, InputOfWorkflow, ResultOfWorkflow } from "./infer.ts";
import type { StateStore } from "../store/state-store.ts";

/** The context of one invocation of a step. Using it after the invocation ended throws `ContextStateError`. */
export interface StepContext<
  Emitted extends WorkflowEvent = WorkflowEvent,
  State = unknown,
  Resources = object,
  Runnable = AnyWorkflow,
> {
  readonly runId: string;
  readonly stepName: string;
  /** The worker slot this invocation occupies: 0 … numWorkers - 1. */
  readonly workerId: number;
  /** The same for all attempts at one piece of work; with `runId` an idempotency key for services. */
  readonly workItem: number;
  /** Aborts on cancel, timeout, the run's end, and when this invocation is suspended by a wait. */
  readonly signal: AbortSignal;
  readonly store: StateStore<State>;
  readonly resources: Resources;

  /**
   * Routes an event to all steps that accept it, or to one. Takes effect when this invocation's result is
   * accepted: a failed attempt sends nothing. Events sent are processed in the order of the calls, before the
   * event the step returns. Throws at once for an undeclared event, an unknown step, or one that does not accept it.
   */
  sendEvent(event: Emitted, options?: { readonly step?: string }): void;

  /**
   * Gathers events across invocations of this step until one of each expected kind (repeats count) is there.
   * Returns the full set, in the order asked for, to the invocation that completed it, else null. A retry gets
   * the answer its first attempt got. `bufferId` keeps several sets apart; default: by the kinds expected.
   */
  collectEvents<const Kinds extends readonly CollectableKind[]>(
    event: WorkflowEvent,
    expected: Kinds,
    options?: { readonly bufferId?: string },
  ): { -readonly [Index in keyof Kinds]: EventOf<Kinds[Index]> } | null;

  /**
   * Suspends the step until a matching event comes. The step then runs again from the top and this call returns
   * the event, so do side effects after it, or in a step of their own. Waits are told apart by `waiterId`; default:
   * by kind and order of the calls. Matching events that came early are kept for it. In a step with `acceptsSubkinds`,
   * kinds that extend this one answer too: look at the event's `type`.
   *
   * `timeout` in milliseconds, default 2,000,000; null waits for ever. Past it this call throws
   * `WaiterTimeoutError` in the step.
   */
  waitForEvent<Type extends string, Data, Input, Role extends EventRole>(
    kind: EventKind<Type, Data, Input, Role>,
    options?: WaitOptions<Data>,
  ): Promise<WorkflowEvent<Type, Data>>;

  /** Publishes an event to the run's readers, when this invocation's result is accepted. */
  writeEventToStream(event: WorkflowEvent): void;

  /**
   * Runs a side effect once for this piece of work: its result is written to the history, and told again, without
   * running the function, to retries, to the re-run after a wait, and after a crash. Only a crash between the end of
   * the function and its record makes it run again: hand `runId`, `workItem` and the key to the service if that matters.
   * The result must be plain data. A function that throws is not recorded; calls of one key share one run.
   */
  once<Result>(key: string, effect: () => Result | Promise<Result>): Promise<Result>;

  /**
   * Runs another workflow as part of this run and resolves with its result. The step must name it in `runs`. The child
   * is a run of its own: it has a journal, can be inspected, answered and cancelled by its run id
   * (`handler.childRuns()`), and its steps keep their own limits and retries.
   *
   * Rejects as the child's `result()` would: with the error of the step that failed, `WorkflowTimeoutError`, or
   * `WorkflowCancelledByUser`. The child ends with this piece of work: it is cancelled when this run ends, or when the
   * step is done without it.
   *
   * When the step runs again (a retry, after a wait, after a crash) the call goes on with the same child, or gives its
   * result at once; only a child that failed is run anew by a retry. Children are told apart by `key`; default: by
   * workflow and order of the calls. Meanwhile the step keeps its worker, so `numWorkers` limits how many go on at once.
   */
  runWorkflow<const W extends Runnable>(
    workflow: W,
    ...rest: undefined extends InputOfWorkflow<W>
      ? [input?: InputOfWorkflow<W>, options?: ChildOptions]
      : [input: InputOfWorkflow<W>, options?: ChildOptions]
  ): Promise<ResultOfWorkflow<W>>;

  /** How often this piece of work failed before, and how. */
  retryInfo(): RetryInfo;

  /** A log record with run, step and work item; kept even if the attempt fails. */
  log(message: string, data?: unknown): void;
}

export interface ChildOptions {
  /** Names the child within this piece of work. */
  readonly key?: string;
}
/**
 * The context of an isolated step. The same as of others, but for what cannot be had from another thread:
 * `collectEvents`, which answers at once, and `resources`, which are made where the engine is. Both throw
 * `ContextStateError` (code STEP_ISOLATED). In a pool,
 *
 * - what the step waits for must be named by a step of the workflow, for instance in its own `waitsFor`;
 * - `retryInfo().elapsed` is that of the invocation's begin;
 * - errors arrive with class, code, data and cause where the class is tickwork's or the language's, else by their name;
 * - bytes in what it returns, sends and streams move to the engine: they are gone from events it keeps for later.
 */
export type IsolatedStepContext<
  Emitted extends WorkflowEvent = WorkflowEvent,
  State = unknown,
  Runnable = AnyWorkflow,
> = Omit<StepContext<Emitted, State, object, Runnable>, "collectEvents" | "resources">;

export interface CollectableKind {
  readonly type: string;
  is(event: unknown): event is WorkflowEvent;
}

export interface WaitOptions<Data = unknown> {
  /** Published once, when the wait begins: the question. */
  readonly waiterEvent?: WorkflowEvent;
  readonly waiterId?: string;
  /** Fields of the event's data that must be equal. */
  readonly requirements?: Partial<Data>;
  readonly timeout?: number | null;
}

export interface RetryInfo {
  /** 0 on the first attempt, 1 on the first retry … */
  readonly attempt: number;
  /** Milliseconds since the first attempt began. */
  readonly elapsed: number;
  readonly lastError: Error | null;
  /** Milliseconds since the epoch. */
  readonly lastFailedAt: number | null;
}
