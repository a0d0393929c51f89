/** The workflows a host serves. */
import { WorkflowConfigurationError, WorkflowRuntimeError } from "../core/errors.ts";
import type { WorkflowDescription } from "../inspection/inspection-event.ts";
import { compile, type CompiledWorkflow } from "../workflow/compile.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { describeWorkflow } from "./describe-workflow.ts";

export class ServedWorkflows {
  /** By the name they are served under, and by their own, which runs are stored with. */
  readonly #compiled = new Map<string, CompiledWorkflow>();

  /** Throws `WorkflowConfigurationError` for two workflows of one name, and as compiling a workflow does. */
  constructor(workflows: { readonly [name: string]: Workflow }) {
    const byName = new Map<string, CompiledWorkflow>();
    for (const [name, workflow] of Object.entries(workflows)) {
      const compiled = compile(workflow);
      this.#compiled.set(name, compiled);
      addWithChildren(compiled, byName);
    }
    for (const [name, compiled] of byName) this.#compiled.set(name, compiled);
  }

  /** Under which workflows are served, and stored: some may be two names of one. */
  get names(): readonly string[] {
    return [...this.#compiled.keys()];
  }

  has(name: string): boolean {
    return this.#compiled.has(name);
  }

  find(name: string): CompiledWorkflow | undefined {
    return this.#compiled.get(name);
  }

  /** Throws `WorkflowRuntimeError`, code WORKFLOW_UNKNOWN, for one that is not served. */
  get(name: string): CompiledWorkflow {
    const compiled = this.#compiled.get(name);
    if (compiled) return compiled;
    throw new WorkflowRuntimeError(
      `Workflow ${JSON.stringify(name)} is not served here. Served: ${[...this.#compiled.keys()].join(", ") || "none"}.`,
      {
        code: "WORKFLOW_UNKNOWN",
        data: { workflow: name },
      },
    );
  }

  describe(): WorkflowDescription[] {
    return Array.from(new Set(this.#compiled.values()), describeWorkflow);
  }
}

/** Its own name, and those of all that is run as part of it: what their runs are stored with. */
function addWithChildren(compiled: CompiledWorkflow, byName: Map<string, CompiledWorkflow>): void {
  const { name } = compiled.definition;
  const known = byName.get(name);
  if (known === compiled) return;
  if (known) {
    throw new WorkflowConfigurationError(
      `Two workflows are named ${name}. Runs are stored by that name: give each its own.`,
    );
  }
  byName.set(name, compiled);
  for (const child of compiled.children.values()) addWithChildren(child, byName);
}
