import type { WorkflowError } from "../core/errors.ts";

/** Who may write: one engine at a time owns what its journal writes to. */
export interface EngineLock {
  /**
   * Resolves once this engine is the owner and its journal can be used; waits as long as another one is. `lost` is
   * called, at most once, when another engine took over without being given the lock: nothing more can be written.
   */
  acquire(lost: (reason: WorkflowError) => void): Promise<void>;
  /** Lets the next one have it. */
  release(): Promise<void>;
}
