/** The list of runs: merged from pages and news, newest first, filtered by text, status, workflow and time. */
import type { RunSummary } from "tickwork/client";
import { isEnded } from "./inspector-state.ts";
import type { RunFilter } from "./place.ts";
import { NO_RUN_FILTER } from "./place.ts";

export interface RunTable {
  readonly runs: { readonly [runId: string]: RunSummary };
  readonly runIds: readonly string[];
}

export function mergeRuns(table: RunTable, changed: readonly RunSummary[], deleted: readonly string[] = []): RunTable {
  if (changed.length === 0 && deleted.length === 0) return table;
  const runs: Record<string, RunSummary> = { ...table.runs };
  let isReordered = false;
  for (const run of changed) {
    const known = runs[run.runId];
    // News and pages may cross: the one that knows more ticks is newer.
    if (known !== undefined && known.sequence > run.sequence) continue;
    if (known === undefined || known.createdAt !== run.createdAt) isReordered = true;
    runs[run.runId] = run;
  }
  for (const runId of deleted) {
    if (Object.hasOwn(runs, runId)) isReordered = true;
    delete runs[runId];
  }
  if (!isReordered) return { runs, runIds: table.runIds };
  const runIds = Object.values(runs)
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.runId < b.runId ? -1 : 1))
    .map((run) => run.runId);
  return { runs, runIds };
}

/** The groups of the status filter: what one looks for, not each status of its own. */
export const STATUS_GROUPS = ["running", "waiting", "paused", "completed", "failed", "cancelled"] as const;
export type StatusGroup = (typeof STATUS_GROUPS)[number];

function statusGroup(run: RunSummary): StatusGroup {
  if (run.pausedBecause !== undefined && !isEnded(run.status)) return "paused";
  switch (run.status) {
    case "queued":
    case "running":
      return run.waiting > 0 && run.busy === 0 ? "waiting" : "running";
    case "idle":
      return "waiting";
    case "completed":
      return "completed";
    case "failed":
    case "timedOut":
      return "failed";
    case "cancelled":
      return "cancelled";
  }
}

/** How many runs there are in each group, of those that match the rest of the filter. */
export function countGroups(
  table: RunTable,
  filter: RunFilter = NO_RUN_FILTER,
): { readonly [group in StatusGroup | "all"]: number } {
  const counts = { all: 0, running: 0, waiting: 0, paused: 0, completed: 0, failed: 0, cancelled: 0 };
  for (const runId of filterRuns(table, { ...filter, status: null })) {
    const run = table.runs[runId];
    if (run === undefined) continue;
    counts.all += 1;
    counts[statusGroup(run)] += 1;
  }
  return counts;
}

export function filterRuns(table: RunTable, filter: RunFilter): readonly string[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const { status, workflow, startedFrom, startedTo } = filter;
  if (words.length === 0 && isEveryOther(filter)) return table.runIds;
  return table.runIds.filter((runId) => {
    const run = table.runs[runId];
    if (run === undefined) return false;
    if (status !== null && statusGroup(run) !== status) return false;
    if (workflow !== null && run.workflow !== workflow) return false;
    if (run.createdAt < (startedFrom ?? -Infinity) || run.createdAt > (startedTo ?? Infinity)) return false;
    if (words.length === 0) return true;
    const text =
      `${run.workflow} ${run.runId} ${run.status} ${run.waitingFor.join(" ")} ${run.error?.message ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** It leaves out no run. */
export function isFilterOpen(filter: RunFilter): boolean {
  return filter.text.trim() === "" && isEveryOther(filter);
}

function isEveryOther({ status, workflow, startedFrom, startedTo }: RunFilter): boolean {
  return status === null && workflow === null && startedFrom === null && startedTo === null;
}

/** Names of workflows that one may look for: those served here, and those that runs have. */
export function workflowNames(table: Pick<RunTable, "runs">, served: readonly { readonly name: string }[]): string[] {
  const names = new Set(served.map(({ name }) => name));
  for (const run of Object.values(table.runs)) names.add(run.workflow);
  return [...names].toSorted();
}
