/** Holding a run by hand, to look at it: what can be asked for, and what is told of it. */

/**
 * Where work items are held: before this step, or only those that begin with an event of this type: their input, one of
 * the set that a join gathered, or the answer that they waited for last.
 */
export interface Breakpoint {
  readonly step: string;
  readonly eventType?: string;
}

/**
 * - "set": these are the run's breakpoints from now on; none takes all away. Work items that are held where no breakpoint
 *   is any more begin.
 * - "pause": nothing begins, in any step; timers that fall due wait.
 * - "step": pauses the run, and lets exactly one thing happen of those that are held: the work item that has waited
 *   longest begins, or, where no work item is held, the timer that was due first takes effect. Nothing held: nothing.
 * - "resume": ends the pause. All that is held begins, and what was due takes effect; breakpoints stay.
 */
export type DebugCommand =
  | { readonly kind: "set"; readonly breakpoints: readonly Breakpoint[] }
  | { readonly kind: "pause" }
  | { readonly kind: "step" }
  | { readonly kind: "resume" };

/** What holds a run, and what is held. It is true of the moment, not of a tick: the log has nothing of it. */
export interface RunHold {
  /** Nothing begins until "resume". */
  readonly isPaused: boolean;
  readonly breakpoints: readonly Breakpoint[];
  /** Since when it is paused or something is held, whichever is longer; null: neither. */
  readonly since: number | null;
  /** Where work items wait, in the order in which the first of each came. */
  readonly steps: readonly HeldStep[];
  /** A timer is due and waits for the end of the pause. */
  readonly isTimerDue: boolean;
  /** When its time limit ends the run, held or not; absent: it has none. */
  readonly deadline?: number;
}

export interface HeldStep {
  readonly step: string;
  /** Work items that have a slot and have not begun. */
  readonly count: number;
  /** The first of them, at most 64. */
  readonly workItems: readonly number[];
}
