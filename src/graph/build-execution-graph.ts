/** What happened in a run: its ticks are folded, and every work item is joined to where its events came from. */
import { hasEnded, initialState, type BrokerState, type WorkItem } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { EventRef } from "../core/event-ref.ts";
import type { Program } from "../core/program.ts";
import { reduce } from "../core/reduce.ts";
import { busySlots } from "../core/slots.ts";
import { TERMINAL_INDEX } from "../core/tick-events.ts";
import type { StepResultTick, Tick } from "../core/tick.ts";
import { compile } from "../workflow/compile.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { EndNode, ExecutionEdge, ExecutionGraph, WorkItemNode, WorkItemState } from "./execution-graph.ts";
import { runStatus } from "./graph-status.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const OUTSIDE = "external";

/**
 * The graph of what a run did, from its history: a node for each work item that began or still waits its turn, and edges
 * for the events that led from one to the next, known by their ids. What was queued when the run completed never
 * happened and is not in it.
 *
 * `definition` is the workflow, or the program that was written into a run file. Ticks from 1 on; up to any tick.
 * Throws `WorkflowRuntimeError`, code HISTORY_GAP, when one is missing.
 */
export function buildExecutionGraph(definition: Workflow | Program, ticks: Iterable<Tick>): ExecutionGraph {
  const execution = new Execution("routes" in definition ? definition : compile(definition).program);
  for (const tick of ticks) execution.add(tick);
  return execution.toGraph();
}

class Execution {
  #state: BrokerState;
  readonly #items = new Map<number, Mutable<WorkItemNode>>();
  readonly #edges = new Map<string, { edge: ExecutionEdge; events: Set<string> }>();
  /** The node that a tick is a report of; ticks not in it came from outside. */
  readonly #reporters = new Map<number, string>();
  /** The node whose failure ended the run last. */
  #failure: string | null = null;

  constructor(program: Program) {
    this.#state = initialState(program);
  }

  add(tick: Tick): void {
    const before = this.#state;
    if (tick.sequence !== before.sequence + 1) {
      throw new WorkflowRuntimeError(
        `Tick ${before.sequence + 1} is missing (tick ${tick.sequence} came in its place). Give the run's whole history, from its first tick.`,
        { code: "HISTORY_GAP", data: { sequence: before.sequence + 1 } },
      );
    }
    const { state, commands } = reduce(before, tick);
    this.#state = state;
    if ("workItem" in tick && tick.workItem !== undefined) this.#reporters.set(tick.sequence, idOf(tick.workItem));
    // A result that came too late is counted as dropped, and did nothing.
    if (tick.kind === "StepResult" && state.dropped === before.dropped) this.#report(tick, before);
    for (const command of commands) this.#follow(command, tick);
  }

  /** An invocation ended. What it was told on the way led to what it did. */
  #report(tick: StepResultTick, before: BrokerState): void {
    const node = this.#items.get(tick.workItem);
    if (!node) return;
    const memo = before.memos.get(tick.workItem);
    for (const { event } of memo?.answers ?? []) if (event) this.#link(event, node.id);
    for (const set of Object.values(memo?.collected ?? {})) for (const event of set ?? []) this.#link(event, node.id);
    if (tick.outcome.kind === "waiting") return;
    if (tick.outcome.kind === "failed" && tick.outcome.verdict.retry) return;
    node.state = tick.outcome.kind === "returned" ? "done" : "failed";
    node.endedAt = tick.at;
  }

  #follow(command: Command, tick: Tick): void {
    switch (command.kind) {
      case "RunWorker": {
        const node = this.#item(command.step, command.workItem, "running");
        node.attempts = (command.workItem.retry?.failures ?? 0) + 1;
        node.startedAt ??= tick.at;
        delete node.endedAt;
        break;
      }
      case "PublishEvent":
        if (command.event.index !== TERMINAL_INDEX && !this.#isEnd(command.event)) this.#link(command.event, OUTSIDE);
        break;
      case "FailRun":
        this.#failure = this.#reporters.get(tick.sequence) ?? null;
        break;
      default:
    }
  }

  #isEnd(event: EventRef): boolean {
    const { outcome } = this.#state;
    return outcome?.kind === "completed" && outcome.event === event;
  }

  #item(step: number, item: WorkItem, state: WorkItemState): Mutable<WorkItemNode> {
    let node = this.#items.get(item.id);
    if (!node) {
      const name = this.#state.program.steps[step]?.name ?? "";
      node = {
        id: idOf(item.id),
        kind: "workItem",
        name: `${name} #${item.id}`,
        step: name,
        workItem: item.id,
        state,
        attempts: 0,
      };
      this.#items.set(item.id, node);
      // An empty list stands for itself: what closed it led here.
      const inputs = item.inputs?.length ? item.inputs : [item.event];
      for (const event of inputs) this.#link(event, node.id);
    }
    node.state = state;
    return node;
  }

  #link(event: EventRef, target: string): void {
    const source = this.#reporters.get(event.tick) ?? OUTSIDE;
    if (source !== target) this.#connect(source, target, event.type, `${event.tick}.${event.index}`);
  }

  #connect(source: string, target: string, label: string, event?: string): void {
    const id = `${source}>${target}:${label}`;
    const known = this.#edges.get(id);
    const events = known?.events ?? new Set<string>();
    if (event !== undefined) events.add(event);
    if (!known) this.#edges.set(id, { edge: { id, source, target, label, events: [] }, events });
  }

  toGraph(): ExecutionGraph {
    this.#settleStates();
    const { runId, program, sequence } = this.#state;
    const end = this.#end();
    const edges = Array.from(this.#edges.values(), ({ edge, events }): ExecutionEdge => ({
      ...edge,
      events: [...events],
    }));
    const touchesOutside = edges.some(({ source, target }) => source === OUTSIDE || target === OUTSIDE);
    return {
      runId,
      workflow: program.workflow,
      version: program.version,
      status: runStatus(this.#state),
      sequence,
      nodes: [
        ...(touchesOutside ? [{ id: OUTSIDE, kind: "external", name: "Outside" } as const] : []),
        ...this.#items.values(),
        ...(end ? [end] : []),
      ],
      edges,
    };
  }

  /** What is not done is where the state has it; what it has no longer went down with the run. */
  #settleStates(): void {
    const state = this.#state;
    const isOver = hasEnded(state);
    for (const node of this.#items.values()) {
      if (node.state !== "done" && node.state !== "failed") node.state = "interrupted";
    }
    const place = (step: number, item: WorkItem, where: WorkItemState): void => {
      const known = this.#items.get(item.id);
      if (!isOver) this.#item(step, item, where);
      else if (!known) this.#item(step, item, "queued");
    };
    for (const [step, { queue, slots }] of state.steps.entries()) {
      for (const item of queue) place(step, item, "queued");
      for (const [, { workItem }] of busySlots(slots)) place(step, workItem, "running");
    }
    for (const timer of state.timers.values()) {
      if (timer.kind === "retry") place(timer.step, timer.workItem, "delayed");
    }
    for (const { step, workItem } of state.parked.values()) place(step, workItem, "waiting");
  }

  #end(): EndNode | null {
    const { outcome } = this.#state;
    if (!outcome) return null;
    if (outcome.kind === "completed") this.#link(outcome.event, "end");
    if (outcome.kind === "failed" && this.#failure !== null) this.#connect(this.#failure, "end", "fails");
    if (outcome.kind === "cancelled") this.#connect(OUTSIDE, "end", "cancels");
    const name = outcome.kind === "completed" ? outcome.event.type : STATUS_WORDS[outcome.kind];
    return { id: "end", kind: "end", name, status: outcome.kind };
  }
}

const STATUS_WORDS = { failed: "failed", cancelled: "cancelled", timedOut: "timed out" } as const;

function idOf(workItem: number): string {
  return `item:${workItem}`;
}
