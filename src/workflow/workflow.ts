/** Workflows: immutable values made of typed steps. */
import { WorkflowConfigurationError } from "../core/errors.ts";
import type { EventRole } from "../core/event-ref.ts";
import { defineHandler, defineStep } from "./define-step.ts";
import type { AnyEventKind } from "./event.ts";
import { assertResources, type ResolvedResources, type Resources } from "./resource.ts";
import { checkHistory, checkRetention, type HistoryOptions, type RetentionOptions } from "./retention.ts";
import type { SchemaOutput, StandardSchema } from "./standard-schema.ts";
import type {
  AcceptedKinds,
  CatchConfig,
  CatchFunction,
  EmittedKinds,
  RunnableWorkflows,
  StepConfig,
  StepDefinition,
  StepFunction,
} from "./step.ts";
import type { MigrateFunction } from "./migration.ts";
import { checkGraphChecks, type GraphCheck } from "./graph-check.ts";
import { isUsableName } from "./names.ts";

const DEFAULT_TIMEOUT = 45_000;

export interface WorkflowOptions<StateSchema = undefined, R extends Resources = Resources> {
  /** Milliseconds of loaded time a run may take; default 45,000; null = no limit. */
  readonly timeout?: number | null;
  /** Shape and defaults of `ctx.store`; it must accept `{}`. */
  readonly state?: StateSchema;
  /**
   * When edits of `ctx.store` are committed. "at once" (default): each by itself, seen by other steps at once, kept
   * if the step then fails. "with result": together with the step's result or not at all, so that a retry or a crash
   * never applies them twice; a step that writes keeps other writers waiting until it is over.
   */
  readonly commitState?: "at once" | "with result";
  readonly resources?: R;
  /** How many runs may be at work at once; more wait their turn. Default: no limit. */
  readonly numConcurrentRuns?: number;
  readonly description?: string;
  /**
   * Chosen by the author, recorded in every run; default "1". It names the code for people: whether a saved run can go
   * on with changed code is decided by the shape of the graph and the work that is left, see `resume`.
   */
  readonly version?: string;
  /** How much of a run's history is kept; default: all of it. */
  readonly history?: HistoryOptions;
  /** Which runs that ended are kept; default: all. A child run is kept as long as its parent. */
  readonly retention?: RetentionOptions;
  readonly skipGraphChecks?: readonly GraphCheck[];
  /** Takes runs along that were recorded with other code: renames, and new data. See `MigrateFunction`. */
  readonly migrate?: MigrateFunction;
}

/**
 * A workflow. `Start` and `Stop` are its start and stop event kinds, found from its steps; `never` until a step
 * accepts or emits one.
 */
export interface Workflow<Start = unknown, Stop = unknown, State = unknown, R = object> {
  readonly name: string;
  readonly version: string;
  readonly description: string | null;
  readonly timeout: number | null;
  readonly numConcurrentRuns: number | null;
  readonly state: StandardSchema | null;
  readonly commitState: "at once" | "with result";
  readonly resources: Resources;
  readonly history: HistoryOptions;
  readonly retention: RetentionOptions;
  readonly skipGraphChecks: readonly GraphCheck[];
  readonly migrate: MigrateFunction | null;
  readonly steps: readonly StepDefinition[];
  /** Carries the types; has no value. */
  readonly types?: { readonly start: Start; readonly stop: Stop; readonly state: State; readonly resources: R };
}

/** A workflow that still takes steps. `.step` returns a new one and leaves this one as it was. */
export interface WorkflowBuilder<Start, Stop, State, R> extends Workflow<Start, Stop, State, R> {
  /**
   * Adds a step. The name is written into saved runs: keep it when you rename the function.
   * Throws `WorkflowConfigurationError` for a taken name, a missing `emits`, or a numWorkers that is not a whole
   * number above zero.
   */
  step<
    const Accepts extends AcceptedKinds,
    const Emits extends EmittedKinds,
    const Runs extends RunnableWorkflows = never,
    const Isolated extends boolean = false,
  >(
    name: string,
    config: StepConfig<Accepts, Emits, Runs> & { readonly isolated?: Isolated },
    run: StepFunction<Accepts, Emits, State, R, Runs, Isolated>,
  ): WorkflowBuilder<Start | KindsOfRole<Accepts, "start">, Stop | KindsOfRole<Emits, "stop">, State, R>;

  /**
   * Adds a handler for failures: after retries are exhausted it gets the failure in place of the run ending, and what
   * it emits goes on from there. A handler's own failure ends the run; timeouts and cancels are not failures.
   */
  catchError<const Emits extends EmittedKinds, const Runs extends RunnableWorkflows = never>(
    name: string,
    config: CatchConfig<Emits, Runs>,
    run: CatchFunction<Emits, State, R, Runs>,
  ): WorkflowBuilder<Start, Stop | KindsOfRole<Emits, "stop">, State, R>;
}

/** Every kind that a step of the workflow names, as often as it does. */
export function kindsOf({ steps }: Workflow): AnyEventKind[] {
  return steps.flatMap(({ accepts, emits, waitsFor }) => [...accepts, ...emits, ...waitsFor]);
}

type KindsOfRole<K, Role extends EventRole> = K extends readonly (infer Kind)[]
  ? KindsOfRole<Kind, Role>
  : K extends { readonly join: "all"; readonly kinds: readonly (infer Kind)[] }
    ? KindsOfRole<Kind, Role>
    : K extends { readonly role: Role }
      ? K
      : never;

/**
 * Begins a workflow. Its graph is checked on the first run, or by `validate`. Throws `WorkflowConfigurationError` for an
 * option that cannot be.
 */
export function defineWorkflow<
  StateSchema extends StandardSchema | undefined = undefined,
  R extends Resources = Record<never, never>,
>(
  name: string,
  options: WorkflowOptions<StateSchema, R> = {},
): WorkflowBuilder<
  never,
  never,
  StateSchema extends StandardSchema ? SchemaOutput<StateSchema> : unknown,
  ResolvedResources<R>
> {
  if (!isUsableName(name)) {
    throw new WorkflowConfigurationError("A workflow needs a name: a non-empty string, and not __proto__.");
  }
  const { timeout = DEFAULT_TIMEOUT, numConcurrentRuns = null } = options;
  if (timeout !== null && !(Number.isFinite(timeout) && timeout > 0)) {
    throw new WorkflowConfigurationError(
      `Workflow ${name}: timeout must be milliseconds above 0, or null for no limit.`,
    );
  }
  if (numConcurrentRuns !== null && !(Number.isSafeInteger(numConcurrentRuns) && numConcurrentRuns > 0)) {
    throw new WorkflowConfigurationError(`Workflow ${name}: numConcurrentRuns must be a whole number above 0.`);
  }
  checkGraphChecks(`Workflow ${name}`, options.skipGraphChecks ?? []);
  assertResources(name, options.resources ?? {});
  checkHistory(name, options.history ?? {});
  checkRetention(name, options.retention ?? {});
  return builder({
    name,
    version: options.version ?? "1",
    description: options.description ?? null,
    timeout,
    numConcurrentRuns,
    state: options.state ?? null,
    commitState: options.commitState ?? "at once",
    resources: options.resources ?? {},
    history: { ...options.history },
    retention: { ...options.retention },
    skipGraphChecks: options.skipGraphChecks ?? [],
    migrate: options.migrate ?? null,
    steps: [],
  }) as never;
}

function builder(workflow: Workflow): WorkflowBuilder<unknown, unknown, unknown, object> {
  const withStep = (step: StepDefinition) => builder({ ...workflow, steps: [...workflow.steps, step] });
  return Object.freeze({
    ...workflow,
    step: (name: string, config: StepConfig, run: StepDefinition["run"]) =>
      withStep(defineStep(workflow, name, config, run)),
    catchError: (name: string, config: CatchConfig, run: StepDefinition["run"]) =>
      withStep(defineHandler(workflow, name, config, run)),
  }) as never;
}
