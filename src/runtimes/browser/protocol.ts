/** What crosses between page and worker. Types and names only, so that both sides review the same page. */
import type { RunStatus } from "../../core/run-status.ts";
import type { SerializedError } from "../../core/serialized-error.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { DebugCommand } from "../../inspection/debug-command.ts";
import type {
  DepthPoint,
  DifferenceRange,
  EdgeTraffic,
  ForkRunOptions,
  ImportRunOptions,
  PruneOptions,
  PruneReport,
  ResumeRunOptions,
  RunList,
  RunQuery,
  SendOptions,
  StorageStatus,
  WaiterList,
  WaiterQuery,
  WhatIf,
  WhatIfQuestion,
  WorkItemPage,
  WorkItemQuery,
} from "../../inspection/engine-control.ts";
import type {
  InspectionBatch,
  RunView,
  TickDetail,
  TickPage,
  WorkflowDescription,
} from "../../inspection/inspection-event.ts";
import type { StateDifference } from "../../inspection/state-difference.ts";
import type { Timeline, TimelineRange } from "../../inspection/timeline.ts";
import type { CauseChain, Payload, StreamPage, TickQuery, TickSearch } from "../../inspection/tick-questions.ts";

import type { RunComparison } from "../../inspection/run-comparison.ts";

/** Raised when either side would misunderstand the other. */
export const PROTOCOL = 3;

/** What the worker says by itself. */
export type WorkerGreeting =
  /** Alive: holds the Web Lock of that name until it dies. */
  | { readonly tickwork: "starting"; readonly protocol: number; readonly alive: string }
  | WaitingGreeting
  /** Owns the database of that name, and answers calls. */
  | { readonly tickwork: "ready"; readonly protocol: number; readonly database: string }
  /** Another tab waits that runs another version of the app; null: none does any more. */
  | { readonly tickwork: "otherVersion"; readonly protocol: number; readonly reason: string | null }
  /** Another tab took over by force: this worker is of no use any more. */
  | { readonly tickwork: "replaced"; readonly protocol: number; readonly reason: string }
  | { readonly tickwork: "failed"; readonly protocol: number; readonly error: SerializedError };

/**
 * Another tab's worker owns the database, or another tab keeps it from being opened. Said again when it is known which,
 * and when that changes.
 */
export interface WaitingGreeting {
  readonly tickwork: "waiting";
  readonly protocol: number;
  /** Where it can be called; null: not known yet, or not to be called from here. */
  readonly owner: EngineElsewhere | null;
  readonly isOtherVersion: boolean;
  /** Why there is no engine to call, where that is so. */
  readonly reason: string;
  /** Of what stands in the way, where that is not the other engine: calls that wait reject with it. */
  readonly code?: string;
}

export interface EngineElsewhere {
  /** The Web Lock that its worker holds until it dies; names it too. */
  readonly alive: string;
  readonly database: string;
}

/** Replies are values or errors as data: structured clone alone would lose an error's class, code and data. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SerializedError };

/** Event data and other payloads, encoded so that Dates, Maps and bytes arrive as they are. */
export type Encoded = unknown;

/** The object the worker exposes through Comlink. */
export interface WorkerApi {
  describeWorkflows(): Promise<Reply<readonly WorkflowDescription[]>>;
  describeRun(runId: string): Promise<Reply<WorkflowDescription>>;
  startRun(workflow: string, input: Encoded, options: { runId?: string }): Promise<Reply<string>>;
  runStatus(runId: string): Promise<Reply<RunStatus>>;
  result(runId: string): Promise<Reply<Encoded>>;
  sendEvent(runId: string, event: { type: string; data: Encoded }, options: SendOptions): Promise<Reply<null>>;
  cancelRun(runId: string, reason: string | null): Promise<Reply<null>>;
  snapshot(runId: string): Promise<Reply<JsonObject>>;
  resumeRun(runId: string, options: ResumeRunOptions): Promise<Reply<null>>;
  /** It holds until the page is gone. */
  debugRun(runId: string, command: DebugCommand): Promise<Reply<null>>;
  deleteRun(runId: string): Promise<Reply<null>>;
  prune(options: PruneOptions): Promise<Reply<PruneReport>>;
  exportRun(runId: string): Promise<Reply<JsonObject>>;
  importRun(file: unknown, options: ImportRunOptions): Promise<Reply<string>>;
  forkRun(runId: string, options: ForkRunOptions): Promise<Reply<string>>;
  listRuns(query: RunQuery): Promise<Reply<RunList>>;
  stateAt(runId: string, sequence: number | null): Promise<Reply<RunView>>;
  readTicks(runId: string, range: { from: number; limit: number }): Promise<Reply<TickPage>>;
  readTick(runId: string, sequence: number): Promise<Reply<TickDetail>>;
  depthOverTime(runId: string, points: number): Promise<Reply<readonly DepthPoint[]>>;
  listWaiters(query: WaiterQuery): Promise<Reply<WaiterList>>;
  stateDifference(runId: string, range: DifferenceRange): Promise<Reply<StateDifference>>;
  /** `ticket`: what to call it when it is not wanted any more. */
  whatIf(runId: string, question: WhatIfQuestion, ticket: string): Promise<Reply<WhatIf>>;
  abandon(ticket: string): Promise<Reply<null>>;
  timeline(runId: string, range: TimelineRange): Promise<Reply<Timeline>>;
  searchTicks(runId: string, query: TickQuery): Promise<Reply<TickSearch>>;
  causes(runId: string, sequence: number): Promise<Reply<CauseChain>>;
  readPart(runId: string, payload: Payload, path: readonly string[], from: number): Promise<Reply<Json>>;
  readText(runId: string, payload: Payload, path: readonly string[]): Promise<Reply<string>>;
  readTickLines(runId: string, sequences: readonly number[]): Promise<Reply<readonly string[]>>;
  readStream(runId: string, range: { from: number; limit: number }): Promise<Reply<StreamPage>>;
  readWorkItems(runId: string, query: WorkItemQuery): Promise<Reply<WorkItemPage>>;
  edgeTraffic(runId: string, sequence: number | null): Promise<Reply<EdgeTraffic>>;
  compareRuns(a: string, b: string): Promise<Reply<RunComparison>>;
  storage(): Promise<Reply<StorageStatus>>;
  retryStorage(): Promise<Reply<null>>;
  /** Opens a reader of a run's stream; `nextEvents` waits for what it has next. */
  openReader(runId: string, options: { after: number; exposeInternal: boolean }): Promise<Reply<string>>;
  nextEvents(reader: string): Promise<Reply<EventPage>>;
  closeReader(reader: string): Promise<Reply<null>>;
  /** The port, or the BroadcastChannel of that name, then carries `InspectionPortMessage`s. */
  inspect(runId: string, port: MessagePort | string): Promise<Reply<null>>;
  wake(): Promise<Reply<null>>;
  close(): Promise<Reply<null>>;
}

export interface EventPage {
  readonly events: readonly EncodedEvent[];
  readonly ended: boolean;
}

export interface EncodedEvent {
  readonly type: string;
  readonly data: Encoded;
  readonly sequence: number;
  readonly at: number;
  readonly internal?: true;
}

/** To the page: a batch. To the worker: the last one was taken, or no more are wanted. */
export type InspectionPortMessage = InspectionBatch | { readonly acknowledge: number } | { readonly close: true };
