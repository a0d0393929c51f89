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
  /** How events come together before the step runs; absent: each by itself. */
  readonly join?: JoinPlan;
  /** Types it emits as lists: each list returned opens a stream. */
  readonly lists?: readonly string[];
  /** Steps with a list join that get what comes of this step's lists. */
  readonly feeds?: readonly number[];
  /** It is run for failures, not for events. */
  readonly catches?: CatchPlan;
}

export type JoinPlan =
  /** One event in every slot; a slot takes any of its types. */
  | { readonly mode: "all"; readonly slots: readonly (readonly string[])[] }
  /** All members of a stream, or the first `take`. */
  | { readonly mode: "list"; readonly take: number | null };

export interface CatchPlan {
  /** Steps whose failures it catches; null: all that no other handler names. */
  readonly forSteps: readonly string[] | null;
  /** How often in one line of events it may step in. */
  readonly maxRecoveries: number;
}
