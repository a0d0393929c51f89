/**
 * What differs between two states of a run, in the words of the views: of two ticks, or of the run and a sandbox.
 * Lists are bounded, counts are exact. Only what `runView` would show of either state is compared, so what is hidden
 * there is hidden here, and equal to whatever else is hidden in its place.
 */
import type { BrokerState, Waiter, WorkItem } from "../core/broker-state.ts";
import type { RunStatus } from "../core/run-status.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import { busySlots } from "../core/slots.ts";
import { graphStatus, type GraphStatus, type StepStatus } from "../graph/graph-status.ts";
import type { WorkItemView } from "./inspection-event.ts";
import type { Redaction } from "./redaction.ts";
import { shownValue, type ShownValue } from "./shown-value.ts";
import type { ToJson } from "./cut-json.ts";
import { visitDifferences, type DifferencePlace } from "./value-difference.ts";

export interface StateDifference {
  readonly runId: string;
  readonly from: RunMoment;
  readonly to: RunMoment;
  /** Places in the state store; at most 200 listed. */
  readonly store: readonly StoreDifference[];
  readonly storeCount: number;
  /** Steps of which a number differs, in the order of the definition. */
  readonly steps: readonly StepDifference[];
  /** Work items that came, went, or are elsewhere or in another attempt; at most 200 listed, oldest first. */
  readonly workItems: readonly WorkItemDifference[];
  readonly workItemCount: number;
  /** Waits that began or are over; at most 200 listed. */
  readonly waiters: readonly WaiterDifference[];
  readonly waiterCount: number;
  /** What the run ended with, where it ended with something else or not at all at `from`. */
  readonly result?: ShownValue;
  readonly error?: SerializedError;
}

export interface RunMoment {
  readonly sequence: number;
  readonly at: number;
  readonly status: RunStatus;
  /** Events published to the run's stream. */
  readonly published: number;
  /** Results that came too late. */
  readonly dropped: number;
}

export interface StoreDifference extends DifferencePlace {
  readonly before?: ShownValue;
  readonly after?: ShownValue;
}

export interface StepDifference {
  readonly step: string;
  /** null: the run's definition had no such step. */
  readonly before: StepCounts | null;
  readonly after: StepCounts | null;
}

export type StepCounts = Pick<
  StepStatus,
  "slots" | "busy" | "queued" | "delayed" | "waiting" | "completed" | "failed" | "collected"
>;

export interface WorkItemDifference {
  readonly workItem: number;
  readonly step: string;
  readonly eventType: string;
  /** null: it was not there. */
  readonly before: WorkItemPlace | null;
  readonly after: WorkItemPlace | null;
}

export interface WorkItemPlace {
  readonly state: WorkItemView["state"];
  readonly attempt: number;
}

export interface WaiterDifference {
  readonly waiter: number;
  readonly step: string;
  readonly workItem: number;
  /** Event type waited for. */
  readonly type: string;
  readonly kind: "began" | "over";
}

const LISTED = 200;

export interface DifferenceOptions {
  /** Only this place of the store, and its values whole. */
  readonly path?: readonly (string | number)[];
  /** For states of two histories: what a work item of `after` is called in `before`; null: it is not there. */
  readonly sameItem?: (workItem: number) => number | null;
}

export function stateDifference(
  before: BrokerState,
  after: BrokerState,
  toJson: ToJson,
  show: Redaction,
  { path, sameItem }: DifferenceOptions = {},
): StateDifference {
  const [earlier, later] = [graphStatus(before), graphStatus(after)];
  const store = storeDifference(before, after, toJson, show, path);
  const workItems = workItemDifference(before, after, sameItem);
  const waiters = waiterDifference(before, after, sameItem);
  const { outcome } = after;
  const isNewEnd = outcome !== undefined && outcome !== before.outcome;
  return {
    runId: after.runId,
    from: momentOf(earlier),
    to: momentOf(later),
    store: store.listed,
    storeCount: store.count,
    steps: stepDifference(earlier.steps, later.steps),
    workItems: workItems.listed,
    workItemCount: workItems.count,
    waiters: waiters.listed,
    waiterCount: waiters.count,
    ...(isNewEnd && outcome.kind === "completed" && { result: shownValue(show.event(outcome.event).data, toJson) }),
    ...(isNewEnd && outcome.kind === "failed" && { error: show.error(outcome.error, outcome.step) }),
  };
}

function momentOf({ sequence, at, status, published, dropped }: GraphStatus): RunMoment {
  return { sequence, at, status, published, dropped };
}

/** A list that is cut, and how long it would be. */
class Listed<T> {
  readonly listed: T[] = [];
  count = 0;

  add(make: () => T): void {
    this.count += 1;
    if (this.listed.length < LISTED) this.listed.push(make());
  }
}

function storeDifference(
  before: BrokerState,
  after: BrokerState,
  toJson: ToJson,
  show: Redaction,
  asked?: readonly (string | number)[],
): Listed<StoreDifference> {
  const differences = new Listed<StoreDifference>();
  if (before.store === after.store) return differences;
  const wanted = asked && JSON.stringify(asked);
  visitDifferences(show.state(before.store, []), show.state(after.store, []), ({ kind, path, ...values }) => {
    if (wanted !== undefined && JSON.stringify(path) !== wanted) return;
    differences.add(() => ({
      kind,
      path,
      ...(kind !== "added" && { before: shownValue(values.before, toJson, wanted !== undefined) }),
      ...(kind !== "removed" && { after: shownValue(values.after, toJson, wanted !== undefined) }),
    }));
  });
  return differences;
}

function stepDifference(earlier: GraphStatus["steps"], later: GraphStatus["steps"]): StepDifference[] {
  const names = new Set([...Object.keys(later), ...Object.keys(earlier)]);
  const differences: StepDifference[] = [];
  for (const step of names) {
    const [was, is] = [countsOf(earlier, step), countsOf(later, step)];
    if (JSON.stringify(was) !== JSON.stringify(is)) differences.push({ step, before: was, after: is });
  }
  return differences;
}

function countsOf(steps: GraphStatus["steps"], name: string): StepCounts | null {
  const status = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (!status) return null;
  const { slots, busy, queued, delayed, waiting, completed, failed, collected } = status;
  return { slots, busy, queued, delayed, waiting, completed, failed, ...(collected && { collected }) };
}

interface Placed {
  readonly step: string;
  readonly item: WorkItem;
  readonly state: WorkItemView["state"];
}

function workItemDifference(
  before: BrokerState,
  after: BrokerState,
  sameItem: DifferenceOptions["sameItem"],
): Listed<WorkItemDifference> {
  const earlier = places(before, after);
  const later = places(after, before);
  const differences = new Listed<WorkItemDifference>();
  const add = (was: Placed | undefined, is: Placed | undefined): void => {
    const known = is ?? was;
    if (!known || (was && is && isSamePlace(was, is))) return;
    const { step, item } = known;
    const [from, to] = [was ? placeOf(was) : null, is ? placeOf(is) : null];
    differences.add(() => ({ workItem: item.id, step, eventType: item.event.type, before: from, after: to }));
  };
  const called = new Map<number, Placed>();
  for (const [id, is] of later) {
    const same = sameItem ? sameItem(id) : id;
    if (same === null) add(undefined, is);
    else called.set(same, is);
  }
  const ids = [...new Set([...earlier.keys(), ...called.keys()])].toSorted((a, b) => a - b);
  for (const id of ids) add(earlier.get(id), called.get(id));
  return differences;
}

function isSamePlace(a: Placed, b: Placed): boolean {
  return a.state === b.state && a.step === b.step && placeOf(a).attempt === placeOf(b).attempt;
}

function placeOf({ state, item }: Placed): WorkItemPlace {
  return { state, attempt: (item.retry?.failures ?? 0) + 1 };
}

/** Where the work items of a state are, but for those in parts that the other state shares. */
function places(state: BrokerState, other: BrokerState): Map<number, Placed> {
  const found = new Map<number, Placed>();
  const put = (index: number, item: WorkItem, where: Placed["state"]): void => {
    found.set(item.id, { step: state.program.steps[index]?.name ?? "", item, state: where });
  };
  for (const [index, step] of state.steps.entries()) {
    const shared = state.program === other.program ? other.steps[index] : undefined;
    if (step.queue !== shared?.queue) for (const item of step.queue) put(index, item, "queued");
    if (step.slots !== shared?.slots)
      for (const [, { workItem }] of busySlots(step.slots)) put(index, workItem, "running");
  }
  if (state.timers !== other.timers) {
    for (const timer of state.timers.values()) if (timer.kind === "retry") put(timer.step, timer.workItem, "delayed");
  }
  if (state.parked !== other.parked) {
    for (const { step, workItem } of state.parked.values()) put(step, workItem, "waiting");
  }
  return found;
}

function waiterDifference(
  before: BrokerState,
  after: BrokerState,
  sameItem: DifferenceOptions["sameItem"],
): Listed<WaiterDifference> {
  const differences = new Listed<WaiterDifference>();
  if (before.waiters === after.waiters) return differences;
  const nameOf = ({ instance, workItem, waiterId }: Waiter, isLater: boolean): string =>
    sameItem ? `${isLater ? (sameItem(workItem) ?? "new") : workItem} ${waiterId}` : String(instance);
  const collect = (state: BrokerState, others: ReadonlySet<string>, kind: WaiterDifference["kind"]): void => {
    for (const waiter of state.waiters.byInstance.values()) {
      if (others.has(nameOf(waiter, state === after))) continue;
      const { instance, workItem, type } = waiter;
      const step = state.program.steps[waiter.step]?.name ?? "";
      differences.add(() => ({ waiter: instance, step, workItem, type, kind }));
    }
  };
  const namesIn = (state: BrokerState): Set<string> =>
    new Set(Array.from(state.waiters.byInstance.values(), (waiter) => nameOf(waiter, state === after)));
  collect(before, namesIn(after), "over");
  collect(after, namesIn(before), "began");
  return differences;
}
