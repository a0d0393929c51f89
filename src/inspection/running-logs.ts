/** What steps under way have logged so far: no tick holds it yet. Pure. */
import type { WorkItem } from "../core/broker-state.ts";
import type { InvocationId, LogRecord } from "../core/tick.ts";
import type { ToJson } from "./cut-json.ts";
import { cutJson } from "./cut-json.ts";
import type { Redaction } from "./redaction.ts";

export interface RunningLogsQuery {
  readonly step?: string;
  readonly workItem?: number;
}

export interface RunningLogs {
  readonly runId: string;
  /** The newest tick. What ended by then is in its tick and not here. */
  readonly sequence: number;
  /** Attempts that have logged something, the one that began first coming first; the newest 20. */
  readonly attempts: readonly RunningLog[];
  /** Attempts that are left out, because there are more. */
  readonly more: number;
}

export interface RunningLog {
  readonly step: string;
  readonly workItem: number;
  /** How often its step was called for the work item, this time included. */
  readonly invocation: number;
  /** 1 for the first. */
  readonly attempt: number;
  readonly startedAt: number;
  /** The newest 100, in order, large ones cut. */
  readonly records: readonly LogRecord[];
  /** Records before those, which are in the tick when the attempt is over. */
  readonly earlier: number;
}

/** An attempt as the engine has it. */
export interface RunningAttempt {
  readonly id: Pick<InvocationId, "step" | "workItem" | "invocation">;
  readonly workItem: Pick<WorkItem, "retry">;
  readonly startedAt: number;
  readonly logs: readonly LogRecord[];
}

const MOST_ATTEMPTS = 20;
const MOST_RECORDS = 100;
/** Characters of a message, and of what was logged with it. */
const LONGEST_MESSAGE = 2_000;
const MOST_DATA = 4_000;

export function runningLogs(
  attempts: Iterable<RunningAttempt>,
  { step, workItem }: RunningLogsQuery,
  show: Redaction,
  toJson: ToJson,
): Pick<RunningLogs, "attempts" | "more"> {
  const found: RunningAttempt[] = [];
  for (const each of attempts) {
    const { id, logs } = each;
    const isAsked = (step ?? id.step) === id.step && (workItem ?? id.workItem) === id.workItem;
    if (isAsked && logs.length > 0) found.push(each);
  }
  found.sort((a, b) => a.startedAt - b.startedAt || a.id.workItem - b.id.workItem);
  const newest = found.slice(-MOST_ATTEMPTS);
  return {
    attempts: newest.map(({ id, workItem: { retry }, startedAt, logs }) => {
      const records = logs.slice(-MOST_RECORDS).map((record) => cut(show.log(record, id.step), toJson));
      const { step: name, workItem: item, invocation } = id;
      const attempt = (retry?.failures ?? 0) + 1;
      const earlier = logs.length - records.length;
      return { step: name, workItem: item, invocation, attempt, startedAt, records, earlier };
    }),
    more: found.length - newest.length,
  };
}

function cut({ at, message, data }: LogRecord, toJson: ToJson): LogRecord {
  return {
    at,
    message: message.slice(0, LONGEST_MESSAGE),
    ...(data !== undefined && { data: cutJson(data, MOST_DATA, toJson) }),
  };
}
