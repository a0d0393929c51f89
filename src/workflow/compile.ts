/** From a definition to what the engine runs: the reducer's plain program, and the kinds and functions by name. */
import { WorkflowConfigurationError } from "../core/errors.ts";
import type { EventRole } from "../core/event-ref.ts";
import type { Program, StepPlan } from "../core/program.ts";
import type { AnyEventKind } from "./event.ts";
import type { StepDefinition } from "./step.ts";
import { fedJoins } from "./stream-levels.ts";
import { subtypesTaken } from "./subkinds.ts";
import { validate } from "./validate.ts";
import { kindsOf, type Workflow } from "./workflow.ts";

export interface CompiledWorkflow {
  readonly definition: Workflow;
  readonly program: Program;
  readonly kinds: ReadonlyMap<string, AnyEventKind>;
  readonly start: AnyEventKind;
  readonly stop: AnyEventKind;
  readonly steps: readonly StepDefinition[];
  /** The workflows its steps may run, by name. */
  readonly children: ReadonlyMap<string, CompiledWorkflow>;
  /** Names of the isolated steps. */
  readonly isolated: readonly string[];
}

const compiled = new WeakMap<object, CompiledWorkflow>();

/** Validates and compiles; the same workflow value is compiled once. */
export function compile(workflow: Workflow): CompiledWorkflow {
  const known = compiled.get(workflow);
  if (known) return known;
  if (typeof workflow !== "object" || workflow === null || !Array.isArray(workflow.steps)) {
    throw new WorkflowConfigurationError("That is no workflow. Make one with defineWorkflow(…).step(…).");
  }
  validate(workflow);
  const kinds = new Map<string, AnyEventKind>();
  for (const kind of kindsOf(workflow)) kinds.set(kind.type, kind);
  const result: CompiledWorkflow = {
    definition: workflow,
    program: toProgram(workflow, kinds),
    kinds,
    start: onlyKind(kinds, "start"),
    stop: onlyKind(kinds, "stop"),
    steps: workflow.steps,
    children: compileChildren(workflow),
    isolated: workflow.steps.filter((step) => step.isolated).map((step) => step.name),
  };
  compiled.set(workflow, result);
  return result;
}

function compileChildren(workflow: Workflow): ReadonlyMap<string, CompiledWorkflow> {
  const children = new Map<string, CompiledWorkflow>();
  for (const step of workflow.steps) {
    for (const child of step.runs) children.set(child.name, compile(child as Workflow));
  }
  return children;
}

function toProgram(workflow: Workflow, kinds: ReadonlyMap<string, AnyEventKind>): Program {
  const routes: Record<string, number[]> = Object.create(null);
  const roles: Record<string, EventRole> = Object.create(null);
  const indexes: Record<string, number> = Object.create(null);
  for (const [index, step] of workflow.steps.entries()) {
    indexes[step.name] = index;
    for (const type of new Set(step.accepts.flatMap((kind) => typesFor(step, kind, kinds)))) {
      (routes[type] ??= []).push(index);
    }
  }
  for (const kind of kinds.values()) roles[kind.type] = kind.role;
  return {
    workflow: workflow.name,
    version: workflow.version,
    steps: workflow.steps.map((step, index) => toPlan(step, index, workflow.steps, kinds)),
    indexes,
    routes,
    roles,
    timeout: workflow.timeout,
  };
}

function toPlan(
  step: StepDefinition,
  index: number,
  steps: readonly StepDefinition[],
  kinds: ReadonlyMap<string, AnyEventKind>,
): StepPlan {
  const feeds = step.lists.size === 0 ? [] : fedJoins(steps, step).map((join) => steps.indexOf(join));
  return {
    name: step.name,
    index,
    accepts: step.accepts.map((kind) => kind.type),
    emits: step.emits.map((kind) => kind.type),
    numWorkers: step.numWorkers,
    ...(step.join === "all" && {
      join: { mode: "all", slots: step.accepts.map((kind) => typesFor(step, kind, kinds)) },
    }),
    ...(step.join === "list" && { join: { mode: "list", take: step.take } }),
    ...(step.lists.size > 0 && { lists: [...step.lists] }),
    ...(feeds.length > 0 && { feeds }),
    ...(step.catches && { catches: step.catches }),
  };
}

/** The types a step takes for a kind it accepts: its own, and those of kinds that extend it where it asked for them. */
function typesFor(step: StepDefinition, accepted: AnyEventKind, kinds: ReadonlyMap<string, AnyEventKind>): string[] {
  return [accepted.type, ...subtypesTaken(step, accepted, kinds.values())];
}

function onlyKind(kinds: ReadonlyMap<string, AnyEventKind>, role: EventRole): AnyEventKind {
  for (const kind of kinds.values()) if (kind.role === role) return kind;
  throw new WorkflowConfigurationError(`No ${role} event.`);
}
