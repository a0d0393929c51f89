/** Whether what happens is written down, how far, and what to do when it is not. */
import type { StorageProblem, StorageRemedy, StorageState } from "tickwork/client";
import { formatCount, formatPlural } from "./format.ts";
import type { HealthAbilities, HealthAction, HealthBasis, HealthRow, HealthTone } from "./health-row.ts";

export const STORAGE_WORDS: { readonly [state in StorageState]: readonly [words: string, tone: HealthTone] } = {
  ok: ["Works", "ok"],
  nearlyFull: ["Works, but storage is nearly full", "look"],
  retrying: ["A write failed and is tried again", "trouble"],
  full: ["Storage is full", "trouble"],
  lost: ["The browser closed the database; it is opened again", "trouble"],
  blocked: ["An older version of the app, in another tab, holds the database", "trouble"],
  denied: ["The browser allows no storage", "trouble"],
  newer: ["The database was written by a newer version of the app", "trouble"],
  replaced: ["Another tab brought a newer version of the database", "trouble"],
  takenOver: ["Another tab has taken over", "trouble"],
  deleted: ["The database was deleted", "trouble"],
};

/** What comes of it. What to do stands in the problem's message. */
const WAYS_OUT: { readonly [remedy in StorageRemedy]: string } = {
  wait: "You need not do anything: it is tried again until it works.",
  freeSpace: "Once there is room, runs go on by themselves.",
  allowStorage: "Once this site may store data, runs go on by themselves.",
  closeTabs: "Once they are closed, runs go on by themselves.",
  reload: "Nothing is written until then.",
};

export function durabilityRows(basis: HealthBasis, abilities: HealthAbilities): readonly HealthRow[] {
  const { storage } = basis;
  if (storage === null) return [{ label: "Ticks are written", value: "Not known yet", tone: "plain" }, newsRow(basis)];
  return [
    storage.durable
      ? { label: "Ticks are written", value: "To disk", tone: "ok", hint: "Nothing is given out before it is there." }
      : {
          label: "Ticks are written",
          value: "To memory only",
          tone: "look",
          hint: "Runs end with the page. A worker that serves them keeps them in the browser's database.",
        },
    writingRow(storage.state, storage.problem, abilities),
    lastTickRow(basis, storage.lastDurableSequence, storage.durable),
    newsRow(basis),
  ];
}

function writingRow(
  state: StorageState,
  problem: StorageProblem | undefined,
  { canRetry, canFree }: HealthAbilities,
): HealthRow {
  const [value, tone] = STORAGE_WORDS[state];
  const row = { label: "Writing", value, tone };
  const actions: HealthAction[] = [];
  if (canFree && (state === "nearlyFull" || problem?.remedy === "freeSpace"))
    actions.push({ does: "freeSpace", label: "Free space" });
  if (problem === undefined) {
    const hint = state === "nearlyFull" ? "Export runs worth keeping, then delete old ones." : "Every tick, in groups.";
    return { ...row, hint, actions };
  }
  if (problem.remedy === "reload") actions.push({ does: "reload", label: "Reload the page" });
  else if (canRetry) actions.push({ does: "retry", label: "Try again now" });
  return { ...row, hint: `${problem.message} ${WAYS_OUT[problem.remedy]}`, code: problem.code, actions };
}

function lastTickRow({ runs, runId }: HealthBasis, last: number, isDurable: boolean): HealthRow {
  const run = runId === null ? undefined : runs[runId];
  const tone = "plain";
  if (run === undefined) {
    const value = last === 0 ? "None" : `#${formatCount(last)}`;
    return { label: "Last durable tick", value, tone, hint: "Of the runs in memory, the highest." };
  }
  const label = "Open run";
  if (!isDurable) return { label, value: `#${formatCount(run.sequence)}`, tone, hint: "In memory." };
  const left = Math.max(0, run.sequence - run.durableSequence);
  return {
    label,
    value: `#${formatCount(run.durableSequence)} of #${formatCount(run.sequence)}`,
    tone,
    hint: left === 0 ? "All of it is on disk." : `${formatPlural(left, "tick")} on the way to the disk.`,
  };
}

function newsRow({ traffic: { batches, merged, skippedTicks, lost } }: HealthBasis): HealthRow {
  const left = `${formatPlural(skippedTicks, "tick")} left out, and read when they are shown.`;
  return {
    label: "News to this view",
    value:
      lost === 0
        ? formatPlural(batches, "batch", "batches")
        : `${formatCount(lost)} of ${formatCount(batches + lost)} lost`,
    tone: lost === 0 ? "plain" : "look",
    hint: `${formatCount(merged)} merged with another; ${left}`,
  };
}
