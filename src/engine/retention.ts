/** Which runs that ended may go, or be shortened: decided from their records alone. */
import type { RunRecord } from "../ports/journal.ts";
import type { HistoryOptions, RetentionOptions } from "../workflow/retention.ts";

/** What a workflow says about its runs. */
export interface Policy {
  readonly retention: RetentionOptions;
  readonly history: HistoryOptions;
}

export interface Keeping {
  readonly now: number;
  /** undefined: its workflow is not served here, so nobody says that it may go. */
  readonly policyOf: (workflow: string) => Policy | undefined;
  /** Somebody reads its stream or inspects it. */
  readonly isInUse: (runId: string) => boolean;
}

export interface Sweep {
  /** They go, with their children. */
  readonly drop: readonly RunRecord[];
  /** Of these only the result is kept. */
  readonly shorten: readonly RunRecord[];
  /** When to look again, if nothing happens until then; null: there is nothing to wait for. */
  readonly next: number | null;
}

/** After its end a run stays for so many milliseconds: whoever started it may not have asked for its result yet. */
export const GRACE = 60_000;
/** A run that is in use is looked at again after so many. */
const AGAIN = 60_000;
const DAY = 86_400_000;

/** `records`: all runs that ended. */
export function planSweep(records: readonly RunRecord[], keeping: Keeping): Sweep {
  const { now, policyOf, isInUse } = keeping;
  const drop: RunRecord[] = [];
  const shorten: RunRecord[] = [];
  let next: number | null = null;
  const counts = new Map<string, number>();
  for (const record of records.toSorted((a, b) => b.updatedAt - a.updatedAt)) {
    const policy = record.readOnly === true ? undefined : policyOf(record.workflow);
    if (!policy) continue;
    const place = (counts.get(record.workflow) ?? 0) + 1;
    if (!record.parent) counts.set(record.workflow, place);
    const goesAt = record.parent ? null : dueAt(record, place, policy.retention);
    const shortAt = isLong(record, policy.history) ? record.updatedAt + GRACE : null;
    const first = Math.min(goesAt ?? Infinity, shortAt ?? Infinity);
    if (first === Infinity) continue;
    if (first > now || isInUse(record.runId)) next = Math.min(next ?? Infinity, Math.max(first, now + AGAIN));
    else if (goesAt !== null && goesAt <= now) drop.push(record);
    else {
      shorten.push(record);
      if (goesAt !== null) next = Math.min(next ?? Infinity, goesAt);
    }
  }
  return { drop, shorten, next };
}

/** Runs that may go because the storage is full, the first to go first. */
export function runsUnderPressure(records: readonly RunRecord[], { now, policyOf, isInUse }: Keeping): RunRecord[] {
  return records
    .filter(({ runId, workflow, parent, readOnly, updatedAt }) => {
      if (parent || readOnly === true || updatedAt + GRACE > now || isInUse(runId)) return false;
      return policyOf(workflow)?.retention.whenFull === "delete";
    })
    .toSorted((a, b) => a.updatedAt - b.updatedAt);
}

/** When a run that ended is to go because of its age; undefined: never. */
export function deletesAt(record: RunRecord, { days }: RetentionOptions): number | undefined {
  const { status, parent, readOnly, updatedAt } = record;
  const hasEnded = status !== "running" && status !== "idle" && status !== "queued";
  if (days === undefined || !hasEnded || parent || readOnly === true) return undefined;
  return updatedAt + Math.max(GRACE, days * DAY);
}

/** When a run is to go; null: it stays. `place`: 1 for the one of its workflow that ended last. */
function dueAt(record: RunRecord, place: number, retention: RetentionOptions): number | null {
  if (retention.runs !== undefined && place > retention.runs) return record.updatedAt + GRACE;
  return deletesAt(record, retention) ?? null;
}

/** It has more than the tick that ended it, and is to keep no more. */
function isLong({ sequence, historyFrom = 1 }: RunRecord, { afterEnd }: HistoryOptions): boolean {
  return afterEnd === "result" && sequence > historyFrom;
}
