/** What would have come of a run's ticks if one had been another: read from the journal, folded beside the run. */
import { isEqualJson } from "../core/json.ts";
import type { BrokerState } from "../core/broker-state.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { Tick } from "../core/tick.ts";
import type { TickChange, WhatIf } from "../inspection/engine-control.ts";
import { isCut } from "../inspection/cut-json.ts";
import type { RunView } from "../inspection/inspection-event.ts";
import { redactTick } from "../inspection/redact-tick.ts";
import type { Redaction } from "../inspection/redaction.ts";
import { Sandbox } from "../inspection/sandbox.ts";
import { stateDifference } from "../inspection/state-difference.ts";
import type { Journal } from "../ports/journal.ts";
import { macrotask } from "../ports/macrotask.ts";
import { encodeValue } from "../serialize/serializer.ts";
import { decodeTick } from "../serialize/tick-codec.ts";
import { tickSchema } from "../serialize/tick-schema.ts";
import { gapAfter } from "./load-run.ts";
import type { PastTick } from "./run-history.ts";

export interface SandboxInput {
  readonly past: PastTick;
  readonly lastSequence: number;
  readonly change: TickChange;
  readonly show: Redaction;
  readonly view: (state: BrokerState) => RunView;
  readonly signal: AbortSignal | undefined;
}

/** Ticks folded in one go: a few milliseconds, also on a busy machine. */
const TICKS_AT_ONCE = 64;
/** Later ticks folded at most: beyond that the run and the sandbox are compared where they stand. */
const MOST_TICKS = 250_000;

export async function whatIf(journal: Journal, question: SandboxInput): Promise<WhatIf> {
  const { past, lastSequence, change, show, view, signal } = question;
  const { tick: recorded, before } = past;
  const sandbox = new Sandbox(before, recorded, changedTick(recorded, change, show));
  const { sequence: atSequence } = recorded;
  const to = Math.min(lastSequence, atSequence + MOST_TICKS);
  for await (const batch of journal.read(before.runId, { from: atSequence + 1, to })) {
    for (const tick of batch.ticks) {
      const { sequence } = sandbox.real;
      if (tick.sequence <= sequence) continue;
      if (tick.sequence > to) break;
      if (tick.sequence !== sequence + 1) throw gapAfter(before.runId, sequence);
      sandbox.fold(tick);
      if (tick.sequence % TICKS_AT_ONCE !== 0) continue;
      await new Promise<void>((resolve) => macrotask(resolve));
      signal?.throwIfAborted();
    }
  }
  const { real, state, withoutEffect, withoutEffectCount } = sandbox;
  const { listed, count } = sandbox.openWork();
  const sameItem = (workItem: number): number | null => sandbox.realItemOf(workItem);
  return {
    runId: before.runId,
    atSequence,
    ...(sandbox.change && { changeIgnored: sandbox.change }),
    withoutEffect,
    withoutEffectCount,
    openWork: listed,
    openWorkCount: count,
    isWhole: real.sequence >= lastSequence,
    view: view(state),
    difference: stateDifference(real, state, encodeValue, show, { sameItem }),
  };
}

/** What is folded in place of the recorded tick; null: nothing. */
function changedTick(recorded: Tick, change: TickChange, show: Redaction): Tick | null {
  if (change.kind === "skip") {
    if (recorded.kind !== "StartRun") return null;
    throw invalid(recorded, "it begins the run, and cannot be left out. Change it instead");
  }
  if (!show.isOpen && !isEqualJson(redactTick(recorded, show), recorded)) {
    throw new WorkflowRuntimeError(
      `Tick ${recorded.sequence} cannot be changed: data of it is hidden here. It can be skipped.`,
      { code: "WHAT_IF_HIDDEN", data: { sequence: recorded.sequence } },
    );
  }
  if (isCut(change.tick)) throw invalid(recorded, "it is so large that it was sent in parts. It can be skipped");
  const given = readTick(recorded, change.tick);
  const { sequence, at, causedBy } = recorded;
  const tick: Tick = { ...given, sequence, at, causedBy };
  for (const name of IDENTITY) {
    const [was, is] = [recorded, tick].map((one) => (one as unknown as Record<string, unknown>)[name]);
    if (was !== is) throw invalid(recorded, `${name} must stay ${JSON.stringify(was) ?? "left out"}`);
  }
  return tick;
}

/** What makes it this tick and no other. */
const IDENTITY = ["kind", "runId", "workflow", "step", "workerId", "workItem", "invocation", "childRunId"] as const;

function readTick(recorded: Tick, given: unknown): Tick {
  let tick: Tick;
  try {
    const { sequence, at, causedBy } = recorded;
    const isTagged = (given as { readonly tagged?: unknown }).tagged === true;
    // Its place in the history is not up to whoever changes it.
    tick = decodeTick(isTagged ? (given as never) : { ...(given as object), sequence, at, causedBy });
  } catch (cause) {
    throw invalid(recorded, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const parsed = tickSchema.safeParse(tick);
  if (parsed.success) return tick;
  const [issue] = parsed.error.issues;
  throw invalid(recorded, `${issue?.path.join(".") || "the tick"}: ${issue?.message ?? "is not as it must be"}`);
}

function invalid({ sequence, kind }: Tick, why: string, cause?: unknown): WorkflowRuntimeError {
  return new WorkflowRuntimeError(`Tick ${sequence} (${kind}) cannot be changed so: ${why}.`, {
    code: "WHAT_IF_INVALID",
    data: { sequence },
    ...(cause !== undefined && { cause }),
  });
}
