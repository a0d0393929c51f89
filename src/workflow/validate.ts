/** Checks a workflow's graph before it runs. All mistakes are reported together, each with its remedy. */
import { WorkflowConfigurationError, WorkflowValidationError } from "../core/errors.ts";
import { comesFromOutside, type AnyEventKind } from "./event.ts";
import { joinsAcrossLevels } from "./join-levels.ts";
import type { StepDefinition } from "./step.ts";
import { catches, fedJoins } from "./stream-levels.ts";
import { accepts, takes, waitsFor } from "./subkinds.ts";
import { kindsOf, type Workflow } from "./workflow.ts";

const valid = new WeakSet<object>();

/**
 * Throws `WorkflowConfigurationError` when there is not exactly one start and one stop kind, and
 * `WorkflowValidationError` (`data.problems`: all of them) when the graph cannot work. Remembers what passed.
 */
export function validate(workflow: Workflow): void {
  if (valid.has(workflow)) return;
  checkEnds(workflow);
  const problems = [
    ...conflictingKinds(workflow),
    ...wrongHandlers(workflow),
    ...listsFromNowhere(workflow),
    ...joinsAcrossLevels(workflow),
    ...neverProduced(workflow),
    ...neverConsumed(workflow),
    ...unreachable(workflow),
    ...deadEnds(workflow),
    ...confusedChildren(workflow),
  ];
  if (problems.length > 0) {
    throw new WorkflowValidationError(
      `Workflow ${workflow.name} cannot work:\n${problems.map((text) => `- ${text}`).join("\n")}`,
      {
        data: { workflow: workflow.name, problems },
      },
    );
  }
  valid.add(workflow);
}

function checkEnds(workflow: Workflow): void {
  if (workflow.steps.length === 0) {
    throw new WorkflowConfigurationError(
      `Workflow ${workflow.name} has no steps. Add one with .step(name, { accepts, emits }, run).`,
    );
  }
  const starts = typesOf(
    workflow.steps.flatMap((step) => step.accepts),
    "start",
  );
  const stops = typesOf(
    workflow.steps.flatMap((step) => step.emits),
    "stop",
  );
  const problems: string[] = [];
  if (starts.length === 0)
    problems.push("No step accepts a start event. Let its first step accept a kind made with startEvent(…).");
  if (stops.length === 0)
    problems.push("No step emits a stop event. Let its last step emit a kind made with stopEvent(…).");
  if (starts.length > 1)
    problems.push(`It has several start kinds (${starts.join(", ")}). Keep one; its data can say what is wanted.`);
  if (stops.length > 1)
    problems.push(`It has several stop kinds (${stops.join(", ")}). Keep one; its data can say how it ended.`);
  if (problems.length > 0) {
    throw new WorkflowConfigurationError(`Workflow ${workflow.name}: ${problems.join(" ")}`, {
      data: { workflow: workflow.name, problems },
    });
  }
}

function typesOf(kinds: readonly AnyEventKind[], role: AnyEventKind["role"]): string[] {
  return [...new Set(kinds.filter((kind) => kind.role === role).map((kind) => kind.type))];
}

/** Two different kinds of one name would be routed alike but checked differently. */
function conflictingKinds(workflow: Workflow): string[] {
  const kinds = new Map<string, AnyEventKind>();
  const conflicts = new Set<string>();
  for (const kind of kindsOf(workflow)) {
    const known = kinds.get(kind.type) ?? kind;
    if (known !== kind) conflicts.add(kind.type);
    kinds.set(kind.type, known);
  }
  return [...conflicts].map(
    (type) => `Two different event kinds are named ${type}. Define it once and import it, or rename one.`,
  );
}

function neverProduced(workflow: Workflow): string[] {
  const { steps } = workflow;
  const produced = [...steps.flatMap((step) => step.emits), ...kindsOf(workflow).filter(comesFromOutside)];
  return steps.flatMap((step) =>
    step.accepts
      .filter((kind) => !produced.some((made) => takes(step, kind, made)))
      .map(
        (kind) =>
          `Step ${step.name} accepts ${kind.type}, which no step emits. Emit it somewhere, or make it a humanResponseEvent if it comes from outside.`,
      ),
  );
}

function neverConsumed(workflow: Workflow): string[] {
  if (workflow.skipGraphChecks.includes("terminalEvent")) return [];
  const isAccepted = (kind: AnyEventKind): boolean =>
    workflow.steps.some((step) => accepts(step, kind) || waitsFor(step, kind));
  const lost = new Map<string, string[]>();
  for (const step of workflow.steps) {
    if (step.skipGraphChecks.includes("terminalEvent")) continue;
    for (const kind of step.emits) {
      if (kind.role === "stop" || kind.role === "inputRequired" || isAccepted(kind)) continue;
      lost.set(kind.type, [...(lost.get(kind.type) ?? []), step.name]);
    }
  }
  return [...lost].map(
    ([type, steps]) =>
      `${type}, emitted by ${steps.join(", ")}, is accepted by no step. Accept it, publish it with ctx.writeEventToStream instead, or name it in the waitsFor of the step that waits for it.`,
  );
}

function unreachable(workflow: Workflow): string[] {
  if (workflow.skipGraphChecks.includes("reachability")) return [];
  const fromOutside = kindsOf(workflow).filter(comesFromOutside);
  const reached = closure(
    workflow.steps,
    (step) => fromOutside.some((kind) => accepts(step, kind)),
    (step, known) => known.some((earlier) => leadsTo(earlier, step) || catches(step, earlier, workflow.steps)),
  );
  return workflow.steps
    .filter((step) => !reached.has(step) && !step.skipGraphChecks.includes("reachability"))
    .map(
      (step) =>
        `Step ${step.name} can never be reached from the start event. Let a reachable step emit ${step.accepts.map((kind) => kind.type).join(" or ")}.`,
    );
}

function deadEnds(workflow: Workflow): string[] {
  if (workflow.skipGraphChecks.includes("deadEnd")) return [];
  const leading = closure(
    workflow.steps,
    (step) => step.emits.some((kind) => kind.role === "stop" || kind.role === "inputRequired"),
    (step, known) => known.some((later) => leadsTo(step, later) || answers(step, later)),
  );
  return workflow.steps
    .filter((step) => step.emits.length > 0 && !leading.has(step) && !step.skipGraphChecks.includes("deadEnd"))
    .map(
      (step) =>
        `Step ${step.name} leads to no stop event: what it emits (${step.emits.map((kind) => kind.type).join(", ")}) never comes to one. Give the cycle a way out.`,
    );
}

/** Grows a set of steps from its seeds until nothing more joins. */
function closure(
  steps: readonly StepDefinition[],
  isSeed: (step: StepDefinition) => boolean,
  joins: (step: StepDefinition, known: readonly StepDefinition[]) => boolean,
): Set<StepDefinition> {
  const known = new Set(steps.filter(isSeed));
  for (let before = -1; before !== known.size;) {
    before = known.size;
    for (const step of steps) if (!known.has(step) && joins(step, [...known])) known.add(step);
  }
  return known;
}

function leadsTo(earlier: StepDefinition, later: StepDefinition): boolean {
  return earlier.emits.some((kind) => accepts(later, kind));
}

/** True when an event of one step may answer a wait of the other, and so let it go on. */
function answers(step: StepDefinition, waiting: StepDefinition): boolean {
  return step.emits.some((kind) => waitsFor(waiting, kind));
}

function wrongHandlers({ steps }: Workflow): string[] {
  const problems: string[] = [];
  const handlers = steps.filter((step) => step.catches);
  const forAll = handlers.filter((step) => step.catches?.forSteps === null);
  if (forAll.length > 1) {
    problems.push(
      `${forAll.map(({ name }) => name).join(" and ")} each catch the errors of all steps. Keep one, or name steps in forSteps.`,
    );
  }
  const claimed = new Map<string, string>();
  for (const { name, catches: plan } of handlers) {
    for (const target of plan?.forSteps ?? []) {
      const step = steps.find((candidate) => candidate.name === target);
      const other = claimed.get(target);
      if (!step)
        problems.push(
          `${name} catches errors of ${target}, which is no step. Steps: ${steps.map((known) => known.name).join(", ")}.`,
        );
      else if (step.catches)
        problems.push(
          `${name} catches errors of ${target}, which is an error handler itself. A handler's failure ends the run.`,
        );
      if (other !== undefined) problems.push(`${other} and ${name} both catch errors of ${target}. Let one of them.`);
      claimed.set(target, name);
    }
  }
  return problems;
}

/** Runs are stored by their workflow's name. */
function confusedChildren(workflow: Workflow): string[] {
  const known = new Map<string, unknown>([[workflow.name, workflow]]);
  const problems: string[] = [];
  for (const child of workflow.steps.flatMap(({ runs }) => runs)) {
    const other = known.get(child.name) ?? child;
    if (other !== child) {
      problems.push(`Two different workflows are named ${child.name}, and both are part of this one. Rename one.`);
    }
    known.set(child.name, other);
  }
  return problems;
}

function listsFromNowhere({ steps }: Workflow): string[] {
  const fed = new Set(steps.filter((step) => step.lists.size > 0).flatMap((step) => fedJoins(steps, step)));
  return steps
    .filter((step) => step.join === "list" && !fed.has(step))
    .map(
      (step) =>
        `Step ${step.name} accepts a list of ${step.accepts.map(({ type }) => type).join(", ")}, to which no returned list leads. Let a step before it emit listOf(…).`,
    );
}
