/** The page's side of an engine that runs in a Web Worker. */
export { connect, connectToTab } from "./runtimes/browser/client.ts";
export { listEngines } from "./runtimes/browser/engine-finder.ts";
export type { Engine, Workflows } from "./runtimes/browser/client.ts";
export type { LinkOptions } from "./runtimes/browser/engine-link.ts";
export type { Handler } from "./engine/handler.ts";
export type { PublishedEvent, StreamOptions } from "./engine/event-stream.ts";

export type {
  EngineControl,
  EngineConnection,
  ConnectionState,
  ResumeRunOptions,
  ForkRunOptions,
  ImportRunOptions,
  OnMismatch,
  PruneOptions,
  PruneReport,
  SendOptions,
  StorageStatus,
} from "./inspection/engine-control.ts";
export type {
  InspectionSource,
  RunQuery,
  RunList,
  WaiterQuery,
  WaiterList,
  OpenWaiter,
  DifferenceRange,
  TickChange,
  WhatIf,
  WhatIfQuestion,
  EdgeCount,
  EdgeTraffic,
  WorkItemPage,
  WorkItemQuery,
} from "./inspection/inspection-source.ts";
export type { RunningLog, RunningLogs, RunningLogsQuery } from "./inspection/running-logs.ts";
export type { Breakpoint, DebugCommand, HeldStep, RunHold } from "./inspection/debug-command.ts";
export type {
  DepthPoint,
  Timeline,
  TimelineDue,
  TimelineLane,
  TimelinePhase,
  TimelineRange,
  TimelineSpan,
  TrailSpan,
} from "./inspection/timeline.ts";
export type {
  InspectionBatch,
  Mismatch,
  MissingStep,
  RunNews,
  RunStatus,
  RunSummary,
  RunView,
  GraphStatus,
  StepStatus,
  StoreChange,
  TickDetail,
  TickEventSummary,
  TickKind,
  TickPage,
  TickSummary,
  UnclaimedEvent,
  WaiterView,
  WorkItemView,
  WorkflowDescription,
  EventDescription,
} from "./inspection/inspection-event.ts";
export type { Misfit, MisfitReason, OpenWork } from "./inspection/sandbox.ts";
export type { ShownValue } from "./inspection/shown-value.ts";
export type {
  StateDifference,
  StepCounts,
  StepDifference,
  StoreDifference,
  WaiterDifference,
  WorkItemDifference,
  WorkItemPlace,
} from "./inspection/state-difference.ts";
export type {
  CauseChain,
  CauseNode,
  CutJson,
  Payload,
  StreamEntry,
  StreamPage,
  TickQuery,
  TickQuestions,
  TickSearch,
} from "./inspection/tick-questions.ts";
export type { ComparedStep, ContentDifference, Parting, RunComparison } from "./inspection/run-comparison.ts";
export type { ComparedFailure, ComparedRun, StepTotals } from "./inspection/compared-side.ts";
export type {
  WorkflowGraph,
  GraphNode,
  GraphEdge,
  StepNode,
  EventNode,
  ExternalNode,
  ResourceNode,
} from "./graph/workflow-graph.ts";
export type { EventRole, WorkflowEvent } from "./core/event-ref.ts";
export type { SerializedError } from "./core/serialized-error.ts";
export type { StorageProblem, StorageRemedy, StorageState } from "./core/storage-problem.ts";
export type { Json, JsonObject } from "./core/json.ts";
