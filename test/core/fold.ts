/** Builders of reducer tests: a program from names, and a run folded tick by tick with its invariants checked. */
import { initialState, type BrokerState } from "../../src/core/broker-state.ts";
import type { Command, CommandKind } from "../../src/core/command.ts";
import type { EventRole } from "../../src/core/event-ref.ts";
import { brokenInvariants } from "../../src/core/invariants.ts";
import type { Program } from "../../src/core/program.ts";
import { reduce } from "../../src/core/reduce.ts";
import { busySlots } from "../../src/core/slots.ts";
import type {
  CollectEventsTick,
  InvocationId,
  ResumeRunTick,
  RetryVerdict,
  StartRunTick,
  StepOutput,
  Tick,
  UnstampedTick,
  WaitRequest,
} from "../../src/core/tick.ts";

const roles: Record<string, EventRole> = {
  Start: "start",
  Stop: "stop",
  Ask: "inputRequired",
  Answer: "humanResponse",
};

/** Steps by name: what they accept ("Start", "A|B"), and for how many workers (default 1). */
export function program(
  steps: Record<string, string | readonly [accepts: string, numWorkers: number]>,
  timeout: number | null = null,
): Program {
  const plans = Object.entries(steps).map(([name, config], index) => {
    const [accepts, numWorkers] = typeof config === "string" ? ([config, 1] as const) : config;
    return { name, index, accepts: accepts.split("|"), emits: [], numWorkers };
  });
  const routes: Record<string, number[]> = Object.create(null);
  for (const { index, accepts } of plans) for (const type of accepts) (routes[type] ??= []).push(index);
  const indexes = Object.fromEntries(plans.map(({ name, index }) => [name, index]));
  return { workflow: "w", version: "1", steps: plans, indexes, routes, roles, timeout };
}

/** Runs synchronous code with the clock and randomness out of reach: the core must not ask for them. */
export function purely<T>(action: () => T): T {
  const { now } = Date;
  const { random } = Math;
  Date.now = () => {
    throw new Error("The core asked for the time.");
  };
  Math.random = () => {
    throw new Error("The core asked for a random number.");
  };
  try {
    return action();
  } finally {
    Date.now = now;
    Math.random = random;
  }
}

export const error = { name: "Error", message: "boom" };
export const noRetry: RetryVerdict = { retry: false };
export const retryIn = (delay: number): RetryVerdict => ({ retry: true, delay });
export const wait = (type: string, more: Partial<WaitRequest> = {}): WaitRequest => ({
  waiterId: `${type}#0`,
  type,
  timeout: null,
  ...more,
});

export class Fold {
  state: BrokerState;
  commands: readonly Command[] = [];
  readonly ticks: Tick[] = [];
  #at = 1000;

  constructor(plan: Program) {
    this.state = initialState(plan);
  }

  /** The time of the ticks that follow. */
  at(time: number): this {
    this.#at = time;
    return this;
  }

  do(unstamped: UnstampedTick): this {
    const tick = { ...unstamped, sequence: this.state.sequence + 1, at: this.#at } as Tick;
    const { state, commands } = purely(() => reduce(this.state, tick));
    const broken = brokenInvariants(state);
    if (broken.length > 0) throw new Error(`After ${tick.kind}: ${broken.join("; ")}`);
    this.ticks.push(tick);
    this.state = state;
    this.commands = commands;
    return this;
  }

  start(data: unknown = null, more: Partial<StartRunTick> = {}): this {
    const event = { type: "Start", data };
    const { timeout } = this.state.program;
    return this.do({
      kind: "StartRun",
      causedBy: "external",
      runId: "r",
      workflow: "w",
      version: "1",
      timeout,
      event,
      store: {},
      ...more,
    });
  }

  /** Events from outside, one tick each. */
  send(type: string, data: unknown = null, address: { target?: string; waiter?: number } = {}): this {
    return this.do({ kind: "AddEvent", causedBy: "external", event: { type, data }, ...address });
  }

  /** What a step has in progress: the lowest worker, or the work item with this payload. */
  running(step: string, data?: unknown): InvocationId {
    const index = this.state.program.indexes[step] ?? -1;
    for (const [workerId, { workItem }] of busySlots(this.state.steps[index]!.slots)) {
      if (data !== undefined && workItem.event.data !== data) continue;
      return { step, workerId, workItem: workItem.id, invocation: workItem.invocation };
    }
    throw new Error(`Step ${step} runs nothing like that.`);
  }

  /** The invocation returned; outputs are types, or whole outputs. */
  returned(of: string | InvocationId, ...outputs: (string | StepOutput)[]): this {
    const full = outputs.map((output): StepOutput =>
      typeof output === "string" ? { mode: "send", event: { type: output, data: null } } : output,
    );
    return this.#result(of, { kind: "returned" }, full);
  }

  /** The invocation returned a list; what else it sent may stand among the elements. */
  returnedList(of: string | InvocationId, ...outputs: StepOutput[]): this {
    return this.#result(of, { kind: "returned" }, outputs, { list: true });
  }

  failed(of: string | InvocationId, verdict: RetryVerdict): this {
    return this.#result(of, { kind: "failed", error, verdict });
  }

  waits(of: string | InvocationId, ...waits: WaitRequest[]): this {
    return this.#result(of, { kind: "waiting", waits });
  }

  collect(of: string | InvocationId, expected: Record<string, number>, more: Partial<CollectEventsTick> = {}): this {
    const id = typeof of === "string" ? this.running(of) : of;
    return this.do({ kind: "CollectEvents", causedBy: 1, ...id, bufferId: "b", callId: "b#0", expected, ...more });
  }

  /** What the memo of a work item says of a collect call: the payloads, or null. */
  collected(workItem: number, callId = "b#0"): readonly unknown[] | null | undefined {
    const set = this.state.memos.get(workItem)?.collected[callId];
    return set && set.map(({ data }) => data);
  }

  cancel(reason?: string): this {
    return this.do({ kind: "CancelRun", causedBy: "external", ...(reason !== undefined && { reason }) });
  }

  resume(more: Partial<ResumeRunTick> = {}): this {
    return this.do({ kind: "ResumeRun", causedBy: "external", ...more });
  }

  wakeup(due: number): this {
    return this.do({ kind: "Wakeup", causedBy: 1, due });
  }

  waiterTimeout(waiter: number): this {
    return this.do({ kind: "WaiterTimeout", causedBy: 1, waiter });
  }

  /** Kinds of the last tick's commands. */
  get kinds(): CommandKind[] {
    return this.commands.map(({ kind }) => kind);
  }

  command<Kind extends CommandKind>(kind: Kind): Extract<Command, { kind: Kind }> | undefined {
    return this.commands.find((command) => command.kind === kind) as Extract<Command, { kind: Kind }> | undefined;
  }

  /** What the last tick started: "step data". */
  get started(): string[] {
    return this.commands.flatMap((command) =>
      command.kind === "RunWorker" ? [`${this.#name(command.step)} ${String(command.workItem.event.data)}`] : [],
    );
  }

  /** The joined sets that the last tick started: "step a, b". */
  get startedSets(): string[] {
    return this.commands.flatMap((command) =>
      command.kind === "RunWorker" && command.workItem.inputs
        ? [`${this.#name(command.step)} ${command.workItem.inputs.map(({ data }) => String(data)).join(", ")}`.trim()]
        : [],
    );
  }

  /** Payloads in a step's queue, head first. */
  queued(step: string): unknown[] {
    return Array.from(this.step(step).queue, ({ event }) => event.data);
  }

  step(name: string): BrokerState["steps"][number] {
    return this.state.steps[this.state.program.indexes[name]!]!;
  }

  get published(): string[] {
    return this.commands.flatMap((command) => (command.kind === "PublishEvent" ? [command.event.type] : []));
  }

  #result(
    of: string | InvocationId,
    outcome: Extract<Tick, { kind: "StepResult" }>["outcome"],
    outputs: StepOutput[] = [],
    more: { list?: true } = {},
  ): this {
    const id = typeof of === "string" ? this.running(of) : of;
    return this.do({ kind: "StepResult", causedBy: 1, ...id, outcome, outputs, ...more });
  }

  #name(step: number): string {
    return this.state.program.steps[step]?.name ?? "?";
  }
}
