/** What inspectors ask a host: of runs in memory and of those that are not. Nothing of it changes a run. */
import type { BrokerState } from "../core/broker-state.ts";
import type { JsonObject } from "../core/json.ts";
import type {
  DifferenceRange,
  EdgeTraffic,
  InspectionSource,
  RunList,
  RunQuery,
  WaiterList,
  WaiterQuery,
  WhatIf,
  WhatIfQuestion,
  WorkItemPage,
  WorkItemQuery,
} from "../inspection/inspection-source.ts";
import type {
  InspectionBatch,
  RunView,
  TickDetail,
  TickPage,
  WorkflowDescription,
} from "../inspection/inspection-event.ts";
import type { Subscription } from "../inspection/inspection-hub.ts";
import type { RunComparison } from "../inspection/run-comparison.ts";
import type { RunningLogs, RunningLogsQuery } from "../inspection/running-logs.ts";
import type { StateDifference } from "../inspection/state-difference.ts";
import type { Payload, TickQuery, TickQuestions } from "../inspection/tick-questions.ts";
import type { DepthPoint, Timeline, TimelineRange } from "../inspection/timeline.ts";
import type { HostParts } from "./host-parts.ts";
import type { RunArchive } from "./run-archive.ts";
import { listWaiters } from "./waiter-listing.ts";

export class HostInspection implements InspectionSource {
  readonly #parts: HostParts;
  readonly #archive: RunArchive;

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.#archive = parts.archive;
  }

  async listRuns(query: RunQuery = {}): Promise<RunList> {
    await this.#flushAll();
    return this.#parts.listing.list(query);
  }

  async listWaiters(query: WaiterQuery = {}): Promise<WaiterList> {
    await this.#flushAll();
    const newestState = async (runId: string): Promise<BrokerState> =>
      this.#parts.table.inMemory(runId)?.state ?? (await this.#archive.pastState(runId));
    return listWaiters(
      { journal: this.#parts.journal, served: this.#parts.served, newestState, redaction: this.#parts.redaction },
      query,
    );
  }

  /** What is true in memory is to be true in the journal before it is asked. */
  async #flushAll(): Promise<void> {
    this.#parts.table.assertOpen();
    await Promise.all(Array.from(this.#parts.table.loaded(), (broker) => broker.flush().catch(() => undefined)));
  }

  async describeWorkflows(): Promise<readonly WorkflowDescription[]> {
    return this.#parts.served.describe();
  }

  async describeRun(runId: string): Promise<WorkflowDescription> {
    return this.#archive.describe(await this.#parts.table.record(runId));
  }

  inspect(runId: string, listener: (batch: InspectionBatch) => void): () => void {
    const subscription = this.subscribe(runId, (batch) => {
      listener(batch);
      subscription.acknowledge();
    });
    return () => subscription.close();
  }

  /** As `inspect`, with the acknowledgement left to the subscriber. */
  subscribe(runId: string, send: (batch: InspectionBatch) => void): Subscription {
    const subscription = this.#parts.hub.subscribe(runId, send);
    this.#parts.table.loadReleased(runId);
    return {
      acknowledge: () => subscription.acknowledge(),
      close: () => {
        subscription.close();
        if (!this.#parts.hub.watches(runId)) this.#archive.leave(runId);
      },
    };
  }

  stateAt(runId: string, sequence?: number): Promise<RunView> {
    return this.#archive.stateAt(runId, sequence);
  }

  readTicks(runId: string, range: { from: number; limit: number }): Promise<TickPage> {
    return this.#archive.readTicks(runId, range);
  }

  readTick(runId: string, sequence: number): Promise<TickDetail> {
    return this.#archive.readTick(runId, sequence);
  }

  depthOverTime(runId: string, points: number): Promise<readonly DepthPoint[]> {
    return this.#archive.depthOverTime(runId, points);
  }

  stateDifference(runId: string, range: DifferenceRange): Promise<StateDifference> {
    return this.#archive.stateDifference(runId, range);
  }

  whatIf(runId: string, question: WhatIfQuestion, signal?: AbortSignal): Promise<WhatIf> {
    return this.#archive.whatIf(runId, question, signal);
  }

  timeline(runId: string, range: TimelineRange): Promise<Timeline> {
    return this.#archive.timeline(runId, range);
  }

  async searchTicks(runId: string, query: TickQuery) {
    return (await this.#questions()).searchTicks(runId, query);
  }

  async causes(runId: string, sequence: number) {
    return (await this.#questions()).causes(runId, sequence);
  }

  async readPart(runId: string, payload: Payload, path: readonly string[], from?: number) {
    return (await this.#questions()).readPart(runId, payload, path, from);
  }

  async readText(runId: string, payload: Payload, path?: readonly string[]) {
    return (await this.#questions()).readText(runId, payload, path);
  }

  async readTickLines(runId: string, sequences: readonly number[]) {
    return (await this.#questions()).readTickLines(runId, sequences);
  }

  async readStream(runId: string, range: { from: number; limit: number }) {
    return (await this.#questions()).readStream(runId, range);
  }

  /** Only inspectors ask. */
  async #questions(): Promise<TickQuestions> {
    const { RunQuestions } = await import("./run-questions.ts");
    return new RunQuestions(this.#parts.journal, this.#archive);
  }

  readWorkItems(runId: string, query: WorkItemQuery): Promise<WorkItemPage> {
    return this.#archive.readWorkItems(runId, query);
  }

  runningLogs(runId: string, query: RunningLogsQuery = {}): Promise<RunningLogs> {
    return this.#archive.runningLogs(runId, query);
  }

  edgeTraffic(runId: string, sequence?: number): Promise<EdgeTraffic> {
    return this.#archive.edgeTraffic(runId, sequence);
  }

  compareRuns(a: string, b: string): Promise<RunComparison> {
    return this.#archive.compareRuns(a, b);
  }

  exportRun(runId: string): Promise<JsonObject> {
    return this.#archive.exportRun(runId);
  }
}
