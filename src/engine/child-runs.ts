/**
 * The runs that the steps of one run have started. Each is a run of its own; here its end becomes a tick of the run
 * it is part of.
 */
import { hasEnded, type BrokerState, type ChildRun } from "../core/broker-state.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { RunStatus } from "../core/run-status.ts";
import type { ChildOutcome, InvocationId, ParentRun, UnstampedTick } from "../core/tick.ts";
import { decodeError, encodeError } from "../serialize/error-codec.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { toDeliveryOfParts, toPlainData } from "../workflow/plain-data.ts";
import type { ChildCall } from "./child-call.ts";
import type { CallerPort } from "./run-ports.ts";

/** Why a child was cancelled when the run it is part of ended. */
export const PARENT_ENDED = "The run it is part of goes on without it.";

/** Opens child runs: in this process, or in the engine that hosts the parent. */
export interface ChildOpener {
  /** The run with this id where it stands, or a new one. null: there is none, and none is to be started. */
  open(request: ChildRequest): Promise<CallerPort | null>;
}

export interface ChildRequest {
  readonly runId: string;
  readonly compiled: CompiledWorkflow;
  /** How to start it, if there is none yet. */
  readonly start: { readonly event: WorkflowEvent; readonly parent: ParentRun } | null;
}

export interface ChildRunsPort {
  state(): BrokerState;
  readonly compiled: CompiledWorkflow;
  submit(tick: UnstampedTick): void;
  /** Resolves when the journal has every tick so far. */
  written(): Promise<void>;
  /** A child cannot go on for now, so neither can this run. */
  childPaused(problem: unknown): void;
}

export class ChildRuns {
  readonly #port: ChildRunsPort;
  readonly #opener: ChildOpener;
  readonly #opening = new Map<string, Promise<CallerPort | null>>();
  readonly #ends = new Map<string, Promise<ChildOutcome>>();

  constructor(port: ChildRunsPort, opener: ChildOpener) {
    this.#port = port;
    this.#opener = opener;
  }

  /** The child's result: of the run this work item started under this key before, or of a new one. */
  async run(id: InvocationId, causedBy: number, failures: number, call: ChildCall): Promise<unknown> {
    const { key, compiled, event } = call;
    let child = this.#known(id.workItem, key);
    if (!child || (child.outcome?.kind === "failed" && child.failures < failures)) {
      const { runId } = this.#port.state();
      const childRunId = `${runId}/${id.workItem}/${key}${failures > 0 ? `~${failures + 1}` : ""}`;
      const workflow = compiled.definition.name;
      this.#port.submit({ kind: "StartChild", causedBy, ...id, key, childRunId, workflow, failures });
      child = this.#known(id.workItem, key);
    }
    // Refused: the invocation is over, and nobody hears the answer.
    if (!child) return new Promise(() => undefined);
    const outcome = child.outcome ?? (await this.#end(child, id, compiled, event));
    if (outcome.kind === "failed") throw decodeError(outcome.error);
    return toDeliveryOfParts(outcome.result);
  }

  /** Those that go on. */
  async list(): Promise<readonly CallerPort[]> {
    const runs = await Promise.all(this.#opening.values());
    return runs.filter((run) => run !== null && !isOver(run.status)) as CallerPort[];
  }

  async cancel(childRunId: string, workflow: string): Promise<void> {
    const compiled = this.#port.compiled.children.get(workflow);
    const opening = this.#opening.get(childRunId);
    const run = opening
      ? await opening
      : compiled && (await this.#opener.open({ runId: childRunId, compiled, start: null }));
    await run?.cancel(PARENT_ENDED);
  }

  #known(workItem: number, key: string): ChildRun | undefined {
    const children = this.#port.state().memos.get(workItem)?.children;
    return children && Object.hasOwn(children, key) ? children[key] : undefined;
  }

  /** Waits for the child's end, which becomes a tick once, however many invocations wait for it. */
  #end(child: ChildRun, id: InvocationId, compiled: CompiledWorkflow, event: WorkflowEvent): Promise<ChildOutcome> {
    const known = this.#ends.get(child.runId);
    if (known) return known;
    const parent: ParentRun = { runId: this.#port.state().runId, step: id.step, workItem: id.workItem };
    const opening = this.#open({ runId: child.runId, compiled, start: { event, parent } });
    this.#opening.set(child.runId, opening);
    const end = this.#outcome(opening).then((outcome) => {
      this.#opening.delete(child.runId);
      this.#ends.delete(child.runId);
      if (!hasEnded(this.#port.state())) {
        const { runId: childRunId, startedBy } = child;
        const { step, workItem } = id;
        this.#port.submit({ kind: "EndChild", causedBy: startedBy, step, workItem, childRunId, outcome });
      }
      return outcome;
    });
    this.#ends.set(child.runId, end);
    return end;
  }

  /**
   * Not before its parent's journal knows of it, or a crash between the two would leave it without a parent. That is
   * enough: of what is written in one journal only the end can be lost, so its own first ticks are lost before it.
   */
  async #open(request: ChildRequest): Promise<CallerPort | null> {
    await this.#port.written();
    return hasEnded(this.#port.state()) ? null : this.#opener.open(request);
  }

  async #outcome(opening: Promise<CallerPort | null>): Promise<ChildOutcome> {
    let run: CallerPort | null = null;
    try {
      run = await opening;
      if (run) return { kind: "completed", result: toPlainData(await run.result()) };
    } catch (error) {
      if (run && isOver(run.status)) return { kind: "failed", error: encodeError(error) };
      this.#port.childPaused(error);
    }
    return new Promise(() => undefined);
  }
}

function isOver(status: RunStatus): boolean {
  return status !== "running" && status !== "idle" && status !== "queued";
}
