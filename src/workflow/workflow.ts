/** Workflows: immutable values made of typed steps. */
import { WorkflowConfigurationError } from "../core/errors.ts";
import type { EventRole } from "../core/event-ref.ts";
import type { AnyEventKind } from "./event.ts";
import type { AnyWorkflow } from "./infer.ts";
import { assertResources, type ResolvedResources, type Resources } from "./resource.ts";
import { checkHistory, checkRetention, type HistoryOptions, type RetentionOptions } from "./retention.ts";
import type { SchemaOutput, StandardSchema } from "./standard-schema.ts";
import { isAllOf, isListOf, type ListOf } from "./join.ts";
import type {
  AcceptedKinds,
  CatchConfig,
  CatchFunction,
  EmittedKinds,
  Kinds,
  RunnableWorkflows,
  StepConfig,
  StepDefinition,
  StepFunction,
} from "./step.ts";
import type { MigrateFunction } from "./migration.ts";
import { isGraphCheck, type GraphCheck } from "./graph-check.ts";
import { isUsableName } from "./names.ts";

const DEFAULT_TIMEOUT = 45_000;
const DEFAULT_NUM_WORKERS = 4;

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
  if (numConcurrentRuns !== null && !isWholePositive(numConcurrentRuns)) {
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

function defineStep(workflow: Workflow, name: string, config: StepConfig, run: StepDefinition["run"]): StepDefinition {
  const where = describe(workflow, name, run);
  const accepts = acceptedKinds(where, config.accepts);
  if (accepts.length === 0) {
    throw new WorkflowConfigurationError(`${where} accepts nothing, so it can never run. Name the kinds it accepts.`);
  }
  const stops = accepts.filter((kind) => kind.role === "stop").map((kind) => kind.type);
  if (stops.length > 0) {
    throw new WorkflowConfigurationError(
      `${where} accepts ${stops.join(", ")}: a stop event ends the run, no step gets it.`,
    );
  }
  checkGraphChecks(where, config.skipGraphChecks ?? []);
  return {
    ...commonParts(where, name, config, run),
    accepts,
    join: isAllOf(config.accepts) ? "all" : isListOf(config.accepts) ? "list" : null,
    take: isListOf(config.accepts) ? config.accepts.take : null,
    acceptsSubkinds: config.acceptsSubkinds ?? false,
    isolated: config.isolated ?? false,
    waitsFor: kindList(where, "waitsFor", config.waitsFor ?? []),
    skipGraphChecks: config.skipGraphChecks ?? [],
    catches: null,
  };
}

function defineHandler(
  workflow: Workflow,
  name: string,
  config: CatchConfig,
  run: StepDefinition["run"],
): StepDefinition {
  const where = describe(workflow, name, run);
  const { forSteps = null, maxRecoveries = 1 } = config;
  if (!isWholePositive(maxRecoveries)) {
    throw new WorkflowConfigurationError(
      `${where}: maxRecoveries must be a whole number above 0, not ${String(maxRecoveries)}.`,
    );
  }
  return {
    ...commonParts(where, name, config, run),
    accepts: [],
    join: null,
    take: null,
    acceptsSubkinds: false,
    isolated: false,
    waitsFor: [],
    skipGraphChecks: [],
    catches: { forSteps, maxRecoveries },
  };
}

function describe(workflow: Workflow, name: string, run: unknown): string {
  if (!isUsableName(name)) {
    throw new WorkflowConfigurationError(
      `A step of workflow ${workflow.name} needs a name: a non-empty string, and not __proto__.`,
    );
  }
  if (workflow.steps.some((step) => step.name === name)) {
    throw new WorkflowConfigurationError(
      `Workflow ${workflow.name} has a step ${name} already. Step names are unique.`,
    );
  }
  const where = `Step ${name} of workflow ${workflow.name}`;
  if (typeof run !== "function")
    throw new WorkflowConfigurationError(`${where} needs a function as its third argument.`);
  return where;
}

function commonParts(where: string, name: string, config: StepConfig | CatchConfig, run: StepDefinition["run"]) {
  const numWorkers = config.numWorkers ?? DEFAULT_NUM_WORKERS;
  if (!isWholePositive(numWorkers)) {
    throw new WorkflowConfigurationError(
      `${where}: numWorkers must be a whole number above 0, not ${String(numWorkers)}.`,
    );
  }
  const emitted = emittedKinds(where, config.emits);
  return {
    name,
    emits: [...new Set([...emitted.single, ...emitted.lists])],
    single: new Set(emitted.single.map(({ type }) => type)),
    lists: new Set(emitted.lists.map(({ type }) => type)),
    numWorkers,
    retryPolicy: config.retryPolicy ?? null,
    description: config.description ?? null,
    runs: workflowList(where, config.runs ?? []),
    run,
  };
}

function acceptedKinds(where: string, accepts: AcceptedKinds | undefined): readonly AnyEventKind[] {
  if (isListOf(accepts)) return kindList(where, "accepts", accepts.kind);
  if (!isAllOf(accepts)) return kindList(where, "accepts", accepts);
  if (accepts.kinds.some(isListOf)) {
    throw new WorkflowConfigurationError(`${where} joins a list with other kinds. Take the list in a step of its own.`);
  }
  return kindList(where, "accepts", accepts.kinds);
}

function emittedKinds(
  where: string,
  emits: EmittedKinds | undefined,
): { single: AnyEventKind[]; lists: AnyEventKind[] } {
  const all = (Array.isArray(emits) ? emits : emits === undefined ? undefined : [emits]) as
    | readonly (AnyEventKind | ListOf)[]
    | undefined;
  const single = kindList(
    where,
    "emits",
    all?.filter((one): one is AnyEventKind => !isListOf(one)),
  );
  const lists = all?.filter(isListOf) ?? [];
  if (lists.some(({ take }) => take !== null)) {
    throw new WorkflowConfigurationError(
      `${where}: take belongs to the step that accepts the list, not to the one that emits it.`,
    );
  }
  return {
    single: [...single],
    lists: [
      ...kindList(
        where,
        "emits",
        lists.map(({ kind }) => kind),
      ),
    ],
  };
}

function kindList(
  where: string,
  field: "accepts" | "emits" | "waitsFor",
  kinds: Kinds | undefined,
): readonly AnyEventKind[] {
  if (kinds === undefined) {
    throw new WorkflowConfigurationError(
      `${where} does not say what it ${field}. ${field === "emits" ? "Write `emits: []` if it returns and sends nothing." : ""}`.trim(),
    );
  }
  const list = Array.isArray(kinds) ? (kinds as readonly AnyEventKind[]) : [kinds as AnyEventKind];
  for (const kind of list) {
    if (typeof kind !== "function" || typeof (kind as AnyEventKind).type !== "string") {
      throw new WorkflowConfigurationError(
        `${where}: ${field} lists something that is no event kind. Use defineEvent(…).`,
      );
    }
  }
  return list;
}

function workflowList(where: string, runs: RunnableWorkflows): readonly AnyWorkflow[] {
  const list = Array.isArray(runs) ? (runs as readonly AnyWorkflow[]) : [runs as AnyWorkflow];
  for (const workflow of list) {
    if (typeof workflow !== "object" || workflow === null || !Array.isArray((workflow as Partial<Workflow>).steps)) {
      throw new WorkflowConfigurationError(
        `${where}: runs lists something that is no workflow. Make one with defineWorkflow(…), before this one.`,
      );
    }
  }
  return list;
}

function checkGraphChecks(where: string, checks: readonly GraphCheck[]): void {
  const unknown = checks.filter((check) => !isGraphCheck(check));
  if (unknown.length > 0) {
    throw new WorkflowConfigurationError(
      `${where}: skipGraphChecks knows "reachability", "terminalEvent" and "deadEnd", not ${unknown.map((name) => JSON.stringify(name)).join(", ")}.`,
    );
  }
}

function isWholePositive(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
