/** The past of a host's runs, read from the journal: any state, any tick, the whole history. Loads no run. */
import type { JsonObject } from "../core/json.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { BrokerState } from "../core/broker-state.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import { isSameProgram, noProgram, type Program } from "../core/program.ts";
import type {
  DifferenceRange,
  EdgeTraffic,
  WhatIf,
  WhatIfQuestion,
  WorkItemPage,
  WorkItemQuery,
} from "../inspection/inspection-source.ts";
import type { RunView, TickDetail, TickPage, WorkflowDescription } from "../inspection/inspection-event.ts";
import type { RunToCompare } from "../inspection/compared-side.ts";
import { cutJson } from "../inspection/cut-json.ts";
import { LARGEST, runView, type SchemaOf } from "../inspection/run-view.ts";
import type { RunComparison } from "../inspection/run-comparison.ts";
import { redactTick } from "../inspection/redact-tick.ts";
import type { Redaction } from "../inspection/redaction.ts";
import type { RunningLogs, RunningLogsQuery } from "../inspection/running-logs.ts";
import type { StateDifference } from "../inspection/state-difference.ts";
import type { DepthPoint, Timeline, TimelineRange } from "../inspection/timeline.ts";
import { invocationFacts, summariseTick } from "../inspection/tick-summary.ts";
import { workItemPage } from "../inspection/work-items.ts";
import type { Journal, RunRecord } from "../ports/journal.ts";
import { encodeValue } from "../serialize/serializer.ts";
import { encodeTick } from "../serialize/tick-codec.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { schemasOf } from "../workflow/json-schema.ts";
import type { RunBroker } from "./broker.ts";
import { describeWorkflow } from "./describe-workflow.ts";
import { exportRun } from "./export-run.ts";
import { Recent } from "./recent.ts";
import { redactRecord } from "./redact-context.ts";
import { RunHistory, type PastTick } from "./run-history.ts";
import type { RunTimeline } from "./run-timeline.ts";
import type { ServedWorkflows } from "./served-workflows.ts";
import type { FoldedSandbox } from "./what-if.ts";

export interface ArchivePort {
  readonly journal: Journal;
  readonly served: ServedWorkflows;
  /** Rejects with `WorkflowRuntimeError`, code RUN_UNKNOWN, for a run that is not there. */
  record(runId: string): Promise<RunRecord>;
  /** The run, if it is in memory, ended or not. */
  inMemory(runId: string): RunBroker | undefined;
  /** What of a run may be shown. */
  redaction(runId: string): Redaction;
}

export interface Past {
  readonly record: RunRecord;
  /** The newest tick that is durable. */
  readonly lastSequence: number;
  readonly history: RunHistory;
}

/** Ticks summarised in one page at most. */
const LONGEST_PAGE = 2000;
/** Work items in one page at most. */
const MOST_ITEMS = 1000;

export class RunArchive {
  readonly #port: ArchivePort;
  readonly #histories = new Recent<RunHistory>(4);
  readonly #timelines = new Recent<RunTimeline>(2);
  /** The one that somebody looks at. */
  readonly #sandboxes = new Recent<FoldedSandbox>(1);

  constructor(port: ArchivePort) {
    this.#port = port;
  }

  async stateAt(runId: string, sequence?: number): Promise<RunView> {
    const schemaOf = this.#schemasOf(await this.#port.record(runId));
    const show = this.#port.redaction(runId);
    const broker = this.#port.inMemory(runId);
    const newest = broker?.state;
    if (newest && (sequence === undefined || sequence >= newest.sequence)) {
      const view = runView(newest, null, null, encodeValue, schemaOf, show);
      return broker.gate?.inView(view) ?? view;
    }
    return this.#past(runId, async ({ record, history, lastSequence }) => {
      const wanted = Math.max(0, Math.min(sequence ?? lastSequence, lastSequence));
      if (wanted < (record.historyFrom ?? 1)) {
        return runView(await history.stateAt(wanted), null, null, encodeValue, schemaOf, show);
      }
      const past = await history.tickAt(wanted);
      if (!past) throw noSuchTick(record, wanted);
      return runView(past.after, past.before, past.tick, encodeValue, schemaOf, show);
    });
  }

  readTicks(runId: string, { from, limit }: { from: number; limit: number }): Promise<TickPage> {
    return this.#past(runId, async ({ record, history, lastSequence }) => {
      const { historyFrom = 1 } = record;
      const count = Math.min(Math.max(0, limit), LONGEST_PAGE);
      const first = Math.max(historyFrom, from);
      const last = Math.min(Math.max(1, from) + count - 1, lastSequence);
      const ticks = first > last ? [] : await history.summaries(first, last - first + 1, this.#port.redaction(runId));
      return { runId, ticks, lastSequence, ...(historyFrom > 1 && { historyFrom }) };
    });
  }

  readTick(runId: string, sequence: number): Promise<TickDetail> {
    return this.#past(runId, async ({ record, history, lastSequence }) => {
      const past = await pastTick(record, history, sequence, lastSequence);
      const { commands, before, after } = past;
      const tick = redactTick(past.tick, this.#port.redaction(runId));
      return {
        summary: summariseTick(tick, commands, after.program, invocationFacts(before, past.tick)),
        tick: cutJson(encodeTick(tick), LARGEST, null) as JsonObject,
        commands: commands.map(({ kind }) => kind),
      };
    });
  }

  depthOverTime(runId: string, points: number): Promise<readonly DepthPoint[]> {
    return this.#past(runId, ({ history }) => history.depth(points));
  }

  stateDifference(runId: string, { from, to, path }: DifferenceRange): Promise<StateDifference> {
    return this.#past(runId, async ({ history, lastSequence }) => {
      // Loaded when it is needed, as is all that only inspectors ask for.
      const { stateDifference } = await import("../inspection/state-difference.ts");
      const [early, late] = [from, to].map((asked) => Math.max(0, Math.min(Math.round(asked), lastSequence)));
      const before = await history.stateAt(early ?? 0);
      const after = await history.stateAt(late ?? 0);
      return stateDifference(before, after, encodeValue, this.#port.redaction(runId), path && { path });
    });
  }

  whatIf(runId: string, question: WhatIfQuestion, signal?: AbortSignal): Promise<WhatIf> {
    return this.#past(runId, async ({ record, history, lastSequence }) => {
      const { whatIf } = await import("./what-if.ts");
      const show = this.#port.redaction(runId);
      const schemaOf = this.#schemasOf(record);
      const view = (state: BrokerState): RunView => runView(state, null, null, encodeValue, schemaOf, show);
      const tickAt = (sequence: number) => pastTick(record, history, sequence, lastSequence);
      const asked = { runId, lastSequence, tickAt, show, view, signal };
      return whatIf(this.#port.journal, this.#sandboxes, question, asked);
    });
  }

  timeline(runId: string, range: TimelineRange): Promise<Timeline> {
    return this.#past(runId, async ({ record, history, lastSequence }) => {
      // Most engines are never asked for one.
      const { RunTimeline: Reader } = await import("./run-timeline.ts");
      const known = this.#timelines.get(runId);
      const isCutOff = known !== undefined && known.sequence + 1 < (record.historyFrom ?? 1);
      const timeline = known && !isCutOff ? known : new Reader(this.#port.journal, runId, await history.stateAt(0));
      this.#timelines.set(runId, timeline);
      try {
        return await timeline.read(range, lastSequence);
      } catch (error) {
        // What it had read of may be gone: it begins anew.
        this.#timelines.delete(runId);
        throw error;
      }
    });
  }

  /** Nobody looks at the run any more. */
  leave(runId: string): void {
    this.#timelines.delete(runId);
    this.#sandboxes.delete(runId);
  }

  async readWorkItems(runId: string, query: WorkItemQuery): Promise<WorkItemPage> {
    const show = this.#port.redaction(runId);
    const limit = Math.min(Math.max(0, query.limit), MOST_ITEMS);
    const newest = this.#port.inMemory(runId)?.state;
    if (newest && (query.sequence === undefined || query.sequence >= newest.sequence)) {
      return workItemPage(newest, { ...query, limit }, show);
    }
    return this.#past(runId, async ({ history, lastSequence }) => {
      const state = await history.stateAt(Math.max(0, Math.min(query.sequence ?? lastSequence, lastSequence)));
      return workItemPage(state, { ...query, limit }, show);
    });
  }

  async runningLogs(runId: string, query: RunningLogsQuery): Promise<RunningLogs> {
    const record = await this.#port.record(runId);
    const { runningLogs } = await import("../inspection/running-logs.ts");
    // From here on nothing waits: what is told is of one moment.
    const broker = this.#port.inMemory(runId);
    const found = runningLogs(broker?.invocations() ?? [], query, this.#port.redaction(runId), encodeValue);
    return { runId, sequence: broker?.state.sequence ?? record.sequence, ...found };
  }

  edgeTraffic(runId: string, sequence?: number): Promise<EdgeTraffic> {
    return this.#past(runId, async ({ record: { historyFrom = 1 }, history, lastSequence }) => {
      const wanted = Math.max(historyFrom - 1, Math.min(sequence ?? lastSequence, lastSequence));
      const edges = await history.traffic(wanted);
      return { runId, sequence: wanted, ...(historyFrom > 1 && { historyFrom }), edges };
    });
  }

  async compareRuns(a: string, b: string): Promise<RunComparison> {
    const { compareRuns } = await import("../inspection/run-comparison.ts");
    const [first, second] = [await this.#port.record(a), await this.#port.record(b)];
    return this.#past(a, (pastA) =>
      this.#past(b, (pastB) =>
        compareRuns(this.#toCompare(pastA, second), this.#toCompare(pastB, first), (value) => encodeValue(value)),
      ),
    );
  }

  /** With the ticks that it does not share with the other run, if one is a fork of the other. */
  #toCompare({ record, lastSequence, history }: Past, other: RunRecord): RunToCompare {
    const { runId, workflow, version, status, historyFrom = 1 } = record;
    const show = this.#port.redaction(runId);
    const { error } = redactRecord(record, show);
    const shared = (other.forkedFrom?.runId === runId ? other : record).forkedFrom?.sequence ?? 0;
    return {
      facts: { runId, workflow, version, status, ...(error && { error: error as unknown as SerializedError }) },
      sharedTo: Math.max(shared, historyFrom - 1),
      to: lastSequence,
      show,
      read: (from, to, visit) => history.walk(from, to, visit),
    };
  }

  exportRun(runId: string): Promise<JsonObject> {
    return this.#past(runId, async ({ record, history }) => {
      const show = this.#port.redaction(runId);
      const run = { record, history, description: await this.describe(record), show };
      return exportRun(this.#port.journal, run, (child) => this.exportRun(child));
    });
  }

  /** The state after a tick; the newest by default. Rejects with code TICK_UNKNOWN where there is none. */
  pastState(runId: string, sequence?: number): Promise<BrokerState> {
    return this.#past(runId, ({ record, lastSequence, history }) => {
      const wanted = sequence ?? lastSequence;
      const first = Math.max(1, (record.historyFrom ?? 1) - 1);
      if (!Number.isInteger(wanted) || wanted < first || wanted > lastSequence) throw noSuchTick(record, wanted);
      return history.stateAt(wanted);
    });
  }

  /**
   * The workflow of a run, as its newest ticks were recorded with it: that of now waits where it was not taken up yet. Of
   * an imported run, as its file told it.
   */
  async describe(record: RunRecord): Promise<WorkflowDescription> {
    if (record.description) return record.description as unknown as WorkflowDescription;
    const served = this.#port.served.find(record.workflow);
    const program = await this.#programOf(record, served);
    if (served && isSameProgram(program, served.program)) return describeWorkflow(served);
    const { recordedWorkflow } = await import("../inspection/recorded-workflow.ts");
    return recordedWorkflow(program, served ? describeWorkflow(served) : null);
  }

  /** For questions that are answered elsewhere, from what may be shown of a run. */
  ask<T>(runId: string, answer: (past: Past, show: Redaction) => Promise<T>): Promise<T> {
    return this.#past(runId, (past) => answer(past, this.#port.redaction(runId)));
  }

  /** The run is gone: what was read of it means nothing any more. */
  forget(runId: string): void {
    this.#histories.delete(runId);
    this.leave(runId);
  }

  #schemasOf({ workflow }: RunRecord): SchemaOf {
    return schemasOf(this.#port.served.find(workflow)?.kinds);
  }

  /** Of a history that cannot be read nobody knows it: then that of now. */
  async #programOf({ runId }: RunRecord, served: CompiledWorkflow | undefined): Promise<Program> {
    try {
      return (this.#port.inMemory(runId)?.state ?? (await this.pastState(runId))).program;
    } catch (error) {
      if (served) return served.program;
      throw error;
    }
  }

  /**
   * Reads after everything that happened is in the journal. A run that keeps only so many ticks may drop some meanwhile:
   * then what is left is read once more, from its new beginning on.
   */
  async #past<T>(runId: string, read: (past: Past) => Promise<T>): Promise<T> {
    const broker = this.#port.inMemory(runId);
    for (;;) {
      await broker?.flush();
      const record = await this.#port.record(runId);
      try {
        const lastSequence = broker?.durableSequence ?? record.sequence;
        return await read({ record, lastSequence, history: this.#history(record) });
      } catch (error) {
        const { historyFrom } = await this.#port.record(runId);
        if (historyFrom === record.historyFrom) throw error;
      }
    }
  }

  #history({ runId, workflow, historyFrom = 1 }: RunRecord): RunHistory {
    // Stands in for that of a history too old to say its own.
    const program = this.#port.served.find(workflow)?.program ?? noProgram(workflow);
    const known = this.#histories.get(runId);
    const history =
      known?.from === historyFrom ? known : new RunHistory(this.#port.journal, runId, program, historyFrom);
    this.#histories.set(runId, history);
    return history;
  }
}

async function pastTick(
  record: RunRecord,
  history: RunHistory,
  sequence: number,
  lastSequence: number,
): Promise<PastTick> {
  const past = sequence > lastSequence ? undefined : await history.tickAt(sequence);
  if (!past) throw noSuchTick(record, sequence);
  return past;
}

export function noSuchTick({ runId, historyFrom = 1 }: RunRecord, sequence: number): WorkflowRuntimeError {
  const why = sequence < historyFrom ? ` Its history is complete from tick ${historyFrom} on.` : "";
  return new WorkflowRuntimeError(`Run ${runId} has no tick ${sequence}.${why}`, {
    code: "TICK_UNKNOWN",
    data: { runId, sequence },
  });
}
