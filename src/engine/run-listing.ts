/** The list of a host's runs: a row each, those in memory as they are now. */
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { RunList, RunQuery } from "../inspection/inspection-source.ts";
import type { Redaction } from "../inspection/redaction.ts";
import type { RunSummary } from "../inspection/inspection-event.ts";
import type { Journal, JournalQuery, RunRecord } from "../ports/journal.ts";
import { redactRecord } from "./redact-context.ts";
import type { RunBroker } from "./broker.ts";
import { Recent } from "./recent.ts";

export interface ListingPort {
  readonly journal: Journal;
  /** The run, if it is in memory, ended or not. */
  inMemory(runId: string): RunBroker | undefined;
  /** What is known of a run that left memory lately. */
  leftLately(runId: string): RunRecord | undefined;
  /** It is in memory and has not ended. */
  isLoaded(runId: string): boolean;
  /** Why a run that should go on does not. */
  whyPaused(record: RunRecord): Pick<RunSummary, "pausedBecause" | "mismatch">;
  /** What of a run may be shown. */
  redaction(runId: string): Redaction;
  /** When it is deleted by itself, if its workflow says so. */
  deletesAt(record: RunRecord): number | undefined;
}

const PAGE = 100;

export class RunListing {
  readonly #port: ListingPort;
  /** What the journal last told and a run in memory does not know. */
  readonly #stored = new Recent<Pick<RunRecord, "bytes" | "historyFrom">>(2000);

  constructor(port: ListingPort) {
    this.#port = port;
  }

  async list(query: RunQuery): Promise<RunList> {
    const limit = query.limit ?? PAGE;
    // One more than asked for tells whether there is a next page.
    const records = await this.#port.journal.listRuns(toJournalQuery(query, limit + 1));
    for (const record of records) this.note(record);
    const runs = records.slice(0, limit).map((record) => this.#inMemory(record.runId) ?? this.#summary(record));
    const last = records[limit - 1];
    return { runs, ...(records.length > limit && last && { nextBefore: `${last.createdAt}/${last.runId}` }) };
  }

  /** The row of a run that is in memory or was lately. */
  of(runId: string): RunSummary | undefined {
    const left = this.#port.leftLately(runId);
    return this.#inMemory(runId) ?? (left && this.#summary(left));
  }

  /** The run's record in the journal was read. */
  note({ runId, bytes, historyFrom }: RunRecord): void {
    this.#stored.set(runId, {
      ...(bytes !== undefined && { bytes }),
      ...(historyFrom !== undefined && { historyFrom }),
    });
  }

  /** The run is gone. */
  forget(runId: string): void {
    this.#stored.delete(runId);
  }

  #inMemory(runId: string): RunSummary | undefined {
    const broker = this.#port.inMemory(runId);
    if (!broker) return undefined;
    const { whyPaused, gate } = broker;
    const held = gate?.hold;
    return {
      ...this.#summary(broker.runRecord),
      durableSequence: broker.durableSequence,
      ...(held && { held }),
      ...(whyPaused && { pausedBecause: this.#port.redaction(broker.runId).message(whyPaused.message) }),
    };
  }

  #summary(record: RunRecord): RunSummary {
    const show = this.#port.redaction(record.runId);
    const { error, idleSince } = redactRecord(record, show);
    const { bytes, historyFrom: cutAt = 1 } = this.#stored.get(record.runId) ?? {};
    const historyFrom = Math.max(record.historyFrom ?? 1, cutAt);
    const isHeldUp = isUnfinished(record) && !record.readOnly;
    const deletesAt = this.#port.deletesAt(record);
    const { pausedBecause, ...why } = isHeldUp ? this.#port.whyPaused(record) : {};
    return {
      runId: record.runId,
      workflow: record.workflow,
      version: record.version,
      status: record.status,
      createdAt: record.createdAt,
      updatedAt: record.updatedAt,
      sequence: record.sequence,
      durableSequence: record.sequence,
      busy: record.busy,
      queued: record.queued,
      waiting: record.waiting,
      waitingFor: record.waitingFor,
      loaded: this.#port.isLoaded(record.runId),
      ...(idleSince !== undefined && { idleSince }),
      ...(error && { error: error as unknown as SerializedError }),
      ...(record.parent && { parent: record.parent }),
      ...(record.forkedFrom && { forkedFrom: record.forkedFrom }),
      ...(record.readOnly && { readOnly: true }),
      ...(record.redacted && { redacted: true }),
      ...(historyFrom > 1 && { historyFrom }),
      ...(record.setAside !== undefined && { setAside: record.setAside }),
      ...(bytes !== undefined && { bytes }),
      ...(deletesAt !== undefined && { deletesAt }),
      ...why,
      ...(pausedBecause !== undefined && { pausedBecause: show.message(pausedBecause) }),
    };
  }
}

function isUnfinished({ status }: RunRecord): boolean {
  return status === "running" || status === "idle" || status === "queued";
}

function toJournalQuery({ status, workflow, parent, before }: RunQuery, limit: number): JournalQuery {
  return {
    limit,
    ...(status !== undefined && { status: typeof status === "string" ? [status] : status }),
    ...(workflow !== undefined && { workflow }),
    ...(parent !== undefined && { parent }),
    ...(before !== undefined && { before: parseCursor(before) }),
  };
}

function parseCursor(before: number | string): { createdAt: number; runId?: string } {
  if (typeof before === "number") return { createdAt: before };
  const [, createdAt, runId] = /^(\d+)\/(.+)$/s.exec(before) ?? [];
  if (createdAt === undefined || runId === undefined) {
    throw new WorkflowRuntimeError(
      `${JSON.stringify(before)} is no place in the list of runs. Pass the nextBefore of a page, or a time.`,
      {
        code: "CURSOR_INVALID",
      },
    );
  }
  return { createdAt: Number(createdAt), runId };
}
