import type { TickCache } from "../source/tick-cache.ts";
import type { TickPages } from "../source/tick-pages.ts";

/** What belongs to the open run; made by `openRunSession`. */
export interface RunSession {
  readonly runId: string;
  readonly ticks: TickCache;
  readonly pages: TickPages;
  /** Loads what the position in the store asks for. */
  showPosition(): void;
  /** Loads the selected tick in full. */
  showTick(): void;
  /** Asks what the sandbox comes to, with the change as it is now. */
  recompute(): void;
  findNextFailure(after: number): Promise<number | null>;
  close(): void;
}
