/** Everything the inspector shows of a run at one tick. */
import type { BrokerState, Waiter, WorkItem } from "../core/broker-state.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { busySlots } from "../core/slots.ts";
import type { StateChange, Tick } from "../core/tick.ts";
import { graphStatus } from "../graph/graph-status.ts";
import type { RunView, StoreChange, WaiterView, WorkItemView } from "./inspection-event.ts";
import { redactGraph } from "./redact-graph.ts";
import type { Redaction } from "./redaction.ts";

const ITEMS_LISTED = 200;
const WAITERS_LISTED = 200;

/** Turns a payload into plain JSON for sending. */
export type ToJson = (value: unknown) => Json;
/** JSON Schema of an event type's data. */
export type SchemaOf = (eventType: string) => JsonObject | null;

export function runView(
  state: BrokerState,
  before: BrokerState | null,
  tick: Tick | null,
  toJson: ToJson,
  schemaOf: SchemaOf,
  show: Redaction,
): RunView {
  const { outcome } = state;
  return {
    runId: state.runId,
    workflow: state.program.workflow,
    graph: redactGraph(graphStatus(state), show),
    store: toJson(show.state(state.store, [])) as JsonObject,
    storeChanges: storeChanges(before, state, tick, toJson, show),
    workItems: workItems(state, show),
    waiters: waiters(state, toJson, schemaOf, show),
    ...(outcome?.kind === "completed" && { result: toJson(show.event(outcome.event).data) }),
    ...(outcome?.kind === "failed" && { error: show.error(outcome.error, outcome.step) }),
  };
}

function workItems(state: BrokerState, show: Redaction): WorkItemView[] {
  const views: WorkItemView[] = [];
  const add = (
    step: number,
    item: WorkItem,
    place: Partial<WorkItemView> & Pick<WorkItemView, "state" | "since">,
  ): void => {
    const name = state.program.steps[step]?.name ?? "";
    views.push({
      workItem: item.id,
      step: name,
      eventType: item.event.type,
      attempt: (item.retry?.failures ?? 0) + 1,
      ...(item.retry && { lastError: show.error(item.retry.lastError, name).message }),
      causedBy: item.causedBy,
      ...place,
    });
  };
  for (const [index, { slots }] of state.steps.entries()) {
    for (const [workerId, entry] of busySlots(slots)) {
      if (views.length >= ITEMS_LISTED) return views;
      add(index, entry.workItem, { state: "running", since: entry.startedAt, workerId });
    }
  }
  for (const [key, timer] of state.timers.entries()) {
    if (views.length >= ITEMS_LISTED) return views;
    if (timer.kind === "retry")
      add(timer.step, timer.workItem, { state: "delayed", since: timer.workItem.since, dueAt: key.due });
  }
  for (const { step, workItem, since } of state.parked.values()) {
    if (views.length >= ITEMS_LISTED) return views;
    add(step, workItem, { state: "waiting", since });
  }
  for (const [index, { queue }] of state.steps.entries()) {
    for (const item of queue) {
      if (views.length >= ITEMS_LISTED) return views;
      add(index, item, { state: "queued", since: item.since });
    }
  }
  return views;
}

function waiters(state: BrokerState, toJson: ToJson, schemaOf: SchemaOf, show: Redaction): WaiterView[] {
  const views: WaiterView[] = [];
  for (const waiter of state.waiters.byInstance.values()) {
    if (views.length === WAITERS_LISTED) break;
    views.push(waiterView(state, waiter, toJson, schemaOf, show));
  }
  return views;
}

export function waiterView(
  state: BrokerState,
  waiter: Waiter,
  toJson: ToJson,
  schemaOf: SchemaOf,
  show: Redaction,
): WaiterView {
  const step = state.program.steps[waiter.step]?.name ?? "";
  return {
    waiter: waiter.instance,
    step,
    workItem: waiter.workItem,
    waiterId: waiter.waiterId,
    type: waiter.type,
    role: state.program.roles[waiter.type] ?? "event",
    ...(waiter.requirements && { requirements: show.fields(waiter.type, waiter.requirements, step) }),
    askedAt: waiter.askedAt,
    dueAt: waiter.dueAt,
    ...(waiter.prompt && {
      prompt: { type: waiter.prompt.type, data: toJson(show.event(waiter.prompt, step).data) },
    }),
    schema: schemaOf(waiter.type),
  };
}

function storeChanges(
  before: BrokerState | null,
  after: BrokerState,
  tick: Tick | null,
  toJson: ToJson,
  show: Redaction,
): StoreChange[] {
  if (!before || (tick?.kind !== "EditState" && tick?.kind !== "StepResult")) return [];
  return (tick.changes ?? []).map((change: StateChange) => {
    const old = at(before.store, change.path);
    const now = at(after.store, change.path);
    return {
      path: change.path,
      ...(old !== undefined && { before: toJson(show.state(old, change.path)) }),
      ...(now !== undefined && { after: toJson(show.state(now, change.path)) }),
    };
  });
}

function at(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
