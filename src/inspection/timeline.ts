/** What happened when: the spans of work items over time, a lane per step and worker slot. Types only. */
export interface DepthPoint {
  readonly sequence: number;
  readonly at: number;
  readonly queued: number;
  readonly busy: number;
  /** Failed attempts since the run began. */
  readonly failed: number;
}

/**
 * queued: in the queue of its step. running: in a worker slot. backoff: failed, and waits for its next attempt.
 * waiting: waits for an event.
 */
export type TimelinePhase = "queued" | "running" | "backoff" | "waiting";

/** Times are milliseconds since the epoch. */
export interface TimelineRange {
  /** Default: from the beginning. */
  readonly from?: number;
  /** Default: to the end. */
  readonly to?: number;
  /** In so many parts of the range spans are told apart at all; 1 to 4,096, default 600: about a third of the pixels. */
  readonly buckets?: number;
  /** The way of this work item is told as well. */
  readonly workItem?: number;
}

export interface Timeline {
  readonly runId: string;
  /** The tick up to which it was read. Smaller than `lastSequence`: ask again, it goes on from there. */
  readonly sequence: number;
  readonly lastSequence: number;
  /** Of the whole run: when it begins, as far as its history is kept, and the time of tick `sequence`. */
  readonly begin: number;
  readonly end: number;
  /** The run goes on: what is open goes on after `end`. */
  readonly isLive: boolean;
  /** Spans shorter than so many milliseconds are not told apart, however small the range is; 0: all are. */
  readonly resolution: number;
  /** Every lane of the whole run, in the order of steps; those with nothing in the range have no spans. */
  readonly lanes: readonly TimelineLane[];
  /** Depth of all queues in the range, the deepest of each part; the first point may lie before it. */
  readonly depth: readonly DepthPoint[];
  /** When nothing ran, a second or longer; at most 256, the longest. `to` is null for one that goes on. */
  readonly idle: readonly { readonly from: number; readonly to: number | null }[];
  /** What will be due, the next 100. */
  readonly due: readonly TimelineDue[];
  /** The way of the work item asked for, oldest first; empty if none is. */
  readonly trail: readonly TrailSpan[];
}

export interface TimelineLane {
  readonly step: string;
  readonly phase: TimelinePhase;
  /** Of running ones: the worker slot. Where a step has many, the last lane holds this and all above it. */
  readonly slot: number | null;
  readonly holdsRest: boolean;
  /** By `from`. They do not overlap: what would is one block. */
  readonly spans: readonly TimelineSpan[];
}

/** One stretch of a work item's way, or a block of several that could not be told apart. */
export interface TimelineSpan {
  readonly from: number;
  /** null: it goes on, or its run ended over it and it could be resumed. */
  readonly to: number | null;
  /** How many there are; what follows is of the first of them. */
  readonly count: number;
  /** Attempts among them that failed. */
  readonly failed: number;
  readonly workItem: number;
  /** 1 for the first attempt; of a back-off or a queued retry the attempt that comes next. */
  readonly attempt: number;
  readonly eventType: string;
  /** The tick that began it; null where the history kept does not say. */
  readonly begin: number | null;
  /** The tick that ended it. */
  readonly end: number | null;
  /** How a running one ended; null: not yet, or it is none. "interrupted": its run or its engine ended first. */
  readonly outcome: "returned" | "failed" | "waiting" | "interrupted" | null;
}

export interface TrailSpan extends TimelineSpan {
  readonly phase: TimelinePhase;
  readonly step: string;
  readonly slot: number | null;
}

/** retry: the next attempt begins. wait: a wait runs out of time. limit: the run does. */
export interface TimelineDue {
  readonly kind: "retry" | "wait" | "limit";
  readonly at: number;
  readonly step?: string;
  readonly workItem?: number;
}
