/**
 * One command for many runs: one run after the other, so that it can be stopped between two of them and one that
 * fails keeps none of the others. What cannot be undone once it is done is held back for a while first: until then it
 * can be taken back, and nothing has happened. Whoever leaves the page meanwhile has not confirmed it: it is dropped.
 */
import type { EngineControl, RunSummary } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import { toErrorText } from "../source/error-text.ts";
import { formatPlural } from "./format.ts";
import type { InspectorState } from "./inspector-state.ts";
import { isEnded } from "./inspector-state.ts";
import type { RunVerb, RunWork } from "./run-command.ts";
import { mergeRuns } from "./run-list.ts";

export interface RunWorker {
  /** Does it for those of the runs that it can be done for. Several at once go on side by side. */
  begin(verb: RunVerb, runIds: readonly string[], reason?: string): void;
  /** Takes back what is held; null: the newest of them. False: nothing is. */
  undo(id: number | null): boolean;
  /** Begins what is held now. */
  confirm(id: number): void;
  /** The time of what is held stands still while somebody is at its notice. */
  linger(id: number, isThere: boolean): void;
  /** After the run that is under way nothing more. */
  stop(id: number): void;
  dismiss(id: number): void;
  /** The page is left. */
  close(): void;
}

interface WorkPorts {
  readonly source: EngineControl;
  readonly store: StoreApi<InspectorState>;
  readonly now: () => number;
  /** The open run is gone. */
  readonly onGone: (runId: string) => void;
  readonly saveFile: (name: string, file: Blob) => void;
}

/** Milliseconds in which a deletion can be taken back. */
export const UNDO_TIME = 10_000;
/** What is done without a fault is said for so long. */
const SHOWN_AFTER = 6_000;

/** Whether it means something for this run. */
export function isFitFor(verb: RunVerb, run: RunSummary | undefined): boolean {
  if (run === undefined) return false;
  if (verb === "cancel") return !isEnded(run.status) && run.readOnly !== true;
  if (verb === "resume") return run.pausedBecause !== undefined && !isEnded(run.status);
  return true;
}

export function createRunWorker(ports: WorkPorts): RunWorker {
  const { source, store, now } = ports;
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  const reasons = new Map<number, string>();
  let lastId = 0;

  const find = (id: number): RunWork | undefined => store.getState().works.find((work) => work.id === id);
  const change = (id: number, part: Partial<RunWork>): void =>
    store.setState(({ works }) => ({ works: works.map((work) => (work.id === id ? { ...work, ...part } : work)) }));
  const say = (announcement: string): void => store.setState({ announcement });
  const later = (id: number, work: () => void, delay: number): void => {
    clearTimeout(timers.get(id));
    timers.set(id, setTimeout(work, delay));
  };
  const drop = (id: number): void => {
    clearTimeout(timers.get(id));
    timers.delete(id);
    reasons.delete(id);
    store.setState(({ works }) => ({ works: works.filter((work) => work.id !== id) }));
  };

  async function doOne(work: RunWork, runId: string, lines: BlobPart[]): Promise<void> {
    switch (work.verb) {
      case "cancel":
        return source.cancelRun(runId, reasons.get(work.id));
      case "resume":
        return source.resumeRun(runId);
      case "export":
        lines.push(`${JSON.stringify(await source.exportRun(runId))}\n`);
        return;
      case "delete":
        await source.deleteRun(runId);
        ports.onGone(runId);
        store.setState((state) => mergeRuns(state, [], [runId]));
    }
  }

  async function go(id: number): Promise<void> {
    const work = find(id);
    if (work === undefined || work.phase !== "held") return;
    clearTimeout(timers.get(id));
    change(id, { phase: "going", beginsAt: null });
    const lines: BlobPart[] = [];
    for (const runId of work.runIds) {
      const known = find(id);
      if (known?.phase !== "going") break;
      let { failures } = known;
      await doOne(work, runId, lines).catch((error: unknown) => {
        failures = [...failures, { runId, error: toErrorText(error) }];
      });
      change(id, { tried: (find(id)?.tried ?? 0) + 1, failures });
    }
    if (lines.length > 0) ports.saveFile(fileName(now()), new Blob(lines, { type: "application/jsonl" }));
    finish(id);
  }

  function finish(id: number): void {
    const work = find(id);
    if (work === undefined) return;
    if (work.phase === "going") change(id, { phase: "ended" });
    say(whatWasDone(find(id) ?? work));
    if (work.failures.length === 0) later(id, () => drop(id), SHOWN_AFTER);
  }

  return {
    begin(verb, runIds, reason = "") {
      const { runs, works } = store.getState();
      const leaving = new Set(works.flatMap((work) => (isDeleting(work) ? work.runIds : [])));
      const fit = runIds.filter((runId) => isFitFor(verb, runs[runId]) && !(verb === "delete" && leaving.has(runId)));
      if (fit.length === 0) return;
      lastId += 1;
      const id = lastId;
      const isHeld = verb === "delete";
      const beginsAt = isHeld ? now() + UNDO_TIME : null;
      const work: RunWork = { id, verb, runIds: fit, phase: "held", beginsAt, tried: 0, failures: [] };
      if (reason !== "") reasons.set(id, reason);
      store.setState({ works: [...works, work] });
      if (!isHeld) return void go(id);
      later(id, () => void go(id), UNDO_TIME);
      say(`${formatPlural(fit.length, "run")} will be deleted. Undo with U.`);
    },
    undo(id) {
      const held = store.getState().works.findLast((work) => work.phase === "held" && (id ?? work.id) === work.id);
      if (held === undefined) return false;
      drop(held.id);
      say(`${formatPlural(held.runIds.length, "run")} kept.`);
      return true;
    },
    confirm(id) {
      void go(id);
    },
    linger(id, isThere) {
      if (find(id)?.phase !== "held") return;
      change(id, { beginsAt: isThere ? null : now() + UNDO_TIME });
      if (isThere) clearTimeout(timers.get(id));
      else later(id, () => void go(id), UNDO_TIME);
    },
    stop(id) {
      if (find(id)?.phase === "going") change(id, { phase: "stopped" });
    },
    dismiss: drop,
    close() {
      for (const { id, phase } of store.getState().works) if (phase === "held") drop(id);
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** Its runs are going to be deleted, or are being so. */
export function isDeleting({ verb, phase }: RunWork): boolean {
  return verb === "delete" && (phase === "held" || phase === "going");
}

const DONE: { readonly [verb in RunVerb]: string } = {
  cancel: "cancelled",
  resume: "resumed",
  export: "exported",
  delete: "deleted",
};

/** "40 runs deleted.", "12 of 40 runs exported, 1 failed." */
export function whatWasDone({ verb, runIds, tried, failures }: RunWork): string {
  const done = tried - failures.length;
  const all = formatPlural(runIds.length, "run");
  const failed = failures.length === 0 ? "" : `, ${failures.length} failed`;
  return `${done === runIds.length ? all : `${done} of ${all}`} ${DONE[verb]}${failed}.`;
}

function fileName(now: number): string {
  return `tickwork-runs-${new Date(now).toISOString().slice(0, 19).replaceAll(":", "-")}.jsonl`;
}
