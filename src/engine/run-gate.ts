/**
 * Holds what would begin in a run, for somebody who looks at it: between a command and what carries it out.
 *
 * G1 The log knows nothing of it. A held work item has its slot and has not begun, as a replay of the log says too; it is
 *    not held again after a reload, and the run goes on.
 * G2 Only beginnings are held: work items, and timers while the run is paused. What a step at work returns, what it asks
 *    of its context and what is sent to the run is recorded at once, so nothing is lost and nobody waits for an answer.
 *    The run's time limit goes on: it is a moment that the log has fixed.
 * G3 It holds for connections. When the last that asked for something is gone, all goes on: no run hangs because a tab
 *    was closed.
 * G4 What is cancelled or abandoned while it is held never begins and counts no more.
 */
import type { Breakpoint, DebugCommand, HeldStep, RunHold } from "../inspection/debug-command.ts";
import type { GraphStatus, RunView } from "../inspection/inspection-event.ts";
import { graphWithHold, viewWithHold } from "../inspection/with-hold.ts";
import type { StepWorker } from "./step-worker.ts";

export interface GatePort {
  now(): number;
  /** Types of the events with which it begins. */
  eventsOf(worker: StepWorker): readonly string[];
  /** Starts it, past the gate. */
  begin(worker: StepWorker): void;
  /** Whether a timer is due. */
  isTimerDue(): boolean;
  /** When the run's time limit ends it; null: it has none. */
  deadline(): number | null;
  /** The timer that was due first takes effect. */
  takeTimer(): void;
  /** Acts on everything that is due. */
  wake(): void;
  /** What holds the run, or what is held, is another. */
  holdChanged(): void;
}

interface Held {
  readonly worker: StepWorker;
  readonly since: number;
}

const ITEMS_LISTED = 64;

export class RunGate {
  readonly #port: GatePort;
  #breakpoints: readonly Breakpoint[] = [];
  #pausedAt: number | null = null;
  #held: Held[] = [];
  /** Who asked for something, and how to stop hearing of their end; null: somebody in this process. */
  readonly #askers = new Map<AbortSignal | null, () => void>();

  constructor(port: GatePort) {
    this.#port = port;
  }

  get isPaused(): boolean {
    return this.#pausedAt !== null;
  }

  /** Somebody debugs the run. */
  get isInUse(): boolean {
    return this.isPaused || this.#breakpoints.length > 0 || this.#held.length > 0;
  }

  get hold(): RunHold | null {
    this.#forgetAbandoned();
    if (!this.isInUse) return null;
    const steps = heldSteps(this.#held);
    const deadline = this.#port.deadline();
    const begins = [this.#pausedAt, this.#held[0]?.since ?? null].filter((at) => at !== null);
    return {
      isPaused: this.isPaused,
      breakpoints: this.#breakpoints,
      since: begins.length === 0 ? null : Math.min(...begins),
      steps,
      isTimerDue: this.isPaused && this.#port.isTimerDue(),
      ...(deadline !== null && { deadline }),
    };
  }

  /** With how many are held in each step. */
  inGraph(graph: GraphStatus): GraphStatus {
    return graphWithHold(graph, this.hold);
  }

  inView(view: RunView): RunView {
    return viewWithHold(view, this.hold);
  }

  holds(worker: StepWorker): boolean {
    if (!this.#stops(worker)) return false;
    this.#held.push({ worker, since: this.#port.now() });
    this.#port.holdChanged();
    return true;
  }

  /** Does what a connection asks for, which holds until it is gone; null: somebody in this process, who has to end it. */
  obey(command: DebugCommand, connection: AbortSignal | null): void {
    if (connection?.aborted) return;
    this.#hearEndOf(connection);
    this.#obey(command);
    if (!this.isInUse) this.#forgetAskers();
    this.#port.holdChanged();
  }

  close(): void {
    this.#forgetAskers();
    this.#breakpoints = [];
    this.#pausedAt = null;
    this.#held = [];
  }

  #obey(command: DebugCommand): void {
    switch (command.kind) {
      case "set":
        this.#breakpoints = command.breakpoints;
        return this.#letGo(({ worker }) => !this.#stops(worker));
      case "pause":
        this.#pausedAt ??= this.#port.now();
        return;
      case "step":
        this.#pausedAt ??= this.#port.now();
        return this.#step();
      case "resume":
        this.#pausedAt = null;
        this.#letGo(() => true);
        return this.#port.wake();
    }
  }

  #step(): void {
    this.#forgetAbandoned();
    const first = this.#held.shift();
    if (first) this.#port.begin(first.worker);
    else if (this.#port.isTimerDue()) this.#port.takeTimer();
  }

  #stops(worker: StepWorker): boolean {
    const isAt = ({ step, eventType }: Breakpoint): boolean =>
      step === worker.definition.name && (eventType === undefined || this.#port.eventsOf(worker).includes(eventType));
    return this.isPaused || this.#breakpoints.some(isAt);
  }

  #letGo(goes: (held: Held) => boolean): void {
    const held = this.#held;
    this.#held = [];
    for (const each of held) {
      if (goes(each)) this.#port.begin(each.worker);
      else this.#held.push(each);
    }
  }

  #forgetAbandoned(): void {
    if (this.#held.some(({ worker }) => worker.over)) this.#held = this.#held.filter(({ worker }) => !worker.over);
  }

  #hearEndOf(connection: AbortSignal | null): void {
    if (this.#askers.has(connection)) return;
    const gone = (): void => {
      this.#askers.delete(connection);
      if (this.#askers.size > 0) return;
      this.#breakpoints = [];
      this.#obey({ kind: "resume" });
      this.#port.holdChanged();
    };
    connection?.addEventListener("abort", gone, { once: true });
    this.#askers.set(connection, () => connection?.removeEventListener("abort", gone));
  }

  #forgetAskers(): void {
    for (const stopHearing of this.#askers.values()) stopHearing();
    this.#askers.clear();
  }
}

function heldSteps(held: readonly Held[]): HeldStep[] {
  const steps = new Map<string, { step: string; count: number; workItems: number[] }>();
  for (const { worker } of held) {
    const step = worker.definition.name;
    const found = steps.get(step) ?? { step, count: 0, workItems: [] };
    steps.set(step, found);
    found.count += 1;
    if (found.workItems.length < ITEMS_LISTED) found.workItems.push(worker.workItem.id);
  }
  return [...steps.values()];
}
