/** Steps as the author declares them. */
import type { RetryPolicy } from "../core/retry-policy.ts";
import type { AnyEventKind, EventOf } from "./event.ts";
import type { StepContext } from "./context-api.ts";
import type { GraphCheck } from "./graph-check.ts";

export type Kinds = AnyEventKind | readonly AnyEventKind[];

export interface StepConfig<Accepts extends Kinds = Kinds, Emits extends Kinds = Kinds> {
  /** The kind, or any of the kinds, that start this step. */
  readonly accepts: Accepts;
  /** Everything this step returns or sends; `[]` for nothing. Checked by types and when it runs. */
  readonly emits: Emits;
  /** How many events this step works on at once; default 4. More wait in its queue. */
  readonly numWorkers?: number;
  /** Default: the first failure fails the run. */
  readonly retryPolicy?: RetryPolicy;
  readonly description?: string;
  /**
   * Kinds this step waits for with `ctx.waitForEvent`. Not needed for it to work: it puts them on the graph, and
   * lets the inspector make a form from their schemas.
   */
  readonly waitsFor?: Kinds;
  readonly skipGraphChecks?: readonly GraphCheck[];
}

export type StepFunction<Accepts extends Kinds, Emits extends Kinds, State, Resources> = (
  event: EventOf<Accepts>,
  ctx: StepContext<EventOf<Emits>, State, Resources>,
) => StepReturn<Emits> | Promise<StepReturn<Emits>>;

export type StepReturn<Emits extends Kinds> = EventOf<Emits> | undefined | null | void;

/** A step with its types erased, as the engine runs it. */
export interface StepDefinition {
  readonly name: string;
  readonly accepts: readonly AnyEventKind[];
  readonly emits: readonly AnyEventKind[];
  readonly waitsFor: readonly AnyEventKind[];
  readonly numWorkers: number;
  readonly retryPolicy: RetryPolicy | null;
  readonly description: string | null;
  readonly skipGraphChecks: readonly GraphCheck[];
  readonly run: (event: unknown, ctx: unknown) => unknown;
}
