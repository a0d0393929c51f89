/** From a definition to what the engine runs: the reducer's plain program, and the kinds and functions by name. */
import { WorkflowConfigurationError } from "../core/errors.ts";
import type { EventRole } from "../core/event-ref.ts";
import type { Program } from "../core/program.ts";
import type { AnyEventKind } from "./event.ts";
import type { StepDefinition } from "./step.ts";
import { validate } from "./validate.ts";
import type { Workflow } from "./workflow.ts";

export interface CompiledWorkflow {
  readonly definition: Workflow;
  readonly program: Program;
  readonly kinds: ReadonlyMap<string, AnyEventKind>;
  readonly start: AnyEventKind;
  readonly stop: AnyEventKind;
  readonly steps: readonly StepDefinition[];
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
  for (const { accepts, emits, waitsFor } of workflow.steps) {
    for (const kind of [...accepts, ...emits, ...waitsFor]) kinds.set(kind.type, kind);
  }
  const result: CompiledWorkflow = {
    definition: workflow,
    program: toProgram(workflow, kinds),
    kinds,
    start: onlyKind(kinds, "start"),
    stop: onlyKind(kinds, "stop"),
    steps: workflow.steps,
  };
  compiled.set(workflow, result);
  return result;
}

function toProgram(workflow: Workflow, kinds: ReadonlyMap<string, AnyEventKind>): Program {
  const routes: Record<string, number[]> = Object.create(null);
  const roles: Record<string, EventRole> = Object.create(null);
  const indexes: Record<string, number> = Object.create(null);
  for (const [index, step] of workflow.steps.entries()) {
    indexes[step.name] = index;
    for (const type of new Set(step.accepts.map((kind) => kind.type))) (routes[type] ??= []).push(index);
  }
  for (const kind of kinds.values()) roles[kind.type] = kind.role;
  return {
    workflow: workflow.name,
    version: workflow.version,
    steps: workflow.steps.map((step, index) => ({
      name: step.name,
      index,
      accepts: step.accepts.map((kind) => kind.type),
      emits: step.emits.map((kind) => kind.type),
      numWorkers: step.numWorkers,
    })),
    indexes,
    routes,
    roles,
    timeout: workflow.timeout,
  };
}

function onlyKind(kinds: ReadonlyMap<string, AnyEventKind>, role: EventRole): AnyEventKind {
  for (const kind of kinds.values()) if (kind.role === role) return kind;
  throw new WorkflowConfigurationError(`No ${role} event.`);
}
