/**
 * What hosts a run: small parts, each replaceable. A runtime is a plain object; a decorator is a function that takes
 * one and gives one, with some parts replaced and all others as they were:
 *
 *     const runtime = verbose(withHooks(processRuntime, myHook));
 */
import { systemClock, type Clock } from "./clock.ts";
import type { EngineLock } from "./engine-lock.ts";
import type { Journal } from "./journal.ts";
import type { RunHook } from "./run-hook.ts";
import type { StepExecutor } from "./step-executor.ts";
import type { StorageHealth } from "./storage-health.ts";

export interface Runtime {
  readonly clock: Clock;
  /** null: no history is kept. */
  readonly journal: Journal | null;
  /** Says whether the journal can be written: see `withRetries`. Default: a write that fails ends its run's stay here. */
  readonly health?: StorageHealth;
  /** Keeps other engines from what the journal writes to; default: there are none. */
  readonly lock?: EngineLock;
  /** Told of everything that happens in the runs hosted here. */
  readonly hooks?: readonly RunHook[];
  /** Calls the functions of steps; default: in place. */
  readonly executor?: StepExecutor;
}

/** Runs live in this process and keep no history: the fastest way, what tests and scripts want, and the default of `run`. */
export const processRuntime: Runtime = { clock: systemClock, journal: null };

/** The same runtime, and these hooks are told too, after those it has. */
export function withHooks<R extends Runtime>(runtime: R, ...hooks: readonly RunHook[]): R {
  return { ...runtime, hooks: [...(runtime.hooks ?? []), ...hooks] };
}

/** The same runtime on another journal. To wrap the one it has: `withJournal(runtime, wrap(runtime.journal))`. */
export function withJournal<R extends Runtime, J extends Journal>(runtime: R, journal: J): R & { readonly journal: J } {
  return { ...runtime, journal };
}
