/**
 * Runs as OpenTelemetry traces: a span for each run and for each invocation of a step, linked to what caused it.
 * Takes the tracer it is given and imports nothing, so `@opentelemetry/api` stays the user's own.
 */
import type { Attributes, Context, Span, SpanContext, Tracer } from "@opentelemetry/api";
import { slotAt } from "../core/slots.ts";
import type { Command } from "../core/command.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { InvocationId } from "../core/tick.ts";
import type { Happening, RunHook } from "../ports/run-hook.ts";

/** The parts of `@opentelemetry/api` that are needed: pass the module itself. */
export interface OpenTelemetryApi {
  readonly trace: { setSpan(context: Context, span: Span): Context };
  readonly context: { active(): Context };
  readonly SpanStatusCode: { readonly ERROR: number; readonly OK: number };
}

interface TracedRun {
  readonly span: Span;
  readonly context: Context;
  /** Spans of running invocations, by work item. */
  readonly steps: Map<number, Span>;
  /** Where the tick that caused something was traced, by sequence; the newest `REMEMBERED`. */
  readonly causes: Map<number, SpanContext>;
}

/** How far back a cause is still linked. */
const REMEMBERED = 1000;

/**
 * A hook that traces. A suspended step ends its span as a success (it waits, nothing failed), a cancelled or timed
 * out run ends its open spans without an error status; failed attempts and failed runs record their error.
 *
 *     import * as otel from "@opentelemetry/api";
 *     run(workflow, input, { runtime: { clock: systemClock, journal: null, hooks: [openTelemetryHook(otel.trace.getTracer("app"), otel)] } });
 */
export function openTelemetryHook(tracer: Tracer, api: OpenTelemetryApi): RunHook {
  const runs = new Map<string, TracedRun>();
  return {
    onTick(happening) {
      const run = runs.get(happening.runId) ?? begin(happening);
      settleStep(run, happening);
      for (const command of happening.commands) startStep(run, happening, command);
      if (happening.after.outcome) end(run, happening);
    },
  };

  function begin({ runId, workflow, tick, after }: Happening): TracedRun {
    const attributes: Attributes = {
      "workflow.name": workflow,
      "workflow.version": after.program.version,
      "workflow.run_id": runId,
      ...(tick.kind === "ResumeRun" && { "workflow.resumed": true }),
    };
    const span = tracer.startSpan(`workflow ${workflow}`, { attributes, startTime: tick.at });
    const run: TracedRun = {
      span,
      context: api.trace.setSpan(api.context.active(), span),
      steps: new Map(),
      causes: new Map(),
    };
    runs.set(runId, run);
    return run;
  }

  function startStep(run: TracedRun, { tick, after }: Happening, command: Command): void {
    if (command.kind !== "RunWorker") return;
    const { workItem, workerId } = command;
    const cause = run.causes.get(workItem.causedBy);
    const span = tracer.startSpan(
      `step ${after.program.steps[command.step]?.name ?? ""}`,
      {
        startTime: tick.at,
        attributes: {
          "workflow.step": after.program.steps[command.step]?.name ?? "",
          "workflow.event": workItem.event.type,
          "workflow.work_item": workItem.id,
          "workflow.worker": workerId,
          "workflow.attempt": (workItem.retry?.failures ?? 0) + 1,
        },
        ...(cause && { links: [{ context: cause }] }),
      },
      run.context,
    );
    run.steps.set(workItem.id, span);
  }

  function settleStep(run: TracedRun, { tick, before }: Happening): void {
    if (tick.kind !== "StepResult" || !isRunning(before, tick)) return;
    const span = run.steps.get(tick.workItem);
    if (!span) return;
    run.steps.delete(tick.workItem);
    span.setAttribute("workflow.outcome", tick.outcome.kind);
    if (tick.outcome.kind === "failed") fail(span, tick.outcome.error, tick.at);
    remember(run, tick.sequence, span.spanContext());
    span.end(tick.at);
  }

  function end(run: TracedRun, { runId, tick, after }: Happening): void {
    runs.delete(runId);
    for (const span of run.steps.values()) {
      span.setAttribute("workflow.outcome", "abandoned");
      span.end(tick.at);
    }
    const { outcome } = after;
    run.span.setAttribute("workflow.status", after.status);
    if (outcome?.kind === "failed") fail(run.span, outcome.error, tick.at);
    else if (outcome?.kind === "completed") run.span.setStatus({ code: api.SpanStatusCode.OK });
    run.span.end(tick.at);
  }

  function fail(span: Span, error: SerializedError, at: number): void {
    const { name, message, stack } = error;
    span.recordException({ name, message, ...(stack !== undefined && { stack }) }, at);
    span.setStatus({ code: api.SpanStatusCode.ERROR, message });
  }
}

/** A result that came too late ends nothing. */
function isRunning(before: Happening["before"], id: InvocationId): boolean {
  const index = before.program.indexes[id.step];
  const step = index === undefined ? undefined : before.steps[index];
  return step !== undefined && slotAt(step.slots, id.workerId)?.workItem.invocation === id.invocation;
}

function remember({ causes }: TracedRun, sequence: number, context: SpanContext): void {
  causes.set(sequence, context);
  for (const oldest of causes.keys()) {
    if (causes.size <= REMEMBERED) return;
    causes.delete(oldest);
  }
}
