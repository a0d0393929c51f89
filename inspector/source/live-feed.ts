/**
 * The subscription to a source's news. Batches that arrive between two frames become one piece of news, so
 * that a run with thousands of ticks per second costs the page one update per frame.
 */
import type { GraphStatus, InspectionBatch, InspectionSource, RunSummary, TickSummary } from "tickwork/client";
import type { Scheduler } from "./frame-scheduler.ts";

/** How the news of one frame came here. */
export interface Arrival {
  /** As many as were made one. */
  readonly batches: number;
  /** Batches whose numbers are missing between two that came. */
  readonly lost: number;
  /** Ticks that are not among the news; they are read from the source when they are shown. */
  readonly skippedTicks: number;
}

/** The news of one frame. */
export interface News {
  readonly runs: readonly RunSummary[];
  readonly deletedRuns: readonly string[];
  readonly run?: { readonly runId: string; readonly graph: GraphStatus; readonly ticks: readonly TickSummary[] };
}

/** Newest ticks kept between two frames; older ones are read from the source when they are shown. */
export const MAX_TICKS_PER_FRAME = 512;

const NOTHING_CAME: Arrival = { batches: 0, lost: 0, skippedTicks: 0 };

export function openLiveFeed(
  source: InspectionSource,
  runId: string,
  scheduler: Scheduler,
  apply: (news: News, arrival: Arrival) => void,
): () => void {
  let newest = 0;
  let arrival = NOTHING_CAME;
  let batches: InspectionBatch[] = [];
  let cancelFlush: (() => void) | null = null;
  let isOpen = true;

  const flush = (): void => {
    cancelFlush = null;
    const news = mergeBatches(batches);
    const skippedTicks = arrival.skippedTicks - (news.run?.ticks.length ?? 0);
    const how = { ...arrival, skippedTicks };
    batches = [];
    arrival = NOTHING_CAME;
    apply(news, how);
  };
  const unsubscribe = source.inspect(runId, (batch) => {
    if (!isOpen) return;
    batches.push(batch);
    arrival = {
      batches: arrival.batches + 1,
      lost: arrival.lost + Math.max(0, batch.number - newest - 1),
      // All of them at first; those that are among the news are taken off when it is made.
      skippedTicks: arrival.skippedTicks + (batch.run === undefined ? 0 : batch.run.skipped + batch.run.ticks.length),
    };
    newest = batch.number;
    // A hidden page may not flush for long: fold the backlog, so that memory stays bounded.
    if (batches.length > 32) batches = [asBatch(mergeBatches(batches), batch.number)];
    cancelFlush ??= scheduler.schedule(flush);
  });
  return () => {
    isOpen = false;
    cancelFlush?.();
    unsubscribe();
  };
}

export function mergeBatches(batches: readonly InspectionBatch[]): News {
  const runs = new Map<string, RunSummary>();
  const deleted = new Set<string>();
  let ticks: TickSummary[] = [];
  let newest: { runId: string; graph: GraphStatus } | undefined;
  for (const batch of batches) {
    for (const run of batch.runs) {
      runs.set(run.runId, run);
      deleted.delete(run.runId);
    }
    for (const runId of batch.deletedRuns) {
      runs.delete(runId);
      deleted.add(runId);
    }
    if (batch.run !== undefined) {
      newest = { runId: batch.run.runId, graph: batch.run.graph };
      ticks = ticks.concat(batch.run.ticks).slice(-MAX_TICKS_PER_FRAME);
    }
  }
  const lists = { runs: [...runs.values()], deletedRuns: [...deleted] };
  return newest === undefined ? lists : { ...lists, run: { ...newest, ticks } };
}

function asBatch(news: News, number: number): InspectionBatch {
  return news.run === undefined
    ? { number, runs: news.runs, deletedRuns: news.deletedRuns }
    : { number, runs: news.runs, deletedRuns: news.deletedRuns, run: { ...news.run, skipped: 0 } };
}
