/** How events come together: full sets, and whole lists. (Idea: LlamaIndex's multi-slot joins and collection streams.) */
import { WorkflowConfigurationError } from "../core/errors.ts";
import type { AnyEventKind, EventOf } from "./event.ts";

/** One event of every kind. */
export interface AllOf<Kinds extends readonly AnyEventKind[] = readonly AnyEventKind[]> {
  readonly join: "all";
  readonly kinds: Kinds;
}

/** As `accepts`: all members of a list. As `emits`: the step may return a list. */
export interface ListOf<Kind extends AnyEventKind = AnyEventKind> {
  readonly join: "list";
  readonly kind: Kind;
  readonly take: number | null;
}

/**
 * Lets a step run once per full set: `accepts: allOf(Query, Context)` gives it `[query, context]`. Slots fill in
 * order of arrival, a kind may stand in several, and sets repeat: a, b, then c, d. A set gathers within one list, or
 * outside any: kinds that never come on one level are a mistake in the graph.
 */
export function allOf<const Kinds extends readonly AnyEventKind[]>(...kinds: Kinds): AllOf<Kinds> {
  if (kinds.length < 2) {
    throw new WorkflowConfigurationError("allOf joins two kinds or more. For one kind write `accepts: Kind`.");
  }
  return { join: "all", kinds };
}

/**
 * `emits: listOf(Fetch)`: the step returns an array, which opens a stream; every element is worked on as part of it.
 * `accepts: listOf(Page)`: the step runs once with what came of a stream when all of it is done, in order of
 * arrival; also with an empty list. With `take`, it runs on the n-th arrival with the first n, or at the close with
 * fewer. Streams nest: a step inside one may return a list, which closes first.
 */
export function listOf<const Kind extends AnyEventKind>(
  kind: Kind,
  options: { readonly take?: number } = {},
): ListOf<Kind> {
  const { take } = options;
  if (take !== undefined && !(Number.isSafeInteger(take) && take >= 1)) {
    throw new WorkflowConfigurationError(
      `listOf(${kind.type}): take must be a whole number from 1 up, not ${String(take)}.`,
    );
  }
  return { join: "list", kind, take: take ?? null };
}

export function isAllOf(value: unknown): value is AllOf {
  return typeof value === "object" && value !== null && (value as Partial<AllOf>).join === "all";
}

export function isListOf(value: unknown): value is ListOf {
  return typeof value === "object" && value !== null && (value as Partial<ListOf>).join === "list";
}

/** What a step gets for what it accepts. */
export type InputFor<Accepts> =
  Accepts extends AllOf<infer Kinds>
    ? { readonly [Slot in keyof Kinds]: EventOf<Kinds[Slot]> }
    : Accepts extends ListOf<infer Kind>
      ? readonly EventOf<Kind>[]
      : EventOf<Accepts>;

/** What a step may return for what it emits. */
export type OutputFor<Emits> = Emits extends readonly (infer One)[]
  ? OutputFor<One>
  : Emits extends ListOf<infer Kind>
    ? readonly EventOf<Kind>[]
    : EventOf<Emits>;

/** What a step may send: everything it emits by itself, not the elements of its lists. */
export type SendableFor<Emits> = Emits extends readonly (infer One)[]
  ? SendableFor<One>
  : Emits extends ListOf
    ? never
    : EventOf<Emits>;
