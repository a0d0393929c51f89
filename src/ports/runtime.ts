/** What hosts a run: small parts, each replaceable. */
import type { Clock } from "./clock.ts";
import type { Journal } from "./journal.ts";
import type { RunHook } from "./run-hook.ts";

export interface Runtime {
  readonly clock: Clock;
  /** null: no history is kept. */
  readonly journal: Journal | null;
  /** Told of everything that happens in the runs hosted here. */
  readonly hooks?: readonly RunHook[];
}
