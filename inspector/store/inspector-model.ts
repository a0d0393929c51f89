/**
 * The inspector without React: one store, and the functions that change it. Components read the store and call
 * these functions; every decision is here or in the pure modules beside it.
 */
import type { EngineControl, TickSummary } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import { createStore } from "zustand/vanilla";
import { ENGINE_ELSEWHERE, ENGINE_RESTARTING, toErrorText } from "../source/error-text.ts";
import type { Scheduler } from "../source/frame-scheduler.ts";
import { createFrameScheduler } from "../source/frame-scheduler.ts";
import type { Arrival, News } from "../source/live-feed.ts";
import { openLiveFeed } from "../source/live-feed.ts";
import { saveFile } from "../source/save-file.ts";
import { announceNews } from "./announcer.ts";
import type { Commands } from "./commands.ts";
import { createCommands } from "./commands.ts";
import type { Debugging } from "./debugging.ts";
import { createDebugging } from "./debugging.ts";
import { abilitiesOf, createHealthReader } from "./health.ts";
import type { Drafts } from "./drafts.ts";
import { createDrafts } from "./drafts.ts";
import type { Health } from "./health-row.ts";
import type { HintMarks } from "./hint-marks.ts";
import { createHintMarks } from "./hint-marks.ts";
import type { InboxControl } from "./inbox-control.ts";
import { createInboxControl } from "./inbox-control.ts";
import type { InspectorState } from "./inspector-state.ts";
import { initialState, NO_RUN_STATE } from "./inspector-state.ts";
import type { Navigation } from "./navigation.ts";
import { createNavigation } from "./navigation.ts";
import type { PartHub } from "./part-hub.ts";
import { createPartHub } from "./part-hub.ts";
import type { PreferencesStorage } from "./preferences.ts";
import { createPreferencesStorage } from "./preferences.ts";
import { isFilterOpen, mergeRuns } from "./run-list.ts";
import type { RunPicker } from "./run-picks.ts";
import { createRunPicker } from "./run-picks.ts";
import { openRunSession } from "./run-session.ts";
import type { RunWorker } from "./run-work.ts";
import { createRunWorker } from "./run-work.ts";
import { createTrafficCounter } from "./traffic.ts";

export type TicksListener = (ticks: readonly TickSummary[], skipped: number) => void;

export interface InspectorModel {
  readonly source: EngineControl;
  readonly store: StoreApi<InspectorState>;
  /** For those of whom there are hundreds. */
  readonly parts: PartHub<InspectorState>;
  readonly navigation: Navigation;
  readonly commands: Commands;
  readonly inbox: InboxControl;
  readonly drafts: Drafts;
  readonly debugging: Debugging;
  readonly picker: RunPicker;
  /** Commands for many runs. */
  readonly works: RunWorker;
  /** The steps of the open run that a hint is about. */
  readonly hintMarks: (state: InspectorState) => HintMarks;
  /** How the engine was at most a second before this state. */
  readonly health: (state: InspectorState) => Health;
  /** Ticks as they happen, for particles, and how many more did; returns unsubscribe. */
  onTicks(listener: TicksListener): () => void;
  /** The next page; while one is being loaded nothing. */
  loadMoreRuns(): void;
  /** Page after page, up to `MOST_RUNS`: then counts and filters are of all runs. */
  loadAllRuns(): void;
  /** Begins to load and to listen; returns stop. May be called again after stop. */
  start(): () => void;
}

export interface ModelOptions {
  readonly scheduler?: Scheduler;
  readonly now?: () => number;
  readonly preferences?: PreferencesStorage;
  /** Default: what is typed lasts as long as its form. */
  readonly drafts?: Drafts;
  /** Milliseconds between two looks at what waits for a person, while news of it comes; default 400. */
  readonly inboxInterval?: number;
  /** Gives a file to whoever asked; default: the browser's download. */
  readonly saveFile?: (name: string, file: Blob) => void;
}

/** The first page is small, so that something is shown soon. */
const RUNS_PER_PAGE = 100;
const RUNS_PER_FURTHER_PAGE = 500;
/** More runs than that are not kept in the page. */
export const MOST_RUNS = 10_000;
/** Seconds between two looks at the storage; while the health view is open it is looked at every second. */
const STORAGE_INTERVAL = 5;

export function createInspectorModel(source: EngineControl, options: ModelOptions = {}): InspectorModel {
  const now = options.now ?? Date.now;
  const scheduler = options.scheduler ?? createFrameScheduler();
  const preferences = options.preferences ?? createPreferencesStorage(null);
  const store = createStore<InspectorState>(() => ({ ...initialState(now()), preferences: preferences.read() }));
  const tickListeners = new Set<TicksListener>();
  const traffic = createTrafficCounter();
  const inbox = createInboxControl(source, store, now, options.inboxInterval);
  let closeFeed: (() => void) | null = null;
  let isRunning = false;

  const emitTicks: TicksListener = (ticks, skipped) => {
    for (const listener of tickListeners) listener(ticks, skipped);
  };
  const applyNews = (news: News, arrival: Arrival): void => {
    const before = store.getState();
    traffic.note(news.runs, before.runs, arrival);
    store.setState((state) => mergeRuns(state, news.runs, news.deletedRuns));
    inbox.noteRuns(news.runs, news.deletedRuns);
    const announcement = announceNews(before, store.getState(), news);
    if (announcement !== null) store.setState({ announcement });
    const { runId } = store.getState();
    if (runId !== null && news.deletedRuns.includes(runId)) navigation.openRun(null);
  };

  function close(): void {
    store.getState().session?.close();
    closeFeed?.();
    closeFeed = null;
  }

  /** One subscription at a time: to the open run, or to the list of runs alone. */
  function openSession(runId: string | null): void {
    const isSwitch = closeFeed !== null || store.getState().session !== null;
    close();
    store.setState(NO_RUN_STATE);
    if (!isRunning) return;
    if (runId === null) closeFeed = openLiveFeed(source, "*", scheduler, applyNews);
    else openRunSession(runId, { source, store, scheduler, now, onNews: applyNews, onTicks: emitTicks }).showTick();
    if (isSwitch) void readNewestRuns();
  }

  /** What the feed before was about to tell of other runs: the new one tells only what comes after. */
  async function readNewestRuns(): Promise<void> {
    try {
      const { runs } = await source.listRuns({ limit: RUNS_PER_PAGE });
      if (isRunning) store.setState((state) => mergeRuns(state, runs));
    } catch {
      // The list stays as it is; what is wrong with the engine is said where it is looked after.
    }
  }

  async function loadRuns(before: string | null): Promise<void> {
    store.setState({ isLoadingRuns: true });
    try {
      const [list, workflows] = await Promise.all([
        source.listRuns(before === null ? { limit: RUNS_PER_PAGE } : { limit: RUNS_PER_FURTHER_PAGE, before }),
        source.describeWorkflows(),
      ]);
      if (!isRunning) return;
      store.setState((state) => ({
        ...mergeRuns(state, list.runs),
        nextBefore: list.nextBefore ?? null,
        isLoadingRuns: false,
        workflows,
        connection: "ready",
        problem: null,
      }));
    } catch (error) {
      if (isRunning) store.setState({ connection: "unavailable", problem: toErrorText(error), isLoadingRuns: false });
    }
  }

  /** One page at a time, and between two of them the page draws. */
  async function loadAllRuns(): Promise<void> {
    for (;;) {
      const { nextBefore, runIds, isLoadingRuns, connection } = store.getState();
      if (!isRunning || isLoadingRuns || connection !== "ready") return;
      if (nextBefore === null || runIds.length >= MOST_RUNS) return;
      await loadRuns(nextBefore);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** One question at a time: an engine that is busy is not asked again before it answered. */
  async function loadStorage(): Promise<void> {
    if (store.getState().storageAskedAt !== null) return;
    store.setState({ storageAskedAt: now() });
    try {
      const storage = await source.storage();
      if (isRunning) store.setState({ storage, storageAt: now() });
      if (isRunning && store.getState().connection === "unavailable") void loadRuns(null);
    } catch (error) {
      if (isRunning) store.setState({ connection: "unavailable", problem: toErrorText(error) });
    } finally {
      store.setState({ storageAskedAt: null });
    }
  }

  /** Says at once that the engine is away, and looks again at once when it is back. */
  function followConnection(): void {
    const { engine: before } = store.getState();
    const engine = source.connection ?? null;
    const isSame = before?.state === engine?.state && before?.isElsewhere === engine?.isElsewhere;
    store.setState({ engine, ...(!isSame && { engineSince: now() }) });
    const { state, reason, otherVersion } = engine ?? { state: "ready", reason: null, otherVersion: null };
    store.setState({ otherVersion: state === "waiting" ? null : otherVersion });
    if (state === "ready") {
      if (store.getState().connection !== "unavailable") return;
      void loadRuns(null);
      void inbox.load();
      void loadStorage();
      store.getState().session?.pages.retry();
    } else if (reason !== null) {
      const code =
        state === "waiting"
          ? (engine?.code ?? ENGINE_ELSEWHERE)
          : state === "restarting"
            ? ENGINE_RESTARTING
            : undefined;
      const problem = { name: "EngineUnavailableError", message: reason, ...(code !== undefined && { code }) };
      store.setState({ connection: "unavailable", problem });
    }
  }

  const navigation = createNavigation({ store, openSession, emitTicks, preferences });
  const model: InspectorModel = {
    source,
    store,
    parts: createPartHub(store),
    navigation,
    commands: createCommands(source, store, navigation),
    inbox,
    drafts: options.drafts ?? createDrafts(null, () => ""),
    debugging: createDebugging(source, store),
    picker: createRunPicker(store),
    works: createRunWorker({
      source,
      store,
      now,
      onGone: (runId) => {
        if (store.getState().runId === runId) navigation.openRun(null);
      },
      saveFile: options.saveFile ?? saveFile,
    }),
    hintMarks: createHintMarks(),
    health: createHealthReader(abilitiesOf(source)),
    onTicks(listener) {
      tickListeners.add(listener);
      return () => tickListeners.delete(listener);
    },
    loadMoreRuns() {
      const { nextBefore, runIds, isLoadingRuns } = store.getState();
      if (nextBefore !== null && !isLoadingRuns && runIds.length < MOST_RUNS) void loadRuns(nextBefore);
    },
    loadAllRuns() {
      void loadAllRuns();
    },
    start() {
      isRunning = true;
      inbox.open();
      void loadRuns(null);
      void loadStorage();
      openSession(store.getState().runId);
      const stopFollowing = source.onConnectionChange?.(followConnection);
      followConnection();
      const isShown = (): boolean => typeof document === "undefined" || !document.hidden;
      let seconds = 0;
      const clock = setInterval(() => {
        if (!isShown()) return;
        seconds += 1;
        store.setState({ now: now(), traffic: traffic.read(now()) });
        if (store.getState().isHealthOpen || seconds % STORAGE_INTERVAL === 0) void loadStorage();
      }, 1_000);
      const stopLooking = store.subscribe((state, before) => {
        if (state.isHealthOpen && !before.isHealthOpen) void loadStorage();
        // What matches may be on any page.
        const isAsked = state.runFilter !== before.runFilter || before.nextBefore === null;
        if (isAsked && state.nextBefore !== null && !isFilterOpen(state.runFilter)) void loadAllRuns();
      });
      return () => {
        isRunning = false;
        stopFollowing?.();
        clearInterval(clock);
        stopLooking();
        navigation.pause();
        inbox.close();
        model.debugging.leave();
        model.works.close();
        close();
        store.setState({ session: null });
      };
    },
  };
  return model;
}
