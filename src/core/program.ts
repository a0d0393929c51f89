import type { EventRole } from "./event-ref.ts";

/**
 * What the reducer needs to know about a workflow: names and numbers, no functions.
 * `workflow/compile.ts` makes it from a definition; because it is plain data, a page can fold a run's ticks
 * without the code of its steps.
 */
export interface Program {
  readonly workflow: string;
  readonly version: string;
  readonly steps: readonly StepPlan[];
  /** Step index by name. */
  readonly indexes: { readonly [step: string]: number };
  /** Step indexes by accepted event type, in definition order. */
  readonly routes: { readonly [eventType: string]: readonly number[] };
  readonly roles: { readonly [eventType: string]: EventRole };
  /** Milliseconds of loaded time a run may take; null = no limit. */
  readonly timeout: number | null;
}

export interface StepPlan {
  readonly name: string;
  readonly index: number;
  readonly accepts: readonly string[];
  readonly emits: readonly string[];
  readonly numWorkers: number;
}
