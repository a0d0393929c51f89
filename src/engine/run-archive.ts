/** The past of a host's runs, read from the journal: any state, any tick, the whole history. Loads no run. */
import type { JsonObject } from "../core/json.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { DepthPoint } from "../inspection/engine-control.ts";
import type { RunView, TickDetail, TickPage } from "../inspection/inspection-event.ts";
import { runView } from "../inspection/run-view.ts";
import { invocationFacts, summariseTick } from "../inspection/tick-summary.ts";
import type { Journal, RunRecord } from "../ports/journal.ts";
import { encodeValue } from "../serialize/serializer.ts";
import { encodeRunFile } from "../serialize/run-file.ts";
import { encodeState } from "../serialize/state-codec.ts";
import { encodeTick } from "../serialize/tick-codec.ts";
import { jsonSchemaOf } from "../workflow/json-schema.ts";
import type { RunBroker } from "./broker.ts";
import { describeWorkflow } from "./describe-workflow.ts";
import { Recent } from "./recent.ts";
import { RunHistory } from "./run-history.ts";
import type { ServedWorkflows } from "./served-workflows.ts";

export interface ArchivePort {
  readonly journal: Journal;
  readonly served: ServedWorkflows;
  /** Rejects with `WorkflowRuntimeError`, code RUN_UNKNOWN, for a run that is not there. */
  record(runId: string): Promise<RunRecord>;
  /** The run, if it is in memory, ended or not. */
  inMemory(runId: string): RunBroker | undefined;
}

/** Ticks summarised in one page at most. */
const LONGEST_PAGE = 2000;

export class RunArchive {
  readonly #port: ArchivePort;
  readonly #histories = new Recent<RunHistory>(4);

  constructor(port: ArchivePort) {
    this.#port = port;
  }

  async stateAt(runId: string, sequence?: number): Promise<RunView> {
    const record = await this.#port.record(runId);
    const { kinds } = this.#port.served.get(record.workflow);
    const schemaOf = (type: string): JsonObject | null => {
      const kind = kinds.get(type);
      return kind ? jsonSchemaOf(kind) : null;
    };
    const broker = this.#port.inMemory(runId);
    const newest = broker?.state;
    if (newest && (sequence === undefined || sequence >= newest.sequence)) {
      return runView(newest, null, null, encodeValue, schemaOf);
    }
    await broker?.flush();
    const history = this.#history(record);
    const wanted = Math.max(0, Math.min(sequence ?? record.sequence, newest?.sequence ?? record.sequence));
    if (wanted < (record.historyFrom ?? 1)) {
      return runView(await history.stateAt(wanted), null, null, encodeValue, schemaOf);
    }
    const past = await history.tickAt(wanted);
    if (!past) throw noSuchTick(record, wanted);
    return runView(past.after, past.before, past.tick, encodeValue, schemaOf);
  }

  async readTicks(runId: string, { from, limit }: { from: number; limit: number }): Promise<TickPage> {
    const { record, lastSequence } = await this.#past(runId);
    const { historyFrom = 1 } = record;
    const count = Math.min(Math.max(0, limit), LONGEST_PAGE);
    const [first, last] = [Math.max(historyFrom, from), Math.max(1, from) + count - 1];
    const ticks = first > last ? [] : await this.#history(record).summaries(first, last - first + 1);
    return { runId, ticks, lastSequence, ...(historyFrom > 1 && { historyFrom }) };
  }

  async readTick(runId: string, sequence: number): Promise<TickDetail> {
    const { record } = await this.#past(runId);
    const past = await this.#history(record).tickAt(sequence);
    if (!past) throw noSuchTick(record, sequence);
    const { tick, commands, before, after } = past;
    return {
      summary: summariseTick(tick, commands, after.program, invocationFacts(before, tick)),
      tick: encodeTick(tick),
      commands: commands.map(({ kind }) => kind),
    };
  }

  async depthOverTime(runId: string, points: number): Promise<readonly DepthPoint[]> {
    const { record } = await this.#past(runId);
    return this.#history(record).depth(points);
  }

  async exportRun(runId: string): Promise<JsonObject> {
    const { record } = await this.#past(runId);
    const { historyFrom = 1 } = record;
    const base = historyFrom > 1 ? encodeState(await this.#history(record).stateAt(0)) : null;
    const ticks: JsonObject[] = [];
    for await (const batch of this.#port.journal.read(runId, { from: 1, to: Number.MAX_SAFE_INTEGER })) {
      for (const tick of batch.ticks) ticks.push(encodeTick(tick));
    }
    const graph = describeWorkflow(this.#port.served.get(record.workflow)).graph;
    const parts = await this.#port.journal.listRuns({ parent: runId, limit: Number.MAX_SAFE_INTEGER });
    const children = await Promise.all(parts.map((part) => this.exportRun(part.runId)));
    return {
      ...encodeRunFile(inFile(record), graph as unknown as JsonObject, base, ticks),
      ...(children.length > 0 && { children }),
    };
  }

  /** The run is gone: what was read of it means nothing any more. */
  forget(runId: string): void {
    this.#histories.delete(runId);
  }

  /** Reads the record after everything that happened is in the journal. */
  async #past(runId: string): Promise<{ readonly record: RunRecord; readonly lastSequence: number }> {
    const broker = this.#port.inMemory(runId);
    await broker?.flush();
    const record = await this.#port.record(runId);
    return { record, lastSequence: broker?.durableSequence ?? record.sequence };
  }

  #history({ runId, workflow, historyFrom }: RunRecord): RunHistory {
    const { program } = this.#port.served.get(workflow);
    const known = this.#histories.get(runId) ?? new RunHistory(this.#port.journal, runId, program, historyFrom);
    this.#histories.set(runId, known);
    return known;
  }
}

/** What a run takes here says nothing of it elsewhere. */
function inFile({ bytes: _bytes, compacted: _compacted, ...record }: RunRecord): JsonObject {
  return record as unknown as JsonObject;
}

function noSuchTick({ runId, historyFrom = 1 }: RunRecord, sequence: number): WorkflowRuntimeError {
  const why = sequence < historyFrom ? ` Its history is complete from tick ${historyFrom} on.` : "";
  return new WorkflowRuntimeError(`Run ${runId} has no tick ${sequence}.${why}`, {
    code: "TICK_UNKNOWN",
    data: { runId, sequence },
  });
}
