/** What the inspector asks the engine to do. A refused command is shown as a notice, with the engine's own words. */
import type { EngineControl, JsonObject, PruneReport, ResumeRunOptions, WorkflowEvent } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import { toErrorText } from "../source/error-text.ts";
import { formatBytes, formatCount, formatPlural } from "./format.ts";
import type { InspectorState } from "./inspector-state.ts";
import type { Navigation } from "./navigation.ts";
import type { DraftEvent } from "./tick-draft.ts";

export interface Commands {
  /** Starts and opens a run. Rejects with the engine's error, for the form that asked. */
  start(workflow: string, input: unknown): Promise<string>;
  /** To a run, or to one of its steps. Rejects with the engine's error, for the form that asked. */
  send(runId: string, event: WorkflowEvent, step: string | null): Promise<void>;
  cancel(runId: string, reason: string): Promise<void>;
  /** Takes up a run that is paused. Why it still cannot go on is shown. */
  resume(runId: string, options?: ResumeRunOptions): Promise<void>;
  /** The whole run as one JSON file; null when the engine could not give it. */
  export(runId: string): Promise<JsonObject | null>;
  /** Writes at once what waits for the storage to work again. */
  retryStorage(): Promise<void>;
  /** Asks the browser to keep what is stored, and says in a notice what it said. */
  keepStorage(): Promise<void>;
  /** Packs what ended and drops what policies let go, tries again what waits for room, and says what was freed. */
  freeSpace(): Promise<void>;
  /** Opens the run of a file, to be looked at. */
  import(file: Blob): Promise<void>;
  /**
   * Starts and opens a run that begins after this tick of another one; null: the newest. An event is sent to it at
   * once. Gives its id; null when the engine refused.
   */
  fork(runId: string, atSequence: number | null, first?: DraftEvent | null): Promise<string | null>;
}

export function createCommands(
  source: EngineControl,
  store: StoreApi<InspectorState>,
  navigation: Navigation,
): Commands {
  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      store.setState({ notice: toErrorText(error) });
      return null;
    }
  }
  /** Spoken, and shown where it was asked for. */
  const say = (text: string): void => store.setState({ announcement: text, healthNote: text });
  async function lookAtStorage(): Promise<void> {
    const storage = await source.storage();
    store.setState({ storage });
  }
  return {
    async start(workflow, input) {
      const runId = await source.startRun(workflow, input);
      navigation.openRun(runId);
      return runId;
    },
    async send(runId, event, step) {
      await source.sendEvent(runId, event, step === null ? {} : { step });
      store.setState({ announcement: `${event.type} sent.` });
    },
    async cancel(runId, reason) {
      await attempt(() => (reason === "" ? source.cancelRun(runId) : source.cancelRun(runId, reason)));
    },
    async resume(runId, options = {}) {
      const isResumed = await attempt(async () => {
        await source.resumeRun(runId, options);
        return true;
      });
      if (isResumed) store.setState({ announcement: "The run goes on." });
    },
    export: (runId) => attempt(() => source.exportRun(runId)),
    async retryStorage() {
      await attempt(async () => {
        await source.retryStorage?.();
        await lookAtStorage();
        const { problem } = store.getState().storage ?? {};
        say(
          problem === undefined
            ? "Ticks are written again."
            : "It is tried again now. When it works, this changes by itself.",
        );
      });
    },
    async keepStorage() {
      await attempt(async () => {
        const persisted = (await source.requestPersistence?.()) ?? false;
        store.setState(({ storage }) => ({ storage: storage && { ...storage, persisted } }));
        say(
          persisted
            ? "The browser keeps what is stored here."
            : "The browser did not promise to keep what is stored here. It may once this site is used more, or installed.",
        );
      });
    },
    async freeSpace() {
      if (store.getState().isFreeingSpace) return;
      store.setState({ isFreeingSpace: true });
      await attempt(async () => {
        const report = await source.prune?.();
        if (report === undefined) return;
        say(whatWasFreed(report));
        if (store.getState().storage?.problem !== undefined) await source.retryStorage?.();
        await lookAtStorage();
      });
      store.setState({ isFreeingSpace: false });
    },
    async import(file) {
      const runId = await attempt(() => source.importRun(file));
      if (runId !== null) navigation.openRun(runId);
    },
    async fork(runId, atSequence, first = null) {
      const fork = await attempt(() => source.forkRun(runId, atSequence === null ? {} : { atSequence }));
      if (fork === null) return null;
      navigation.openRun(fork);
      const where = atSequence === null ? "" : ` at tick ${formatCount(atSequence)}`;
      store.setState({ announcement: `Forked from ${runId}${where}. The new run is ${fork}.` });
      if (first !== null) {
        const { event, ...address } = first;
        await attempt(() => source.sendEvent(fork, event, address));
      }
      return fork;
    },
  };
}

function whatWasFreed({ freedBytes, compactedRuns, deletedRuns }: PruneReport): string {
  const done = [
    ...(compactedRuns.length > 0 ? [`${formatPlural(compactedRuns.length, "run")} packed`] : []),
    ...(deletedRuns.length > 0 ? [`${formatPlural(deletedRuns.length, "run")} deleted, as its policy says`] : []),
  ];
  if (done.length === 0)
    return "Nothing to free: what ended is packed already. Export runs worth keeping, then delete some.";
  return `${formatBytes(freedBytes)} freed: ${done.join(", ")}.`;
}
