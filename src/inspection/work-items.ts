/** The work items under way in a state: those at work first, then those that back off, wait, and queue. */
import type { BrokerState, WorkItem } from "../core/broker-state.ts";
import { busySlots } from "../core/slots.ts";
import type { WorkItemPage } from "./inspection-source.ts";
import type { WorkItemView } from "./inspection-event.ts";
import type { Redaction } from "./redaction.ts";

type Place = Pick<WorkItemView, "state" | "since"> & Partial<Pick<WorkItemView, "workerId" | "dueAt">>;
type UnderWay = readonly [step: number, item: WorkItem, place: Place];

const CHILDREN_LISTED = 5;
/** Characters of an error's message, where it is listed. */
const LONGEST_MESSAGE = 2_000;

/** Of one step, or of all; `limit` of them after the first `skip`. */
export function listWorkItems(
  state: BrokerState,
  { step, skip = 0, limit }: { step?: string; skip?: number; limit: number },
  show: Redaction,
): WorkItemView[] {
  const views: WorkItemView[] = [];
  let passed = 0;
  for (const [index, item, place] of underWay(state, step === undefined ? undefined : state.program.indexes[step])) {
    if (views.length >= limit) break;
    if (passed++ < skip) continue;
    const name = state.program.steps[index]?.name ?? "";
    views.push({
      workItem: item.id,
      step: name,
      eventType: item.event.type,
      attempt: (item.retry?.failures ?? 0) + 1,
      ...(item.retry && { lastError: show.error(item.retry.lastError, name).message.slice(0, LONGEST_MESSAGE) }),
      causedBy: item.causedBy,
      ...children(state, item.id),
      ...place,
    });
  }
  return views;
}

/** One page of a step's work items, and how many there are; none of a step that is not there. */
export function workItemPage(
  state: BrokerState,
  { step, from, limit }: { step: string; from: number; limit: number },
  show: Redaction,
): WorkItemPage {
  const index = state.program.indexes[step];
  const counts = index === undefined ? undefined : state.steps[index];
  return {
    runId: state.runId,
    step,
    sequence: state.sequence,
    at: state.at,
    total: counts ? counts.slots.busy + counts.delayed + counts.waiting + counts.queue.length : 0,
    items: counts ? listWorkItems(state, { step, skip: from, limit }, show) : [],
  };
}

function children(state: BrokerState, workItem: number): Pick<WorkItemView, "children"> {
  const open = Object.values(state.memos.get(workItem)?.children ?? {}).filter(({ outcome }) => !outcome);
  if (open.length === 0) return {};
  return { children: open.slice(0, CHILDREN_LISTED).map(({ runId, workflow }) => ({ runId, workflow })) };
}

function* underWay(state: BrokerState, only: number | undefined): Generator<UnderWay> {
  const isAsked = (step: number): boolean => only === undefined || step === only;
  for (const [index, { slots }] of state.steps.entries()) {
    if (!isAsked(index)) continue;
    for (const [workerId, { workItem, startedAt }] of busySlots(slots)) {
      yield [index, workItem, { state: "running", since: startedAt, workerId }];
    }
  }
  for (const [{ due }, timer] of state.timers.entries()) {
    if (timer.kind === "retry" && isAsked(timer.step)) {
      yield [timer.step, timer.workItem, { state: "delayed", since: timer.workItem.since, dueAt: due }];
    }
  }
  for (const { step, workItem, since } of state.parked.values()) {
    if (isAsked(step)) yield [step, workItem, { state: "waiting", since }];
  }
  for (const [index, { queue }] of state.steps.entries()) {
    if (!isAsked(index)) continue;
    for (const item of queue) yield [index, item, { state: "queued", since: item.since }];
  }
}
