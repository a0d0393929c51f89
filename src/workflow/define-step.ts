/** A step as a workflow keeps it, made from what its author wrote. What cannot be is refused where it is written. */
import { WorkflowConfigurationError } from "../core/errors.ts";
import type { AnyEventKind } from "./event.ts";
import { checkGraphChecks } from "./graph-check.ts";
import type { AnyWorkflow } from "./infer.ts";
import { isAllOf, isListOf, type ListOf } from "./join.ts";
import { isUsableName } from "./names.ts";
import type {
  AcceptedKinds,
  CatchConfig,
  EmittedKinds,
  Kinds,
  RunnableWorkflows,
  StepConfig,
  StepDefinition,
} from "./step.ts";

const DEFAULT_NUM_WORKERS = 4;

/** The workflow that gets the step. */
interface NamedSteps {
  readonly name: string;
  readonly steps: readonly StepDefinition[];
}

/** Throws `WorkflowConfigurationError` for a step that cannot be. */
export function defineStep(
  workflow: NamedSteps,
  name: string,
  config: StepConfig,
  run: StepDefinition["run"],
): StepDefinition {
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

/** Throws `WorkflowConfigurationError` for a handler of failures that cannot be. */
export function defineHandler(
  workflow: NamedSteps,
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

function describe(workflow: NamedSteps, name: string, run: unknown): string {
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
    if (typeof workflow !== "object" || workflow === null || !Array.isArray((workflow as Partial<NamedSteps>).steps)) {
      throw new WorkflowConfigurationError(
        `${where}: runs lists something that is no workflow. Make one with defineWorkflow(…), before this one.`,
      );
    }
  }
  return list;
}

function isWholePositive(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
