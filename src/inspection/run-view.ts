/** Everything the inspector shows of a run at one tick. */
import type { BrokerState, Waiter } from "../core/broker-state.ts";
import type { JsonObject } from "../core/json.ts";
import type { StateChange, Tick } from "../core/tick.ts";
import { graphStatus } from "../graph/graph-status.ts";
import { cutJson, type ToJson } from "./cut-json.ts";
import type { RunView, StoreChange, WaiterView } from "./inspection-event.ts";
import { previewOf } from "./preview.ts";
import { redactGraph } from "./redact-graph.ts";
import type { Redaction } from "./redaction.ts";
import { listWorkItems } from "./work-items.ts";

const ITEMS_LISTED = 200;
const WAITERS_LISTED = 200;
const CHANGES_LISTED = 200;
const UNCLAIMED_LISTED = 20;
/** Characters of the store or the result, of all prompts, and of all changes that are sent at once. */
export const LARGEST = 256_000;

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
    store: cutJson(show.state(state.store, []), LARGEST, toJson) as JsonObject,
    storeChanges: storeChanges(before, state, tick, toJson, show),
    workItems: listWorkItems(state, { limit: ITEMS_LISTED }, show),
    waiters: waiters(state, toJson, schemaOf, show),
    ...unclaimed(state, show),
    ...(outcome?.kind === "completed" && {
      result: cutJson(show.event(outcome.event).data, LARGEST, toJson),
    }),
    ...(outcome?.kind === "failed" && { error: show.error(outcome.error, outcome.step) }),
  };
}

/** While a run is queued, its mailbox holds what it will begin with. */
function unclaimed({ mailbox, status }: BrokerState, show: Redaction): Pick<RunView, "unclaimed"> {
  if (mailbox.length === 0 || status === "queued") return {};
  const newest = mailbox.slice(-UNCLAIMED_LISTED);
  return {
    unclaimed: newest.map((event) => ({
      type: event.type,
      tick: event.tick,
      preview: previewOf(show.event(event).data),
    })),
  };
}

function waiters(state: BrokerState, toJson: ToJson, schemaOf: SchemaOf, show: Redaction): WaiterView[] {
  const views: WaiterView[] = [];
  const room = LARGEST / Math.max(1, Math.min(WAITERS_LISTED, state.waiters.byInstance.size));
  for (const waiter of state.waiters.byInstance.values()) {
    if (views.length === WAITERS_LISTED) break;
    views.push(waiterView(state, waiter, (data) => cutJson(data, room, toJson), schemaOf, show));
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
  const changes = (tick.changes ?? []).slice(0, CHANGES_LISTED);
  const room = LARGEST / 2 / Math.max(1, changes.length);
  return changes.map((change: StateChange) => {
    const old = at(before.store, change.path);
    const now = at(after.store, change.path);
    return {
      path: change.path,
      ...(old !== undefined && { before: cutJson(show.state(old, change.path), room, toJson) }),
      ...(now !== undefined && { after: cutJson(show.state(now, change.path), room, toJson) }),
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
