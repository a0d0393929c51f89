/** Data of commands for many runs: which runs are picked for one, and how one goes. */
import type { ErrorText } from "../source/error-text.ts";

export interface RunPicks {
  readonly ids: ReadonlySet<string>;
  /** Where a range begins: the run picked last. */
  readonly anchor: string | null;
}

export type RunVerb = "cancel" | "resume" | "export" | "delete";

export interface RunWork {
  readonly id: number;
  readonly verb: RunVerb;
  readonly runIds: readonly string[];
  /** held: nothing has happened yet, and `undo` takes it back. */
  readonly phase: "held" | "going" | "stopped" | "ended";
  /** While held: when it begins; null: the time stands still, because somebody is reading. */
  readonly beginsAt: number | null;
  /** Runs that it was tried with, those of `failures` included. */
  readonly tried: number;
  readonly failures: readonly { readonly runId: string; readonly error: ErrorText }[];
}
