/** A difference between two states, as people say it. Pure. */
import type { StateDifference, StepDifference, WorkItemDifference, WorkItemPlace } from "tickwork/client";
import { formatCount } from "./format.ts";
import { ITEM_WORDS, STATUS_WORDS } from "./status-words.ts";

export interface NumberChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What of the run as a whole differs. */
export function runChanges({ from, to }: StateDifference): readonly NumberChange[] {
  const changes: readonly (readonly [string, string, string])[] = [
    ["Status", STATUS_WORDS[from.status], STATUS_WORDS[to.status]],
    ["Published", formatCount(from.published), formatCount(to.published)],
    ["Late results", formatCount(from.dropped), formatCount(to.dropped)],
  ];
  return changes
    .filter(([, before, after]) => before !== after)
    .map(([name, before, after]) => ({ name, before, after }));
}

const COUNTS = ["busy", "queued", "delayed", "waiting", "completed", "failed", "slots"] as const;
const COUNT_WORDS: { readonly [name in (typeof COUNTS)[number]]: string } = {
  busy: "Busy",
  queued: "Queued",
  delayed: "Backing off",
  waiting: "Waiting",
  completed: "Done",
  failed: "Failed attempts",
  slots: "Slots",
};

/** The numbers of a step that differ. */
export function stepChanges({ before, after }: StepDifference): readonly NumberChange[] {
  const changes: NumberChange[] = [];
  const say = (name: string, was: string, is: string): void => {
    if (was !== is) changes.push({ name, before: was, after: is });
  };
  for (const name of COUNTS) {
    say(COUNT_WORDS[name], numberOr(before?.[name]), numberOr(after?.[name]));
  }
  say("Collected", collected(before?.collected), collected(after?.collected));
  return changes;
}

function numberOr(count: number | undefined): string {
  return count === undefined ? "not there" : formatCount(count);
}

function collected(set: { readonly have: number; readonly want: number } | undefined): string {
  return set === undefined ? "none" : `${formatCount(set.have)} of ${formatCount(set.want)}`;
}

/** "new: Queued", "Queued → Running", "gone, was Running". */
export function workItemWords({ before, after }: WorkItemDifference): string {
  if (after === null) return before === null ? "" : `gone, was ${placeWords(before)}`;
  if (before === null) return `new, ${placeWords(after)}`;
  return `${placeWords(before)} → ${placeWords(after)}`;
}

function placeWords({ state, attempt }: WorkItemPlace): string {
  const word = ITEM_WORDS[state].toLowerCase();
  return attempt > 1 ? `${word} (attempt ${attempt})` : word;
}

/** "profile.columns[3].name" */
export function pathWords(path: readonly (string | number)[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return text.replace(/^\./, "") || "the whole store";
}

export function isSame(difference: StateDifference): boolean {
  const { storeCount, steps, workItemCount, waiterCount, result, error } = difference;
  const counts = storeCount + steps.length + workItemCount + waiterCount + runChanges(difference).length;
  return counts === 0 && result === undefined && error === undefined;
}
