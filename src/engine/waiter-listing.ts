/** What waits for somebody, across a host's runs. Loads no run: the waits of one that left memory are read from its history. */
import { hasEnded, type BrokerState } from "../core/broker-state.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { EventRole } from "../core/event-ref.ts";
import type { OpenWaiter, WaiterList, WaiterQuery } from "../inspection/inspection-source.ts";
import type { Redaction } from "../inspection/redaction.ts";
import { waiterView } from "../inspection/run-view.ts";
import { compareRuns, matchesQuery, type Journal, type RunRecord } from "../ports/journal.ts";
import { encodeValue } from "../serialize/serializer.ts";
import { schemasOf } from "../workflow/json-schema.ts";
import type { ServedWorkflows } from "./served-workflows.ts";

export interface WaiterListingPort {
  readonly journal: Journal;
  readonly served: ServedWorkflows;
  /** The newest state of a run, from memory if it is there. */
  newestState(runId: string): Promise<BrokerState>;
  /** What of a run may be shown. */
  redaction(runId: string): Redaction;
}

const PAGE = 100;
/** Runs whose state is read for one page at most: what nobody may answer is skipped, and a page may come short. */
const RUNS_READ = 200;
const ANSWERED_BY_PEOPLE: readonly EventRole[] = ["humanResponse", "inputRequired"];
const UNFINISHED = ["running", "idle"] as const;

/** The place after which a page begins: a run, and the last of its waits that was told; null: all were. */
interface Cursor {
  readonly createdAt: number;
  readonly runId: string;
  readonly waiter: number | null;
}

/** See `InspectionSource.listWaiters`. */
export async function listWaiters(port: WaiterListingPort, query: WaiterQuery): Promise<WaiterList> {
  const { limit = PAGE, role = ANSWERED_BY_PEOPLE } = query;
  const roles = new Set(typeof role === "string" ? [role] : role);
  const cursor = query.before === undefined ? null : parseCursor(query.before);
  const records = await waitingRuns(port, query, cursor);
  const waiters: OpenWaiter[] = [];
  for (const [read, record] of records.entries()) {
    if (read === RUNS_READ) return { waiters, nextBefore: cursorAfter(records[read - 1] ?? record, null) };
    const state = await newestStateOf(port, record);
    const after = cursor?.runId === record.runId ? (cursor.waiter ?? Infinity) : 0;
    // It may have ended since; what it keeps of its waits then is for a resume.
    if (state === null || hasEnded(state)) continue;
    for (const waiter of state.waiters.byInstance.values()) {
      if (waiter.instance <= after || !roles.has(state.program.roles[waiter.type] ?? "event")) continue;
      const last = waiters.at(-1);
      if (waiters.length >= limit && last) return { waiters, nextBefore: cursorOf(records, last) };
      const schemaOf = schemasOf(port.served.find(record.workflow)?.kinds);
      waiters.push({
        runId: record.runId,
        workflow: record.workflow,
        sequence: state.sequence,
        waiter: waiterView(state, waiter, encodeValue, schemaOf, port.redaction(record.runId)),
      });
    }
  }
  return { waiters };
}

/** The run created first comes first. An imported run takes no answer, nor does one of which no code is here. */
async function waitingRuns(
  { journal, served }: WaiterListingPort,
  { runId, workflow }: WaiterQuery,
  cursor: Cursor | null,
): Promise<readonly RunRecord[]> {
  const asked = { status: UNFINISHED, ...(workflow !== undefined && { workflow }) };
  const one = runId === undefined ? undefined : await journal.getRun(runId);
  const all =
    runId === undefined
      ? await journal.listRuns({ ...asked, limit: Number.MAX_SAFE_INTEGER })
      : one && matchesQuery(one, asked)
        ? [one]
        : [];
  return all
    .filter((record) => record.waiting > 0 && record.readOnly !== true && served.has(record.workflow))
    .filter((record) => cursor === null || compareRuns(record, cursor) <= 0)
    .filter((record) => cursor === null || cursor.waiter !== null || record.runId !== cursor.runId)
    .toReversed();
}

/** null: it cannot be read, which the list of runs says; the others are not to be missed for it. */
async function newestStateOf(port: WaiterListingPort, { runId }: RunRecord): Promise<BrokerState | null> {
  try {
    return await port.newestState(runId);
  } catch {
    return null;
  }
}

function cursorOf(records: readonly RunRecord[], { runId, waiter }: OpenWaiter): string {
  const record = records.find((each) => each.runId === runId);
  return cursorAfter({ createdAt: record?.createdAt ?? 0, runId }, waiter.waiter);
}

function cursorAfter({ createdAt, runId }: { createdAt: number; runId: string }, waiter: number | null): string {
  return `${createdAt}/${waiter ?? ""}/${runId}`;
}

function parseCursor(before: string): Cursor {
  const [, createdAt, waiter, runId] = /^(\d+)\/(\d*)\/(.+)$/s.exec(before) ?? [];
  if (createdAt === undefined || waiter === undefined || runId === undefined) {
    throw new WorkflowRuntimeError(
      `${JSON.stringify(before)} is no place in the list of waits. Pass the nextBefore of a page.`,
      { code: "CURSOR_INVALID" },
    );
  }
  return { createdAt: Number(createdAt), runId, waiter: waiter === "" ? null : Number(waiter) };
}
