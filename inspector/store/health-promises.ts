/** What the engine promises about runs, and whether it can keep that as things are now. */
import type { StorageStatus } from "tickwork/client";
import type { HealthBasis, PromiseRow } from "./health-row.ts";
import { STORAGE_WORDS } from "./health-durability.ts";

type Verdict = Omit<PromiseRow, "promise">;

const UNKNOWN: Verdict = { state: "unknown", because: "The engine has not said yet how it stores." };

export function promiseRows(basis: HealthBasis): readonly PromiseRow[] {
  const { storage } = basis;
  return [
    { promise: "What a reader saw is never undone", ...(storage === null ? UNKNOWN : seen(storage)) },
    { promise: "A step that finished is not run again", ...(storage === null ? UNKNOWN : finished(storage)) },
    { promise: "One engine owns the data", ...owner(basis) },
    { promise: "Runs survive a reload", ...(storage === null ? UNKNOWN : reload(storage)) },
  ];
}

function seen(storage: StorageStatus): Verdict {
  const no = withoutDisk(storage);
  if (no !== null) return no;
  return storage.problem === undefined
    ? kept("Events and results are given out when the tick they belong to is on disk.")
    : kept("While nothing can be written, nothing is given out either.");
}

function finished(storage: StorageStatus): Verdict {
  const no = withoutDisk(storage);
  if (no !== null) return no;
  return storage.problem === undefined
    ? kept("Its result is in the history, which a run goes on from.")
    : notNow(`${trouble(storage)}. Steps whose end is not written yet run again if this page closes now.`);
}

function owner({ engine, storage }: HealthBasis): Verdict {
  if (storage?.state === "takenOver" || storage?.state === "replaced")
    return kept("It is another one now: this one writes nothing any more.");
  switch (engine?.state) {
    case "starting":
      return { state: "unknown", because: "The engine is starting." };
    case "restarting":
      return notNow("at this moment none does. The next one starts, and takes the runs up.");
    case "failed":
    case "closed":
      return notNow("this tab has none any more. Another tab may.");
    case "waiting":
      return kept("It is in another tab.");
    case "ready":
      return kept(engine.isElsewhere ? "It is in another tab, and this one calls it." : "It is in this tab.");
    case undefined:
      return storage?.durable === true
        ? kept("It is the one that is called here.")
        : kept("Nobody else can reach what is in its memory.");
  }
}

function reload(storage: StorageStatus): Verdict {
  const no = withoutDisk(storage);
  if (no !== null) return no;
  if (storage.problem !== undefined) return notNow(`${trouble(storage)}. A reload goes back to the last tick on disk.`);
  return storage.persisted
    ? kept("They go on after the last tick, and the browser keeps the data.")
    : kept("They go on after the last tick, as long as the browser keeps the data.");
}

/** Nothing outlives the page: not even what was promised before. */
function withoutDisk({ durable, state }: StorageStatus): Verdict | null {
  if (!durable) return notNow("ticks are kept in memory only, and end with the page.");
  if (state === "deleted") return notNow("the database was deleted, and the histories with it.");
  return null;
}

function trouble({ state }: StorageStatus): string {
  const [words] = STORAGE_WORDS[state];
  return words.charAt(0).toLowerCase() + words.slice(1);
}

const kept = (because: string): Verdict => ({ state: "kept", because });
/** `because` goes on after "Not now, because". */
const notNow = (because: string): Verdict => ({ state: "notNow", because });
