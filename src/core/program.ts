import type { EventRole } from "./event-ref.ts";
import { isEqualJson } from "./json.ts";

/**
 * What the reducer needs to know about a workflow: names and numbers, no functions.
 * `workflow/compile.ts` makes it from a definition; because it is plain data, it is written down with the run, and
 * its ticks can be folded without the code of its steps, or after that code has changed.
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
  /** Nothing says what the run was recorded with (it is older than that); the definition of now is taken for it. */
  readonly assumed?: true;
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
  /**
   * It is in no definition: it keeps the work that this step of an earlier one left behind, and never starts any.
   * Such plans stand behind all others. See `adopt-program.ts`.
   */
  readonly orphanOf?: string;
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

/** Whether ticks fold with both to the same; what was set aside under one of them does not count. */
export function isSameProgram(a: Program, b: Program): boolean {
  return a === b || isEqualJson(comparable(a), comparable(b));
}

function comparable({ steps, indexes: _derived, routes, roles, ...rest }: Program): object {
  const own = steps.filter(({ orphanOf }) => orphanOf === undefined);
  const ownRoutes: Record<string, readonly number[]> = Object.create(null);
  for (const [type, takers] of Object.entries(routes)) {
    const takenBy = takers.filter((index) => index < own.length);
    if (takenBy.length > 0) ownRoutes[type] = takenBy;
  }
  return { ...rest, steps: own, routes: ownRoutes, roles: Object.assign(Object.create(null) as object, roles) };
}

const fingerprints = new WeakMap<Program, string>();

/** Short, the same for programs that are the same, and hardly ever for others: to tell without reading a run. */
export function fingerprintOf(program: Program): string {
  const known = fingerprints.get(program);
  if (known !== undefined) return known;
  const text = JSON.stringify(comparable(program));
  let [low, high] = [0x811c9dc5, 0xcbf29ce4];
  for (let index = 0; index < text.length; index++) {
    low = Math.imul(low ^ text.charCodeAt(index), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(index), 0x01000197);
  }
  const made = (low >>> 0).toString(36) + (high >>> 0).toString(36);
  fingerprints.set(program, made);
  return made;
}

/** A definition of nothing: it stands in where a history brings its own. */
export function noProgram(workflow: string): Program {
  return { workflow, version: "", steps: [], indexes: {}, routes: {}, roles: {}, timeout: null };
}
