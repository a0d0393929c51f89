/** What a row of the list says of a run beside its name. */
import type { RunSummary } from "tickwork/client";
import { formatCoarse, formatCount, formatDuration } from "./format.ts";
import { isEnded } from "./inspector-state.ts";
import { STATUS_WORDS } from "./status-words.ts";

/** The one thing worth knowing about a run beside its status: how long, why, for what. */
export function noteOf(run: RunSummary, now: number): string {
  const word = STATUS_WORDS[run.status];
  if (isEnded(run.status)) {
    const took = formatDuration(run.updatedAt - run.createdAt);
    if (run.status === "completed") return `${word} in ${took}`;
    const why = run.error === undefined ? `at tick ${formatCount(run.sequence)}` : run.error.message;
    return `${word} after ${took} · ${why}`;
  }
  const asks = run.waiting > 0 && run.waitingFor.length > 0 ? `for ${run.waitingFor.join(", ")}` : null;
  if (run.pausedBecause !== undefined) {
    return `Paused · ${run.pausedBecause}${asks === null ? "" : ` · waits ${asks}`}`;
  }
  if (asks !== null && run.busy === 0) {
    const { idleSince } = run;
    return idleSince === undefined ? `Waiting ${asks}` : `Waiting ${formatCoarse(now - idleSince)} ${asks}`;
  }
  const age = now - run.createdAt;
  const since = age < 1_000 ? word : `${word} for ${formatCoarse(age)}`;
  if (run.busy + run.queued === 0) return since;
  const work = [
    ...(run.busy > 0 ? [`${formatCount(run.busy)} busy`] : []),
    ...(run.queued > 0 ? [`${formatCount(run.queued)} queued`] : []),
  ];
  return `${since} · ${work.join(", ")}`;
}

/** How long a run takes: to the second while it goes on before one's eyes, else exactly. The same in every view. */
export function lengthOf({ createdAt }: RunSummary, moment: number, isGoing: boolean): string {
  const length = moment - createdAt;
  return formatDuration(isGoing && length >= 1_000 ? Math.floor(length / 1_000) * 1_000 : length);
}

/** Ticks that are not on disk after so many milliseconds are worth a word. */
const LATE = 1_000;

/** What is to come, or not yet there; empty for most. `isDurable`: ticks are written to disk here. */
export function asideOf(run: RunSummary, now: number, isDurable: boolean): string {
  const isLate = run.durableSequence < run.sequence && now - run.updatedAt >= LATE;
  if (isDurable && isLate) return `on disk to #${formatCount(run.durableSequence)}`;
  if (run.deletesAt === undefined) return "";
  const left = run.deletesAt - now;
  return left <= 0 ? "deleted soon" : `deleted in ${formatCoarse(left)}`;
}
