/**
 * The ten mistakes that people make most, seen from a run: what the cause is and what to do. Pure. A hint is there only
 * where the state shows the mistake, never because it might be one.
 */
import type { DepthPoint, RunSummary, StepStatus, WaiterView, WorkItemView } from "tickwork/client";
import { formatAgo, formatCount, formatDuration, formatPlural } from "./format.ts";
import { isEnded } from "./inspector-state.ts";
import type { Part, Sentence } from "./sentence.ts";
import { listed, toEvent, toItem, toMoment, toStep } from "./sentence.ts";
import type { WhyInput } from "./why-waiting.ts";
import { nodeOf } from "./why-waiting.ts";

export const HINT_IDS = [
  "unaccepted-event",
  "step-never-reached",
  "missing-answer",
  "quota",
  "two-tabs",
  "version-mismatch",
  "retry-storm",
  "slot-starvation",
  "timeout",
  "stuck-stream",
] as const;
export type HintId = (typeof HINT_IDS)[number];

export interface Hint {
  readonly id: HintId;
  readonly title: string;
  readonly cause: Sentence;
  readonly remedy: string;
  /** Steps it is about; none: the run. */
  readonly steps: readonly string[];
}

export interface HintInput extends WhyInput {
  readonly depth: readonly DepthPoint[];
}

/** An answer that is owed for longer than this, in milliseconds, is told. */
const LONG_WAIT = 60_000;
/** Failed attempts within a minute that are a storm, if few succeed. */
const STORM = 30;
/** Work items before a step's slots that starve, per slot and at least, while what is in them takes longer than this. */
const STARVING_PER_SLOT = 10;
const STARVING = 20;
const LONG_WORK = 5_000;
const MOST_NAMED = 3;

/** The page of the guide that says more, without its ending. */
export const HINT_GUIDES: { readonly [id in HintId]: string } = {
  "unaccepted-event": "events",
  "step-never-reached": "joins",
  "missing-answer": "waiting",
  quota: "storage",
  "two-tabs": "in-a-worker",
  "version-mismatch": "changed-code",
  "retry-storm": "retries",
  "slot-starvation": "isolated-steps",
  timeout: "running",
  "stuck-stream": "lists",
};

const checks: { readonly [id in HintId]: (input: HintInput) => Omit<Hint, "id"> | null } = {
  "unaccepted-event": unacceptedEvent,
  "step-never-reached": stepNeverReached,
  "missing-answer": missingAnswer,
  quota,
  "two-tabs": twoTabs,
  "version-mismatch": versionMismatch,
  "retry-storm": retryStorm,
  "slot-starvation": slotStarvation,
  timeout,
  "stuck-stream": stuckStream,
};

/** The hint that a run's row can tell without being opened. */
export function hintOfRow({ status, mismatch, error }: RunSummary): HintId | null {
  if (mismatch !== undefined) return "version-mismatch";
  if (status === "timedOut") return "timeout";
  return error?.code === "STREAM_STUCK" ? "stuck-stream" : null;
}

export function hintsOf(input: HintInput): readonly Hint[] {
  return HINT_IDS.flatMap((id) => {
    const found = checks[id](input);
    return found === null ? [] : [{ id, ...found }];
  });
}

function unacceptedEvent({ view, graph }: HintInput) {
  const wanted = new Set(view?.waiters.map(({ type }) => type));
  const lost = view?.unclaimed?.filter(({ type }) => !wanted.has(type)) ?? [];
  // While work goes on, it may still be asked for.
  if (lost.length === 0 || graph.status === "running") return null;
  const [first] = lost;
  if (first === undefined) return null;
  return {
    title: `Nobody took ${first.type}`,
    cause: [
      toEvent(first.type),
      " came with ",
      toMoment(first.tick),
      `: ${first.preview}. No step accepts it and nothing waits for it`,
      lost.length > 1 ? `, as for ${formatPlural(lost.length - 1, "other event")}.` : ".",
    ],
    remedy: "Check its type. Let a step accept it or wait for it, or send it when the run asks for it.",
    steps: [],
  };
}

function stepNeverReached({ graph, view, description }: HintInput) {
  const isStuck = graph.status === "idle" && view?.waiters.length === 0 && view.workItems.length === 0;
  if (!isStuck && graph.status !== "timedOut") return null;
  const unreached = Object.values(graph.steps).filter(
    (status) => isUntouched(status) && nodeOf(description, status.step)?.catches === undefined,
  );
  const missing = [...new Set(unreached.flatMap(({ step }) => nodeOf(description, step)?.accepts ?? []))];
  if (unreached.length === 0 || view === null) return null;
  return {
    title:
      unreached.length === 1 ? "A step was never reached" : `${formatCount(unreached.length)} steps were never reached`,
    cause: [
      ...listed(
        unreached.map(({ step }) => toStep(step)),
        MOST_NAMED,
      ),
      " got no ",
      ...listed(missing.map(toEvent), MOST_NAMED),
      ", and nothing is under way that could make one.",
    ],
    remedy:
      "See whether the steps before it return or send that event in every case, and whether a set that is collected can become full.",
    steps: unreached.map(({ step }) => step),
  };
}

function isUntouched({ completed, failed, busy, queued, delayed, waiting }: StepStatus): boolean {
  return completed + failed + busy + queued + delayed + waiting === 0;
}

function missingAnswer({ view, graph, moment, run }: HintInput) {
  if (isEnded(graph.status)) return null;
  for (const waiter of view?.waiters ?? []) {
    const wrong = view?.unclaimed?.find(({ type }) => type === waiter.type);
    if (wrong !== undefined && waiter.requirements !== undefined) {
      return {
        title: `An answer came, but not the one that is waited for`,
        cause: [
          toEvent(waiter.type),
          " came with ",
          toMoment(wrong.tick),
          `: ${wrong.preview}. `,
          toStep(waiter.step),
          ` waits for one with ${fieldsOf(waiter)}.`,
        ],
        remedy: "Send it with those fields: they are compared by content.",
        steps: [waiter.step],
      };
    }
  }
  const owed =
    view?.waiters.filter(({ role, askedAt }) => role === "humanResponse" && moment - askedAt >= LONG_WAIT) ?? [];
  const [oldest] = owed.toSorted((a, b) => a.askedAt - b.askedAt);
  if (oldest === undefined || run?.readOnly === true) return null;
  return {
    title: `${oldest.type} is still missing`,
    cause: [toStep(oldest.step), ` asked for it ${formatAgo(oldest.askedAt, moment)}, and nobody has answered.`],
    remedy:
      oldest.dueAt === null
        ? "Answer in the form above, or send the event. This wait has no limit: give it a timeout if it must not last for ever."
        : "Answer in the form above, or send the event before the wait runs out.",
    steps: [oldest.step],
  };
}

function fieldsOf({ requirements }: WaiterView): string {
  return Object.entries(requirements ?? {})
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
    .join(" and ");
}

function quota({ now }: HintInput) {
  const state = now?.storage?.state;
  if (state !== "full" && state !== "nearlyFull") return null;
  const isFull = state === "full";
  return {
    title: isFull ? "The storage is full" : "The storage is nearly full",
    cause: [
      isFull
        ? "The browser gives this site no more room, so ticks cannot be written and no step begins."
        : "More than 90 % of what the browser allows this site is used. When it is full, runs pause.",
    ],
    remedy: "Delete runs that are done with, or let workflows say how long their runs are kept (retention).",
    steps: [],
  };
}

function twoTabs({ now }: HintInput) {
  const engine = now?.engine;
  const isTaken = now?.storage?.state === "takenOver" || now?.storage?.state === "blocked";
  const isOther = typeof engine?.otherVersion === "string";
  if (engine?.state !== "waiting" && !isTaken && !isOther) return null;
  const why = engine?.otherVersion ?? engine?.reason ?? now?.storage?.problem?.message;
  return {
    title: isOther ? "Another tab runs another version of the app" : "Another tab has the engine",
    cause: [why ?? "One tab at a time writes this database; this one cannot reach the tab that does."],
    remedy: "Close the other tabs of this app, or reload them, so that all run the same version.",
    steps: [],
  };
}

function versionMismatch({ run, now }: HintInput) {
  if (now === undefined || run?.mismatch === undefined) return null;
  const { work, steps } = run.mismatch;
  return {
    title: "The code changed while this run was under way",
    cause: [
      `Its workflow has no place for ${formatPlural(work, "piece of its work", "pieces of its work")}, in `,
      ...listed(
        steps.map(({ step }) => toStep(step)),
        MOST_NAMED,
      ),
      ". The run is paused and has lost nothing.",
    ],
    remedy: "Bring those steps back, say with a migrate function what became of them, or resume without that work.",
    steps: steps.map(({ step }) => step),
  };
}

function retryStorm({ graph, depth, run, description }: HintInput) {
  if (run === null || graph.status === "completed") return null;
  const steps = Object.values(graph.steps).filter(
    ({ step, failed, completed, delayed }) =>
      failed >= STORM && failed > completed && delayed > 0 && nodeOf(description, step)?.hasRetryPolicy === true,
  );
  const [worst] = steps.toSorted((a, b) => b.failed - a.failed);
  if (worst === undefined) return null;
  const rate = failuresInLastMinute(depth, graph.sequence);
  if (rate < STORM) return null;
  return {
    title: "A storm of retries",
    cause: [
      toStep(worst.step),
      ` failed ${formatCount(worst.failed)} times and succeeded ${formatCount(worst.completed)} times; ${formatCount(rate)} attempts failed within the last minute.`,
      ...(worst.lastError === undefined ? [] : [` The last error: “${worst.lastError.slice(0, 120)}”.`]),
    ],
    remedy:
      "Wait longer between attempts, with growing delays and jitter, give up sooner, and do not retry errors that stay. Fewer slots ask the other side less.",
    steps: [worst.step],
  };
}

/** Up to the point of this sequence. */
function failuresInLastMinute(depth: readonly DepthPoint[], sequence: number): number {
  const past = depth.filter((point) => point.sequence <= sequence);
  const end = past.at(-1);
  if (end === undefined) return 0;
  const before = past.findLast(({ at }) => at <= end.at - 60_000);
  return end.failed - (before?.failed ?? 0);
}

function slotStarvation({ graph, view, moment }: HintInput) {
  if (graph.status !== "running") return null;
  for (const status of Object.values(graph.steps)) {
    const { step, queued, slots, busy } = status;
    if (queued < Math.max(STARVING, slots * STARVING_PER_SLOT) || busy < slots) continue;
    const items = view?.workItems.filter((item) => item.step === step && item.state === "running") ?? [];
    const held = items.filter(({ since }) => moment - since >= LONG_WORK);
    if (items.length === 0 || held.length < items.length) continue;
    return {
      title: "A queue grows behind busy slots",
      cause: [
        `${formatPlural(queued, "work item waits", "work items wait")} for ${slots === 1 ? "the one slot" : `the ${formatCount(slots)} slots`} of `,
        toStep(step),
        ", held by ",
        ...heldBy(held, moment),
        ".",
      ] as Part[],
      remedy:
        "Give the step more slots (numWorkers) if it waits for others, isolate it if it computes, and give what it waits for a time limit.",
      steps: [step],
    };
  }
  return null;
}

function heldBy(items: readonly WorkItemView[], moment: number): Sentence {
  const oldest = Math.min(...items.map(({ since }) => since));
  return [...listed(items.map(toItem), MOST_NAMED), ` for up to ${formatDuration(moment - oldest)}`];
}

function timeout({ graph, view }: HintInput) {
  if (graph.status !== "timedOut") return null;
  const active = [...new Set(view?.workItems.map(({ step }) => step))];
  return {
    title: "The run used up its time",
    cause: [
      "It was loaded for longer than its workflow allows",
      ...(active.length === 0 ? [] : [", while there was work in ", ...listed(active.map(toStep), MOST_NAMED)]),
      ".",
    ],
    remedy:
      "Raise the workflow's timeout, or set it to null for a run that waits for people. It kept what it had not done, and can be resumed.",
    steps: active,
  };
}

function stuckStream({ view }: HintInput) {
  if (view?.error?.code !== "STREAM_STUCK") return null;
  const { producer, joins, alive } = view.error.data ?? {};
  const waits = Array.isArray(joins) ? joins.filter((join): join is string => typeof join === "string") : [];
  return {
    title: "A list can never be complete",
    cause: [
      `${formatCount(Number(alive ?? 0))} of the list that `,
      toStep(typeof producer === "string" ? producer : ""),
      " returned wait in ",
      ...(waits.length === 0 ? ["a join"] : listed(waits.map(toStep), MOST_NAMED)),
      ", for events that nothing makes any more.",
    ],
    remedy:
      "Return an event for each element of the list, also where there is nothing to say of it, so that the join gets its whole set.",
    steps: waits,
  };
}
