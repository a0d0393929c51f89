/** Loads what waits for a person, keeps it as it is, and sends answers: each exactly once. */
import type { EngineControl, OpenWaiter, RunSummary, WorkflowEvent } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import { ENGINE_RESTARTING, toErrorText } from "../source/error-text.ts";
import { findWaitEnd } from "../source/find-answer.ts";
import { formatPlural } from "./format.ts";
import type { Inbox, InboxItem, InboxPhase } from "./inbox.ts";
import { addWaiters, dismiss, inboxKey, openItems, setPhase, setWaitersOf, whyOver } from "./inbox.ts";
import type { InspectorState } from "./inspector-state.ts";

export interface InboxControl {
  /** Begins, and may begin again after `close`. */
  open(): void;
  load(): Promise<void>;
  loadMore(): Promise<void>;
  /** These runs changed, or are gone. */
  noteRuns(runs: readonly RunSummary[], deleted: readonly string[]): void;
  /**
   * Answers this one wait. Resolves when the run has the answer; rejects with the engine's error, for the form that
   * asked. Where the engine went away meanwhile, it is looked up whether the answer arrived.
   */
  answer(asked: OpenWaiter, data: unknown): Promise<void>;
  dismiss(keys: readonly string[]): void;
  close(): void;
}

const PER_PAGE = 200;
/** Milliseconds between two looks at what changed. */
const INTERVAL = 400;
/** More runs than this changed at once: all is loaded anew. */
const RUNS_AT_ONCE = 20;

export function createInboxControl(
  source: EngineControl,
  store: StoreApi<InspectorState>,
  now: () => number,
  interval: number = INTERVAL,
): InboxControl {
  /** null: it was deleted. */
  const changed = new Map<string, RunSummary | null>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isClosed = true;

  const update = (change: (inbox: Inbox) => Inbox): void => {
    if (!isClosed) store.setState((state) => ({ inbox: change(state.inbox) }));
  };
  const phaseOf = (item: InboxItem, run: RunSummary | null | undefined): InboxPhase =>
    whyOver(item, run ?? (run === null ? undefined : store.getState().runs[item.runId]), now());

  /** A wait that is over with its time or its run may have been answered before: the history tells. */
  async function lookUp(item: InboxItem): Promise<void> {
    const end = await findWaitEnd(source, item).catch(() => null);
    if (end !== null) update((inbox) => setPhase(inbox, item.key, end.kind));
  }

  async function refresh(runId: string, run: RunSummary | null): Promise<void> {
    const { waiters } = run === null ? { waiters: [] } : await source.listWaiters({ runId, limit: PER_PAGE });
    const unsure: InboxItem[] = [];
    update((inbox) =>
      setWaitersOf(inbox, runId, waiters, (item) => {
        const phase = phaseOf(item, run);
        if (phase === "expired" || phase === "ended") unsure.push(item);
        return phase;
      }),
    );
    await Promise.all(unsure.slice(0, RUNS_AT_ONCE).map(lookUp));
  }

  async function refreshChanged(): Promise<void> {
    const runs = [...changed];
    changed.clear();
    try {
      if (runs.length > RUNS_AT_ONCE) await control.load();
      else for (const [runId, run] of runs) await refresh(runId, run);
    } catch (error) {
      update((inbox) => ({ ...inbox, problem: toErrorText(error) }));
    }
    timer = null;
    if (changed.size > 0) schedule();
  }

  function schedule(): void {
    if (!isClosed) timer ??= setTimeout(() => void refreshChanged(), interval);
  }

  /** The reply was lost with the engine. Of an answer meant for one waiter a second one is refused, so nothing is sent twice. */
  async function didArrive(asked: OpenWaiter, data: unknown): Promise<boolean> {
    const { runId, waiter } = asked;
    const { waiters } = await source.listWaiters({ runId, limit: PER_PAGE });
    if (waiters.some((each) => each.waiter.waiter === waiter.waiter)) return false;
    const end = await findWaitEnd(source, asked);
    if (end?.kind === "answered" && JSON.stringify(end.data) === JSON.stringify(data)) return true;
    throw Object.assign(
      new Error("Nobody waits for this answer any more: it was given elsewhere, or its time is over."),
      {
        name: "WorkflowRuntimeError",
        code: "WAITER_GONE",
      },
    );
  }

  async function send(asked: OpenWaiter, data: unknown): Promise<void> {
    const { runId, waiter } = asked;
    const event: WorkflowEvent = { type: waiter.type, data };
    try {
      await source.sendEvent(runId, event, { waiter: waiter.waiter });
    } catch (error) {
      if (toErrorText(error).code !== ENGINE_RESTARTING) throw error;
      if (await didArrive(asked, data)) return;
      throw Object.assign(
        new Error("The engine stopped before it took this answer. Nothing was sent: send it again."),
        {
          name: "EngineUnavailableError",
          code: ENGINE_RESTARTING,
        },
      );
    }
  }

  const control: InboxControl = {
    open() {
      isClosed = false;
      void control.load();
    },
    async load() {
      try {
        const { waiters, nextBefore } = await source.listWaiters({ limit: PER_PAGE });
        update((inbox) => {
          const runIds = new Set(inbox.items.map(({ runId }) => runId));
          let next = addWaiters(inbox, waiters);
          // Of a run behind the end of this page nothing is known.
          for (const runId of nextBefore === undefined ? runIds : [])
            next = setWaitersOf(next, runId, waiters.filter((each) => each.runId === runId), (item) => phaseOf(item, undefined)); // prettier-ignore
          return { ...next, nextBefore: nextBefore ?? null, isLoaded: true, problem: null };
        });
      } catch (error) {
        update((inbox) => ({ ...inbox, problem: toErrorText(error) }));
      }
    },
    async loadMore() {
      const before = store.getState().inbox.nextBefore;
      if (before === null) return;
      try {
        const { waiters, nextBefore } = await source.listWaiters({ limit: PER_PAGE, before });
        update((inbox) => ({ ...addWaiters(inbox, waiters), nextBefore: nextBefore ?? null, problem: null }));
      } catch (error) {
        update((inbox) => ({ ...inbox, problem: toErrorText(error) }));
      }
    },
    noteRuns(runs, deleted) {
      const { items } = store.getState().inbox;
      const isShown = (runId: string): boolean => items.some((item) => item.runId === runId);
      for (const run of runs)
        if (run.readOnly !== true && (run.waiting > 0 || isShown(run.runId))) changed.set(run.runId, run);
      for (const runId of deleted) if (isShown(runId)) changed.set(runId, null);
      if (changed.size > 0) schedule();
    },
    async answer(asked, data) {
      const key = inboxKey({ runId: asked.runId, waiter: asked.waiter.waiter });
      update((inbox) => setPhase(addWaiters(inbox, [asked]), key, "sending"));
      try {
        await send(asked, data);
        update((inbox) => setPhase(inbox, key, "sent"));
        const left = openItems(store.getState().inbox).length;
        const rest = left === 0 ? "Nothing else waits." : `${formatPlural(left, "question")} left.`;
        store.setState({ announcement: `${asked.waiter.type} sent. ${rest}` });
      } catch (error) {
        const isGone = toErrorText(error).code === "WAITER_GONE" || toErrorText(error).code === "RUN_ENDED";
        const item = store.getState().inbox.items.find((each) => each.key === key);
        update((inbox) => setPhase(inbox, key, isGone && item !== undefined ? phaseOf(item, undefined) : "open"));
        if (isGone && item !== undefined) await lookUp(item);
        throw error;
      }
    },
    dismiss(keys) {
      update((inbox) => dismiss(inbox, keys));
    },
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
  return control;
}
