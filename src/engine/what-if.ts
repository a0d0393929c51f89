/** What would have come of a run's ticks if one had been another: read from the journal, folded beside the run. */
import { isEqualJson } from "../core/json.ts";
import type { BrokerState } from "../core/broker-state.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { Tick } from "../core/tick.ts";
import type { TickChange, WhatIf, WhatIfQuestion } from "../inspection/inspection-source.ts";
import { isCut } from "../inspection/cut-json.ts";
import type { RunView } from "../inspection/inspection-event.ts";
import { redactTick } from "../inspection/redact-tick.ts";
import type { Redaction } from "../inspection/redaction.ts";
import { SandboxPath, type SandboxPoint } from "../inspection/sandbox-path.ts";
import { Sandbox } from "../inspection/sandbox.ts";
import { stateDifference } from "../inspection/state-difference.ts";
import type { Journal } from "../ports/journal.ts";
import { macrotask } from "../ports/macrotask.ts";
import { encodeValue } from "../serialize/serializer.ts";
import { decodeTick } from "../serialize/tick-codec.ts";
import { tickSchema } from "../serialize/tick-schema.ts";
import { gapAfter } from "./load-run.ts";
import type { Recent } from "./recent.ts";
import type { PastTick } from "./run-history.ts";

/** How what came of it is shown. */
export interface SandboxView {
  readonly show: Redaction;
  readonly view: (state: BrokerState) => RunView;
  readonly signal: AbortSignal | undefined;
}

export interface AskedRun extends SandboxView {
  readonly runId: string;
  /** The newest tick. */
  readonly lastSequence: number;
  /** Rejects for a tick that is not there. */
  readonly tickAt: (sequence: number) => Promise<PastTick>;
}

export interface SandboxInput extends Omit<SandboxView, "view"> {
  readonly past: PastTick;
  readonly lastSequence: number;
  readonly change: TickChange;
}

/** Ticks folded in one go: a few milliseconds, also on a busy machine. */
const TICKS_AT_ONCE = 64;
/** Later ticks folded at most: beyond that the run and the sandbox are compared where they stand. */
const MOST_TICKS = 250_000;

/** What came of a change. The sandbox is kept in `kept`, and looked at again when another of its ticks is asked for. */
export async function whatIf(
  journal: Journal,
  kept: Recent<FoldedSandbox>,
  question: WhatIfQuestion,
  { runId, lastSequence, tickAt, ...how }: AskedRun,
): Promise<WhatIf> {
  const { atSequence, change, viewAt = null } = question;
  const known = viewAt === null ? undefined : kept.get(runId);
  if (known?.isOf(question)) return known.answer(journal, viewAt, how);
  const past = await tickAt(atSequence);
  const sandbox = await FoldedSandbox.fold(journal, { past, lastSequence, change, ...how });
  kept.set(runId, sandbox);
  return sandbox.answer(journal, viewAt, how);
}

/** A sandbox that was folded to its end, and may be looked at after any of its ticks. */
export class FoldedSandbox {
  readonly #sandbox: Sandbox;
  readonly #path: SandboxPath;
  readonly #change: TickChange;
  readonly atSequence: number;
  /** The newest tick there was. */
  readonly #lastSequence: number;

  private constructor(sandbox: Sandbox, path: SandboxPath, { past, change, lastSequence }: SandboxInput) {
    this.#sandbox = sandbox;
    this.#path = path;
    this.#change = change;
    this.atSequence = past.tick.sequence;
    this.#lastSequence = lastSequence;
  }

  /** Folds the ticks after the changed one, and gives way now and then. */
  static async fold(journal: Journal, input: SandboxInput): Promise<FoldedSandbox> {
    const { past, lastSequence, change, show, signal } = input;
    const sandbox = new Sandbox(past.before, past.tick, changedTick(past.tick, change, show));
    const path = new SandboxPath(sandbox);
    const to = Math.min(lastSequence, past.tick.sequence + MOST_TICKS);
    await walk(journal, sandbox.real, to, signal, (tick) => {
      const folded = sandbox.fold(tick);
      path.add(tick, folded, { real: sandbox.real, state: sandbox.state });
    });
    return new FoldedSandbox(sandbox, path, input);
  }

  isOf({ atSequence, change }: WhatIfQuestion): boolean {
    return atSequence === this.atSequence && isEqualJson(change, this.#change);
  }

  /** What came of it, shown after a tick; null: after the last one. */
  async answer(journal: Journal, viewAt: number | null, input: SandboxView): Promise<WhatIf> {
    const { real, withoutEffect, withoutEffectCount, change } = this.#sandbox;
    const { listed, count } = this.#sandbox.openWork();
    const shown = await this.#pointAt(journal, viewAt ?? real.sequence, input.signal);
    const difference = stateDifference(shown.real, shown.state, encodeValue, input.show, {
      sameItem: this.#sandbox.realItems(shown),
    });
    return {
      runId: real.runId,
      atSequence: this.atSequence,
      lastSequence: real.sequence,
      ...(change && { changeIgnored: change }),
      withoutEffect,
      withoutEffectCount,
      openWork: listed,
      openWorkCount: count,
      isWhole: real.sequence >= this.#lastSequence,
      view: input.view(shown.state),
      difference,
    };
  }

  async #pointAt(journal: Journal, asked: number, signal: AbortSignal | undefined): Promise<SandboxPoint> {
    const { real, state } = this.#sandbox;
    if (asked >= real.sequence) return { real, state };
    const wanted = Math.max(this.atSequence, Math.round(asked));
    let point = this.#path.nearest(wanted);
    await walk(journal, point.real, wanted, signal, (tick) => {
      point = this.#path.next(point, tick);
    });
    return point;
  }
}

/** Visits the ticks after a state up to a sequence, in order. */
async function walk(
  journal: Journal,
  { runId, sequence: after }: BrokerState,
  to: number,
  signal: AbortSignal | undefined,
  visit: (tick: Tick) => void,
): Promise<void> {
  let sequence = after;
  if (sequence >= to) return;
  for await (const batch of journal.read(runId, { from: sequence + 1, to })) {
    for (const tick of batch.ticks) {
      if (tick.sequence <= sequence) continue;
      if (tick.sequence > to) break;
      if (tick.sequence !== sequence + 1) throw gapAfter(runId, sequence);
      visit(tick);
      sequence = tick.sequence;
      if (sequence % TICKS_AT_ONCE !== 0) continue;
      await new Promise<void>((resolve) => macrotask(resolve));
      signal?.throwIfAborted();
    }
  }
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
