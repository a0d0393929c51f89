/** Runs of LlamaIndex workflows (Python) carried on here: its saved contexts, whatever their version, as ours. */
import { WorkflowConfigurationError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { own } from "../core/json.ts";
import { compile } from "../workflow/compile.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { importLegacy } from "./llama-index-legacy.ts";
import { ImportedRun, type ImportScope } from "./llama-index-run.ts";
import { readLlamaIndexPayload } from "./llama-index-shapes.ts";
import { fitState, readDict, readState } from "./llama-index-state.ts";
import { createEventReader, type EventNames } from "./llama-index-values.ts";
import { importWorkers } from "./llama-index-workers.ts";
import type { SerializedContext } from "./serialized-context.ts";

export interface LlamaIndexOptions {
  /** Our version of the workflow whose run this is. */
  readonly workflow: Workflow;
  /**
   * Our event kind, or its type, by the Python class: its qualified name, or its name alone. Without an entry the
   * kind of the same name is taken; `StartEvent` and `StopEvent` become the workflow's start and stop kinds.
   */
  readonly events?: EventNames;
  /** Our step by the name of the Python step, where they differ. */
  readonly steps?: Readonly<Record<string, string>>;
  /**
   * Our `bufferId` for what a Python step gathers with `collect_events` without naming a buffer. Default: the one
   * that `ctx.collectEvents` takes for all kinds the step accepts.
   */
  readonly buffers?: Readonly<Record<string, string>>;
  /** Default: a new one. */
  readonly runId?: string;
  /** Milliseconds since the epoch; default: now. */
  readonly now?: number;
}

export interface NotCarriedOver {
  /** Where it stood in the payload, e.g. `workers.plan.queue.0`. */
  readonly path: string;
  readonly reason: string;
}

export interface LlamaIndexImport {
  /** For `resume(workflow, context)`, or `run(workflow, input, { context })` for a new run with its state. */
  readonly context: SerializedContext;
  readonly notCarriedOver: readonly NotCarriedOver[];
}

/**
 * Reads what `Context.to_dict()` of LlamaIndex workflows gave, parsed from JSON. Events, retries, waits, gathered
 * events and state are carried over; what cannot be is listed.
 *
 * Throws `ContextSerdeError` for something else, a damaged payload or a later version, and
 * `WorkflowConfigurationError` for options that name what the workflow does not have.
 */
export function fromLlamaIndex(payload: unknown, options: LlamaIndexOptions): LlamaIndexImport {
  const notCarriedOver: NotCarriedOver[] = [];
  const note = (path: string, reason: string): void => void notCarriedOver.push({ path, reason });
  const compiled = compile(options.workflow);
  const now = options.now ?? Date.now();
  if (!Number.isFinite(now)) throw new WorkflowConfigurationError("now: milliseconds since the epoch were expected.");
  const run = new ImportedRun(compiled, now, note);
  const scope: ImportScope = {
    run,
    events: createEventReader(compiled, options.events ?? {}, note),
    ...names(run, options),
  };
  const read = readLlamaIndexPayload(payload, note);
  let stop: WorkflowEvent | null = null;
  let fields = readState(read.saved.state, note);
  if (read.form === "current") {
    importWorkers(read.saved, scope);
  } else {
    fields = { ...readDict(read.saved.globals ?? {}, "globals", note), ...fields };
    stop = importLegacy(read.saved, scope);
  }
  const isRunning = read.saved.is_running === true;
  if (stop && run.hasWork) note("queues", "what was left to do when the run had ended");
  if (!stop && !isRunning) {
    const advice = run.hasWork ? "resume() tries again what was left" : "there is nothing to resume";
    note(
      "is_running",
      `the run was not at work, and how it ended is not saved: it counts as cancelled. ${advice}; run(…, { context }) starts anew with its state`,
    );
  }
  const store = fitState(options.workflow, fields, note);
  const context = run.finish(options.runId ?? crypto.randomUUID(), store, stop, isRunning);
  return { context, notCarriedOver };
}

function names(run: ImportedRun, options: LlamaIndexOptions): Pick<ImportScope, "stepOf" | "bufferOf"> {
  const { program } = run.compiled;
  const indexOf = (name: string): number | undefined => own(program.indexes, name);
  for (const [name, step] of Object.entries(options.steps ?? {})) {
    if (indexOf(step) !== undefined) continue;
    throw new WorkflowConfigurationError(
      `steps: ${name} leads to step ${step}, which workflow ${program.workflow} does not have.`,
    );
  }
  return {
    stepOf: (name) => indexOf(own(options.steps, name) ?? name),
    bufferOf: (name, step, path) => {
      const named = own(options.buffers, name);
      if (named !== undefined) return named;
      const types = program.steps[step]?.accepts.toSorted() ?? [];
      const bufferId = [...new Set(types)].join("+");
      if (types.length > 1) {
        run.note(
          path,
          `the name of its buffer here: "${bufferId}" is taken, which is right if the step collects all kinds it accepts; else name it in "buffers"`,
        );
      }
      return bufferId;
    },
  };
}
