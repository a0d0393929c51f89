/** What crosses between page and worker. Types and names only, so that both sides review the same page. */
import type { JsonObject } from "../../core/json.ts";
import type { RunStatus } from "../../core/run-status.ts";
import type { SerializedError } from "../../core/serialized-error.ts";
import type { EngineControl, SendOptions } from "../../inspection/engine-control.ts";
import type { EdgeTraffic, WhatIf, WhatIfQuestion } from "../../inspection/inspection-source.ts";
import type { InspectionBatch, RunView } from "../../inspection/inspection-event.ts";

/** Raised when either side would misunderstand the other. */
export const PROTOCOL = 4;

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

/** A method of every engine as it crosses: all of its arguments are given, and its answer is a reply. */
type Call<Name extends keyof EngineControl> =
  NonNullable<EngineControl[Name]> extends (...given: infer Given) => Promise<infer Answer>
    ? (...given: Required<Given>) => Promise<Reply<[Answer] extends [void] ? null : Answer>>
    : never;

/** The object the worker exposes through Comlink. Spelt out is what crosses in another form than an engine has it. */
export interface WorkerApi {
  describeWorkflows: Call<"describeWorkflows">;
  describeRun: Call<"describeRun">;
  startRun(workflow: string, input: Encoded, options: { runId?: string }): Promise<Reply<string>>;
  runStatus(runId: string): Promise<Reply<RunStatus>>;
  result(runId: string): Promise<Reply<Encoded>>;
  sendEvent(runId: string, event: { type: string; data: Encoded }, options: SendOptions): Promise<Reply<null>>;
  cancelRun(runId: string, reason: string | null): Promise<Reply<null>>;
  snapshot(runId: string): Promise<Reply<JsonObject>>;
  resumeRun: Call<"resumeRun">;
  /** It holds until the page is gone. */
  debugRun: Call<"debugRun">;
  deleteRun: Call<"deleteRun">;
  prune: Call<"prune">;
  exportRun: Call<"exportRun">;
  importRun: Call<"importRun">;
  forkRun: Call<"forkRun">;
  listRuns: Call<"listRuns">;
  stateAt(runId: string, sequence: number | null): Promise<Reply<RunView>>;
  readTicks: Call<"readTicks">;
  readTick: Call<"readTick">;
  depthOverTime: Call<"depthOverTime">;
  listWaiters: Call<"listWaiters">;
  stateDifference: Call<"stateDifference">;
  /** `ticket`: what to call it when it is not wanted any more. */
  whatIf(runId: string, question: WhatIfQuestion, ticket: string): Promise<Reply<WhatIf>>;
  abandon(ticket: string): Promise<Reply<null>>;
  timeline: Call<"timeline">;
  searchTicks: Call<"searchTicks">;
  causes: Call<"causes">;
  readPart: Call<"readPart">;
  readText: Call<"readText">;
  readTickLines: Call<"readTickLines">;
  readStream: Call<"readStream">;
  readWorkItems: Call<"readWorkItems">;
  runningLogs: Call<"runningLogs">;
  edgeTraffic(runId: string, sequence: number | null): Promise<Reply<EdgeTraffic>>;
  compareRuns: Call<"compareRuns">;
  storage: Call<"storage">;
  retryStorage: Call<"retryStorage">;
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
