/** What the inspector asks the engine to do. A refused command is shown as a notice, with the engine's own words. */
import type { EngineControl, JsonObject, ResumeRunOptions, WaiterView, WorkflowEvent } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import { toErrorText } from "../source/error-text.ts";
import type { InspectorState } from "./inspector-state.ts";
import type { Navigation } from "./navigation.ts";

export interface Commands {
  /** Starts and opens a run. Rejects with the engine's error, for the form that asked. */
  start(workflow: string, input: unknown): Promise<string>;
  /** Rejects with the engine's error, for the form that asked. */
  answer(runId: string, waiter: WaiterView, data: unknown): Promise<void>;
  cancel(runId: string, reason: string): Promise<void>;
  /** Takes up a run that is paused. Why it still cannot go on is shown. */
  resume(runId: string, options?: ResumeRunOptions): Promise<void>;
  delete(runId: string): Promise<void>;
  /** The whole run as one JSON file; null when the engine could not give it. */
  export(runId: string): Promise<JsonObject | null>;
  /** Writes at once what waits for the storage to work again. */
  retryStorage(): Promise<void>;
  /** Asks the browser to keep what is stored, and says in a notice what it said. */
  keepStorage(): Promise<void>;
  /** Opens the run of a file, to be looked at. */
  import(file: Blob): Promise<void>;
  /** Starts and opens a run that begins after this tick of another one; null: the newest. */
  fork(runId: string, atSequence: number | null): Promise<void>;
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
  return {
    async start(workflow, input) {
      const runId = await source.startRun(workflow, input);
      navigation.openRun(runId);
      return runId;
    },
    async answer(runId, waiter, data) {
      const event: WorkflowEvent = { type: waiter.type, data };
      await source.sendEvent(runId, event);
      store.setState({ announcement: `${waiter.type} sent.` });
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
    async delete(runId) {
      const isDeleted = await attempt(async () => {
        await source.deleteRun(runId);
        return true;
      });
      if (isDeleted !== true) return;
      if (store.getState().runId === runId) navigation.openRun(null);
      store.setState((state) => {
        const { [runId]: _gone, ...runs } = state.runs;
        return { runs, runIds: state.runIds.filter((known) => known !== runId) };
      });
    },
    export: (runId) => attempt(() => source.exportRun(runId)),
    async retryStorage() {
      await attempt(async () => {
        await source.retryStorage?.();
        store.setState({ storage: await source.storage() });
      });
    },
    async keepStorage() {
      await attempt(async () => {
        const persisted = (await source.requestPersistence?.()) ?? false;
        store.setState(({ storage }) => ({
          storage: storage && { ...storage, persisted },
          announcement: persisted
            ? "The browser keeps what is stored here."
            : "The browser did not promise to keep what is stored here. It may once this site is used more, or installed.",
        }));
      });
    },
    async import(file) {
      const runId = await attempt(async () => source.importRun(JSON.parse(await file.text())));
      if (runId !== null) navigation.openRun(runId);
    },
    async fork(runId, atSequence) {
      const fork = await attempt(() => source.forkRun(runId, atSequence === null ? {} : { atSequence }));
      if (fork === null) return;
      navigation.openRun(fork);
      store.setState({ announcement: `Forked from ${runId}.` });
    },
  };
}
