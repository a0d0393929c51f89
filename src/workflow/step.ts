/** Steps as the author declares them. */
import type { RetryPolicy } from "../core/retry-policy.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { AnyEventKind } from "./event.ts";
import type { IsolatedStepContext, StepContext } from "./context-api.ts";
import type { GraphCheck } from "./graph-check.ts";
import type { AnyWorkflow } from "./infer.ts";
import type { AllOf, InputFor, ListOf, OutputFor, SendableFor } from "./join.ts";

export type Kinds = AnyEventKind | readonly AnyEventKind[];
export type AcceptedKinds = Kinds | AllOf | ListOf;
export type EmittedKinds = AnyEventKind | ListOf | readonly (AnyEventKind | ListOf)[];

/** The workflows a step may run as part of its own. */
export type RunnableWorkflows = AnyWorkflow | readonly AnyWorkflow[];
type OneOf<Runs extends RunnableWorkflows> = Runs extends readonly (infer One)[] ? One : Runs;

export interface StepConfig<
  Accepts extends AcceptedKinds = AcceptedKinds,
  Emits extends EmittedKinds = EmittedKinds,
  Runs extends RunnableWorkflows = RunnableWorkflows,
> {
  /** The kind, or any of the kinds, that start this step; `allOf(…)` a set of them, `listOf(…)` a whole list. */
  readonly accepts: Accepts;
  /**
   * Everything this step returns or sends; `[]` for nothing; `listOf(…)` what it returns in an array. Checked by
   * types and when it runs.
   */
  readonly emits: Emits;
  /**
   * Also take kinds that extend the accepted ones, and in `ctx.waitForEvent` those that extend the awaited one; default
   * false. They must be named by some step of the workflow: in `accepts`, `emits` or `waitsFor`. Stop events are never
   * taken.
   */
  readonly acceptsSubkinds?: boolean;
  /** How many events this step works on at once; default 4. More wait in its queue. */
  readonly numWorkers?: number;
  /** Default: the first failure fails the run. */
  readonly retryPolicy?: RetryPolicy;
  readonly description?: string;
  /**
   * For work that keeps a processor busy: the function runs in a pool of workers, on another core, where the runtime
   * has one (`withPool` of tickwork/pool); else in place, and a warning says so. It can do less than other steps, see
   * `IsolatedStepContext`. Default false.
   */
  readonly isolated?: boolean;
  /**
   * Kinds this step waits for with `ctx.waitForEvent`. Not needed for it to work: it puts them on the graph, and
   * lets the inspector make a form from their schemas.
   */
  readonly waitsFor?: Kinds;
  /** Workflows this step may run with `ctx.runWorkflow`. They are part of the graph. */
  readonly runs?: Runs;
  readonly skipGraphChecks?: readonly GraphCheck[];
}

export type StepFunction<
  Accepts extends AcceptedKinds,
  Emits extends EmittedKinds,
  State,
  Resources,
  Runs extends RunnableWorkflows = never,
  Isolated extends boolean = false,
> = (
  input: InputFor<Accepts>,
  ctx: [Isolated] extends [true]
    ? IsolatedStepContext<SendableFor<Emits>, State, OneOf<Runs>>
    : StepContext<SendableFor<Emits>, State, Resources, OneOf<Runs>>,
) => StepReturn<Emits> | Promise<StepReturn<Emits>>;

export type StepReturn<Emits extends EmittedKinds> = OutputFor<Emits> | undefined | null | void;

export interface CatchConfig<
  Emits extends EmittedKinds = EmittedKinds,
  Runs extends RunnableWorkflows = RunnableWorkflows,
> {
  /** Steps whose failures this handler catches; default: of all that no other handler names. */
  readonly forSteps?: readonly string[];
  readonly emits: Emits;
  /** How often it may step in in one line of events; default 1. Beyond that the run fails. */
  readonly maxRecoveries?: number;
  readonly numWorkers?: number;
  readonly retryPolicy?: RetryPolicy;
  readonly description?: string;
  /** As for a step. */
  readonly runs?: Runs;
}

/** What an error handler is told. */
export interface StepFailure {
  /** The step that failed for good. */
  readonly step: string;
  /** The event it got; all of them where it joins several. */
  readonly input: WorkflowEvent | readonly WorkflowEvent[];
  readonly error: Error;
  /** Attempts made. */
  readonly attempts: number;
  /** Milliseconds from the first attempt to the last failure. */
  readonly elapsed: number;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
}

export type CatchFunction<Emits extends EmittedKinds, State, Resources, Runs extends RunnableWorkflows = never> = (
  failure: StepFailure,
  ctx: StepContext<SendableFor<Emits>, State, Resources, OneOf<Runs>>,
) => StepReturn<Emits> | Promise<StepReturn<Emits>>;

/** A step with its types erased, as the engine runs it. */
export interface StepDefinition {
  readonly name: string;
  /** Of a join, the kind of each slot. */
  readonly accepts: readonly AnyEventKind[];
  readonly join: "all" | "list" | null;
  /** Of a list join: how many members it waits for; null = all. */
  readonly take: number | null;
  readonly acceptsSubkinds: boolean;
  /** Everything it emits, by itself or in lists. */
  readonly emits: readonly AnyEventKind[];
  /** Types it emits by themselves. */
  readonly single: ReadonlySet<string>;
  /** Types it emits in lists. */
  readonly lists: ReadonlySet<string>;
  /** For an error handler: whose failures it catches, and how often. */
  readonly catches: { readonly forSteps: readonly string[] | null; readonly maxRecoveries: number } | null;
  readonly waitsFor: readonly AnyEventKind[];
  readonly runs: readonly AnyWorkflow[];
  readonly numWorkers: number;
  readonly retryPolicy: RetryPolicy | null;
  readonly isolated: boolean;
  readonly description: string | null;
  readonly skipGraphChecks: readonly GraphCheck[];
  readonly run: (event: unknown, ctx: unknown) => unknown;
}
