/** What each collaborator of a run may ask of it. Context and handler hold one of these, nothing holds them. */
import type { Answer, WorkItem } from "../core/broker-state.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import type {
  CollectEventsTick,
  EditStateTick,
  InvocationId,
  LogRecord,
  RecordEffectTick,
  StepOutput,
  StateChange,
  StepResultTick,
  Tick,
  UnstampedTick,
  WaitRequest,
} from "../core/tick.ts";
import type { Clock } from "../ports/clock.ts";
import type { StepExecutor } from "../ports/step-executor.ts";
import type { SendOptions } from "../inspection/engine-control.ts";
import type { RunStatus } from "../core/run-status.ts";
import type { SerializedContext } from "../serialize/serialized-context.ts";
import type { StateStore } from "../store/state-store.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import type { AnyEventKind } from "../workflow/event.ts";
import type { StepDefinition } from "../workflow/step.ts";
import type { ChildCall } from "./child-call.ts";
import type { PublishedEvent, StreamOptions } from "./event-stream.ts";

type Unstamped<T extends Tick> = Extract<UnstampedTick, { kind: T["kind"] }>;

/** What a running step may ask. */
export interface StepPort {
  readonly runId: string;
  readonly compiled: CompiledWorkflow;
  readonly clock: Clock;
  /** null: functions of steps are called in place. */
  readonly executor: StepExecutor | null;
  /** The state store for one invocation; `isOver` tells it when to refuse writes. */
  openStore(id: InvocationId, isOver: () => boolean, pending: PendingState): StateStore;
  readonly resources: ResourcePort;
  /** Reports how the invocation ended. */
  finish(result: Unstamped<StepResultTick>): void;
  /** Adds to a set; what the reducer answered is in `collected`. */
  collect(request: Unstamped<CollectEventsTick>): readonly WorkflowEvent[] | null;
  /** The recorded result of a side effect; undefined when there is none. */
  effect(workItem: number, key: string): { readonly value: unknown } | undefined;
  /** Resolves when the result of a side effect could be recorded; null: it can. */
  untilRecordable(): Promise<void> | null;
  /** Records the result of a side effect; resolves when that is durable. */
  recordEffect(record: Unstamped<RecordEffectTick>): Promise<void>;
  /** Runs a workflow as part of this run, or goes on with the one this work item started under the same key. */
  runChild(id: InvocationId, causedBy: number, failures: number, call: ChildCall): Promise<unknown>;
  /** The answer an earlier invocation of this work item got, or got meanwhile. */
  answer(workItem: number, waiterId: string): Answer | undefined;
  /** A step waits for this kind: answers are checked against its schema, even if no step names it. */
  noteKind(kind: AnyEventKind): void;
  /** A step wrote to its log: only who looks at the run learns of it before its result. */
  logged(): void;
  /** This invocation is over, one way or another. */
  released(stepIndex: number, workerId: number): void;
}

/** Edits that are committed with the step's result; kept by its worker. */
export interface PendingState {
  changes: StateChange[];
  /** Gives the right to write back; null while it is not held. */
  release: (() => void) | null;
}

export interface StorePort {
  /** Edits wait for the step's result. */
  readonly isAtomic: boolean;
  /** The last committed state. */
  current(): JsonObject;
  /** Defaults of the state schema. */
  defaults(): JsonObject;
  /** Throws `WorkflowRuntimeError` when a whole state does not fit the schema. */
  check(state: JsonObject): void;
  commit(changes: EditStateTick["changes"], invocation: InvocationId): void;
}

export interface ResourcePort {
  readonly isEmpty: boolean;
  /** The value of every resource the workflow lists, for one invocation of a step: until that is over. */
  resolveAll(invocation: object): Promise<Record<string, unknown>>;
}

/** What the context of one invocation may ask of its worker. */
export interface InvocationPort {
  readonly port: StepPort;
  readonly definition: StepDefinition;
  readonly workItem: WorkItem;
  readonly workerId: number;
  readonly startedBy: number;
  readonly id: InvocationId;
  readonly signal: AbortSignal;
  /** Nothing the step does has any effect any more. */
  readonly over: boolean;
  readonly pending: PendingState;
  /** The event, checked against what the step declares; throws `WorkflowRuntimeError` for an undeclared one. */
  declared(event: unknown): WorkflowEvent;
  addOutput(output: StepOutput): void;
  addLog(record: LogRecord): void;
  /** Suspends the invocation once it has begun all waits it begins together. */
  wait(request: WaitRequest): void;
}

/** What the holder of a handler may ask. */
export interface CallerPort {
  readonly runId: string;
  readonly status: RunStatus;
  readEvents(options?: StreamOptions): AsyncIterableIterator<PublishedEvent>;
  result(): Promise<unknown>;
  /** Resolves when the event is in the run's history, durably. */
  sendEvent(event: WorkflowEvent, options: SendOptions): Promise<void>;
  cancel(reason?: string): Promise<void>;
  snapshot(): Promise<SerializedContext>;
  /** The runs that its steps have started and that go on. */
  childRuns(): Promise<readonly CallerPort[]>;
}
