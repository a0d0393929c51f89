/** Where the user is: which run, which tick, what is selected. All of it ends up in the URL. */
import type { TickSummary } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import { formatPlural } from "./format.ts";
import type { InboxRef } from "./inbox.ts";
import type { Dialog, InspectorState } from "./inspector-state.ts";
import { shownRange, shownTick } from "./inspector-state.ts";
import type {
  Bottom,
  DetailTab,
  GraphForm,
  LogFilter,
  Place,
  Panel,
  RunFilter,
  TimelinePlace,
  WhatIfPlace,
} from "./place.ts";
import { NO_LOG_FILTER, WHOLE_TIMELINE } from "./place.ts";
import type { Preferences, PreferencesStorage } from "./preferences.ts";
import { createPlayer } from "./player.ts";
import { parsePreferences } from "./preferences.ts";
import type { Selection } from "./selection.ts";
import { RUN_SELECTED } from "./selection.ts";
import { writeDraft } from "./tick-draft.ts";
import { toErrorText } from "../source/error-text.ts";

export interface Navigation {
  openRun(runId: string | null): void;
  /** What waits for a person; `item` opens one of it. */
  openInbox(item?: InboxRef | null): void;
  /** Opens the first of two runs, compared with the other; the other null: no longer compared. */
  compare(runId: string, other: string | null): void;
  /** From the URL, all at once. */
  goTo(place: Place): void;
  /** Shows the state at a tick, or follows the newest one again. In a sandbox: of the sandbox, from its tick on. */
  setPosition(position: "live" | number): void;
  /** Moves by ticks from what is shown; past the newest one it stays there. */
  step(by: number): void;
  /** `tab`: the part of its detail to show. */
  selectTick(sequence: number, tab?: DetailTab): void;
  select(selection: Selection): void;
  nextFailure(): Promise<void>;
  play(): void;
  pause(): void;
  setSpeed(speed: number): void;
  setPanel(panel: Panel): void;
  /** What stands under the scrubber. */
  showBottom(bottom: Bottom): void;
  setTimeline(change: Partial<TimelinePlace>): void;
  setTab(tab: DetailTab): void;
  /** Shows changes from this tick on; null: from the one before the tick shown. */
  compareFrom(sequence: number | null): void;
  /** The sandbox in which the tick shown is left out or another; null leaves it, as going to another tick does. */
  askWhatIf(kind: WhatIfPlace["kind"] | null): void;
  /** The text of the changed tick, kept over a reload. */
  editTick(draft: string): void;
  /** Shows the steps as a graph or as a table. */
  setGraphForm(graphAs: GraphForm): void;
  /** Lists the work items of a step beside the graph; null closes the list. */
  openLanes(step: string | null): void;
  filterRuns(filter: Partial<RunFilter>): void;
  filterLog(filter: Partial<LogFilter>): void;
  openDialog(dialog: Dialog | null): void;
  showHealth(isOpen: boolean): void;
  setPreferences(change: Partial<Preferences>): void;
  dismissNotice(): void;
}

interface NavigationPorts {
  readonly store: StoreApi<InspectorState>;
  readonly openSession: (runId: string | null) => void;
  readonly emitTicks: (ticks: readonly TickSummary[], skipped: number) => void;
  readonly preferences: PreferencesStorage;
}

export function createNavigation(ports: NavigationPorts): Navigation {
  const { store } = ports;

  const shownSequence = (): number => shownTick(store.getState());

  /** Ticks passed on the way forward send their particles, as far as they are known. */
  function emitPassed(from: number, to: number): void {
    const session = store.getState().session;
    if (session === null || to <= from || to - from > 64) return;
    const passed: TickSummary[] = [];
    for (let sequence = from + 1; sequence <= to; sequence += 1) {
      const tick = session.ticks.get(sequence);
      if (tick !== undefined) passed.push(tick);
    }
    ports.emitTicks(passed, to - from - passed.length);
  }

  /** A sandbox belongs to its tick. */
  function leaveSandbox(goingTo: number | null): void {
    const { whatIf, tab } = store.getState();
    if (whatIf === null || whatIf.sequence === goingTo) return;
    store.setState({ whatIf: null, sandboxAt: null, tab: tab === "whatif" ? "overview" : tab });
  }

  const range = (): ReturnType<typeof shownRange> => shownRange(store.getState());

  /** Shows the run after a tick, or as it is now. */
  function showRun(position: "live" | number): void {
    const { lastSequence, selection } = store.getState();
    if (position === "live") {
      navigation.pause();
      leaveSandbox(null);
      store.setState({ position, tick: null, ...(selection.kind === "tick" ? { selection: RUN_SELECTED } : {}) });
    } else {
      const from = shownSequence();
      const to = Math.max(1, Math.min(lastSequence || position, Math.round(position)));
      leaveSandbox(to);
      store.setState({ position: to });
      emitPassed(from, to);
      store.getState().session?.showTick();
    }
    store.getState().session?.showPosition();
  }

  const navigation: Navigation = {
    openRun(runId) {
      if (runId === store.getState().runId && runId !== null) return;
      navigation.pause();
      store.setState((state) => ({
        page: "run",
        inboxItem: null,
        runId,
        position: "live",
        selection: RUN_SELECTED,
        tab: "overview",
        lanes: null,
        logFilter: { ...NO_LOG_FILTER, showInternal: state.logFilter.showInternal },
        timeline: { ...WHOLE_TIMELINE, foldsIdle: state.timeline.foldsIdle, isTable: state.timeline.isTable },
        panel: runId === null ? "runs" : state.panel === "runs" ? "graph" : state.panel,
        dialog: null,
        isHealthOpen: false,
        differenceFrom: null,
        whatIf: null,
        sandboxAt: null,
        compareWith: null,
      }));
      ports.openSession(runId);
    },
    openInbox(item = null) {
      const { page } = store.getState();
      if (page !== "inbox") navigation.openRun(null);
      store.setState({ page: "inbox", inboxItem: item, panel: "graph" });
    },
    compare(runId, other) {
      navigation.openRun(runId);
      store.setState({ compareWith: other, dialog: null, ...(other !== null && { panel: "graph" as const }) });
    },
    goTo(place) {
      const before = store.getState();
      navigation.pause();
      store.setState(place);
      if (place.runId !== before.runId) ports.openSession(place.runId);
      else if (place.position !== before.position) store.getState().session?.showPosition();
      store.getState().session?.showTick();
    },
    setPosition(position) {
      const { sandbox } = store.getState();
      const { first, last } = range();
      if (sandbox.answer === null || position === "live" || position < first) return showRun(position);
      store.setState({ sandboxAt: position >= last ? null : Math.round(position) });
      return undefined;
    },
    step(by) {
      navigation.setPosition(shownSequence() + by);
    },
    selectTick(sequence, tab) {
      navigation.pause();
      // Changes are looked at tick after tick.
      store.setState((state) => ({
        selection: { kind: "tick" },
        tick: null,
        tab: tab ?? (state.tab === "changes" ? state.tab : "overview"),
      }));
      showRun(sequence);
    },
    select(selection) {
      store.setState((state) => ({
        selection,
        tick: null,
        tab: state.selection.kind === selection.kind ? state.tab : "overview",
      }));
      if (selection.kind === "tick") navigation.setPosition(shownSequence());
    },
    async nextFailure() {
      const { session, isSearching, sandbox, position, lastSequence } = store.getState();
      // What fails in a sandbox is no tick of the run, which is what is searched.
      if (session === null || isSearching || sandbox.answer !== null) return;
      const after = position === "live" ? 0 : position;
      store.setState({ isSearching: true });
      try {
        const found = (await session.findNextFailure(after)) ?? (after > 0 ? await session.findNextFailure(0) : null);
        if (store.getState().session !== session) return;
        if (found === null) {
          store.setState({
            noFailureTo: lastSequence,
            announcement: `No failure in ${formatPlural(lastSequence, "tick")}.`,
          });
        } else {
          navigation.selectTick(found);
          store.setState({ announcement: `Failure at tick ${found}.` });
        }
      } catch (error) {
        store.setState({ notice: toErrorText(error) });
      } finally {
        store.setState({ isSearching: false });
      }
    },
    play: () => player.play(),
    pause: () => player.pause(),
    setSpeed(speed) {
      store.setState({ speed });
    },
    setPanel(panel) {
      store.setState({ panel, ...((panel === "log" || panel === "timeline") && { bottom: panel }) });
    },
    showBottom(bottom) {
      const { panel } = store.getState();
      store.setState({ bottom, ...((panel === "log" || panel === "timeline") && { panel: bottom }) });
    },
    setTimeline(change) {
      store.setState(({ timeline }) => ({ timeline: { ...timeline, ...change } }));
    },
    setTab(tab) {
      store.setState({ tab });
    },
    compareFrom(differenceFrom) {
      store.setState(({ selection }) => ({
        differenceFrom,
        tab: "changes",
        ...(selection.kind !== "tick" && { selection: RUN_SELECTED }),
      }));
    },
    askWhatIf(kind) {
      const sequence = store.getState().whatIf?.sequence ?? shownSequence();
      if (kind === null) return leaveSandbox(null);
      if (sequence === 0) return undefined;
      if (store.getState().whatIf === null) navigation.selectTick(sequence);
      store.setState({ whatIf: { sequence, kind }, sandboxAt: null, tab: "whatif" });
      return undefined;
    },
    editTick(draft) {
      const { runId, whatIf } = store.getState();
      if (runId === null || whatIf === null) return;
      writeDraft(runId, whatIf.sequence, draft);
      store.setState(({ sandbox }) => ({ sandbox: { ...sandbox, draft } }));
    },
    setGraphForm(graphAs) {
      store.setState({ graphAs });
    },
    openLanes(lanes) {
      store.setState({ lanes });
    },
    filterRuns(filter) {
      store.setState((state) => ({ runFilter: { ...state.runFilter, ...filter } }));
    },
    filterLog(filter) {
      store.setState((state) => ({ logFilter: { ...state.logFilter, ...filter } }));
    },
    openDialog(dialog) {
      store.setState({ dialog });
    },
    showHealth(isHealthOpen) {
      store.setState({ isHealthOpen, healthNote: "" });
    },
    setPreferences(change) {
      const preferences = parsePreferences({ ...store.getState().preferences, ...change });
      store.setState({ preferences });
      ports.preferences.write(preferences);
    },
    dismissNotice() {
      store.setState({ notice: null });
    },
  };
  const player = createPlayer({
    store,
    range,
    goTo: (sequence) => navigation.setPosition(sequence),
  });
  return navigation;
}
