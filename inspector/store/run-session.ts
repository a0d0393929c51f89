/**
 * What belongs to the open run: its news, its ticks, its state at the position. Opened for one run id, closed
 * when another is opened. Rules of a live view it keeps:
 * 1. News moves what is shown only while the position is "live".
 * 2. In the past, graph and view come from one answer of `stateAt`, so they never disagree.
 *    A sandbox is such an answer too: while there is one, no other is shown.
 * 3. Of the positions wished for, one is being loaded and only the newest other is kept.
 */
import type { DifferenceRange, InspectionSource, RunView, StateDifference, TickSummary } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import { findNextFailure } from "../source/find-failure.ts";
import type { Scheduler } from "../source/frame-scheduler.ts";
import { createLatestWins } from "../source/latest-wins.ts";
import type { Arrival, News } from "../source/live-feed.ts";
import { openLiveFeed } from "../source/live-feed.ts";
import { createTickCache, pageOf } from "../source/tick-cache.ts";
import { createTickPages } from "../source/tick-pages.ts";
import { whenIdle } from "../source/when-idle.ts";
import type { InspectorState } from "./inspector-state.ts";
import { openSandboxSession } from "./sandbox.ts";
import type { RunSession } from "./session.ts";
import { shareStructure } from "./share-structure.ts";

export interface SessionPorts {
  readonly source: InspectionSource;
  readonly store: StoreApi<InspectorState>;
  readonly scheduler: Scheduler;
  readonly now: () => number;
  readonly onNews: (news: News, arrival: Arrival) => void;
  /** Ticks that have just happened before the user's eyes, and how many more did. */
  readonly onTicks: (ticks: readonly TickSummary[], skipped: number) => void;
}

/** News so young, in ms, is followed by more. */
const TOLD = 1_000;
/** What is read of a run, each by itself. */
type Readable = "state" | "ticks" | "tick" | "changes" | "graph";

/** Least time between two looks at the state, in ms. */
const VIEW_REST = 120;

/** Ticks before the shown one that a log has room for. */
const FIRST_ROWS = 20;

/** Points of the depth curve; more than the scrubber has pixels is waste. */
const DEPTH_POINTS = 400;

export function openRunSession(runId: string, ports: SessionPorts): RunSession {
  const { source, store, scheduler, now } = ports;
  const ticks = createTickCache();
  const search = new AbortController();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let isClosed = false;
  let isTicksChangeScheduled = false;
  let viewStartedAt = 0;
  let viewEndedAt = -Infinity;
  let viewCost = 0;
  let newsAt = -Infinity;

  const later = (work: () => void, delay: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!isClosed) work();
    }, delay);
    timers.add(timer);
  };
  const noteTicks = (): void => {
    if (!session.pages.hasProblem) works("ticks");
    showTicks();
  };
  const noteUnread = (error: unknown): void => {
    fails("ticks")(error);
    showTicks();
  };
  const showTicks = (): void => {
    if (isTicksChangeScheduled) return;
    isTicksChangeScheduled = true;
    scheduler.schedule(() => {
      isTicksChangeScheduled = false;
      if (isClosed) return;
      // A page may know of ticks that the graph does not show yet: the newest one is told by news and states alone.
      store.setState(({ ticksVersion }) => ({ ticksVersion: ticksVersion + 1 }));
    });
  };
  /** What could not be read last; that something else can be read mends nothing. */
  const unread = new Map<Readable, ErrorText>();
  const tell = (): void => {
    const [first = null] = unread.values();
    if (!isClosed && store.getState().runProblem !== first) store.setState({ runProblem: first });
  };
  const fails = (what: Readable) => (error: unknown) => {
    unread.set(what, toErrorText(error));
    tell();
  };
  const works = (what: Readable): void => {
    if (unread.delete(what)) tell();
  };

  const views = createLatestWins<"live" | number, RunView>(
    (wish) => {
      viewStartedAt = now();
      return wish === "live" ? source.stateAt(runId) : source.stateAt(runId, wish);
    },
    (view, wish, isNewest) => {
      viewEndedAt = now();
      viewCost = viewEndedAt - viewStartedAt;
      store.setState((state) => {
        if ((state.position === "live") !== (wish === "live")) return state;
        if (state.sandbox.answer !== null) return { isLoadingView: !isNewest };
        const loaded = { view: shareStructure(state.view, view), isLoadingView: !isNewest };
        // While news comes, it brings the graph together with the ticks that led to it.
        const isNews = state.graph !== null && state.graph.sequence === state.newest?.sequence;
        if (wish === "live" && isNews && now() - newsAt < TOLD) return loaded;
        const { graph } = wish === "live" && (state.graph?.sequence ?? 0) > view.graph.sequence ? state : view;
        ticks.extendTo(view.graph.sequence);
        const lastSequence = Math.max(state.lastSequence, view.graph.sequence);
        return { ...loaded, graph: shareStructure(state.graph, graph), lastSequence };
      });
      works("state");
      readFirstPages(view.graph.sequence);
    },
    (error) => {
      fails("state")(error);
      if (!isClosed) store.setState({ isLoadingView: false });
    },
  );

  let hasFirstPages = false;
  /** What a log will show first, asked for before it is there and knows its place. */
  function readFirstPages(sequence: number): void {
    if (hasFirstPages || sequence === 0) return;
    hasFirstPages = true;
    session.pages.want([...new Set([pageOf(sequence), pageOf(Math.max(1, sequence - FIRST_ROWS))])]);
  }

  const details = createLatestWins(
    (sequence: number) => source.readTick(runId, sequence),
    (tick, sequence) => {
      const { position, selection } = store.getState();
      if (selection.kind === "tick" && position === sequence) store.setState({ tick });
      works("tick");
    },
    fails("tick"),
  );

  const differences = createLatestWins<DifferenceRange, StateDifference>(
    (range) => source.stateDifference(runId, range),
    (difference) => {
      store.setState({ difference });
      works("changes");
    },
    fails("changes"),
  );
  let compared = "";
  /** Follows what is shown, while the changes are looked at. */
  function showDifference(): void {
    const { tab, view, differenceFrom, sandbox } = store.getState();
    if (tab !== "changes" || view === null || sandbox.answer !== null) return;
    const { sequence } = view.graph;
    const range = { from: differenceFrom ?? Math.max(0, sequence - 1), to: sequence };
    if (compared === `${range.from} ${range.to}`) return;
    compared = `${range.from} ${range.to}`;
    differences.request(range);
  }
  const sandbox = openSandboxSession(runId, source, store, () => session.showPosition());
  const stopFollowing = store.subscribe((state, before) => {
    if (isClosed || state.runId !== runId) return;
    if (state.whatIf !== before.whatIf) sandbox.follow();
    else if (state.sandboxAt !== before.sandboxAt) sandbox.move();
    showDifference();
  });

  let isDepthIdle = false;
  const depth = createLatestWins(
    (_wish: null) => source.depthOverTime(runId, DEPTH_POINTS),
    (points) => {
      store.setState({ depth: points.toSorted((a, b) => a.sequence - b.sequence) });
      later(() => {
        if ((store.getState().depth.at(-1)?.sequence ?? 0) < store.getState().lastSequence) depth.request(null);
        else isDepthIdle = true;
      }, 1_000);
    },
    () => {
      isDepthIdle = true;
    },
  );

  /** While following, the view is loaded again after news: at once, but never more than a fifth of the time. */
  let isViewScheduled = false;
  function refreshView(): void {
    if (isViewScheduled) return;
    isViewScheduled = true;
    later(
      () => {
        isViewScheduled = false;
        if (store.getState().position === "live") views.request("live");
      },
      Math.max(0, viewEndedAt + Math.max(VIEW_REST, viewCost * 4) - now()),
    );
  }

  function describe(): void {
    source.describeRun(runId).then((description) => {
      if (!isClosed) store.setState((state) => ({ description: shareStructure(state.description, description) }));
      works("graph");
    }, fails("graph"));
  }

  function applyNews(news: News, arrival: Arrival): void {
    if (isClosed) return;
    ports.onNews(news, arrival);
    if (news.run?.runId !== runId) return;
    newsAt = now();
    const { graph, ticks: fresh } = news.run;
    // It may go on with other code than before, and so with another graph.
    const version = news.runs.find((run) => run.runId === runId)?.version;
    const known = store.getState().description?.version;
    const isOther = known !== undefined && version !== undefined && version !== known;
    if (isOther || fresh.some(({ kind }) => kind === "ResumeRun")) describe();
    const isNew = graph.sequence > store.getState().lastSequence;
    ticks.add(fresh);
    ticks.extendTo(graph.sequence);
    store.setState((state) => ({
      lastSequence: Math.max(state.lastSequence, graph.sequence),
      ticksVersion: state.ticksVersion + 1,
      newest: graph,
      // News may have waited for its frame while a newer state was read: what is shown does not go back.
      ...(state.position === "live" && graph.sequence >= (state.graph?.sequence ?? 0)
        ? { graph: shareStructure(state.graph, graph) }
        : {}),
    }));
    if (store.getState().position === "live") {
      refreshView();
      if (isNew) ports.onTicks(fresh, arrival.skippedTicks);
    }
    if (isDepthIdle) {
      isDepthIdle = false;
      depth.request(null);
    }
  }

  const closeFeed = openLiveFeed(source, runId, scheduler, applyNews);
  describe();
  // It may mean folding the whole history: what is drawn first comes first.
  const stopWaiting = whenIdle(() => depth.request(null));

  const session: RunSession = {
    runId,
    ticks,
    pages: createTickPages(source, runId, ticks, noteTicks, noteUnread),
    showPosition() {
      const { position } = store.getState();
      store.setState({ isLoadingView: true });
      views.request(position);
    },
    showTick() {
      const { position, selection } = store.getState();
      if (selection.kind === "tick" && position !== "live") details.request(position);
    },
    recompute: () => sandbox.compute(),
    findNextFailure: (after) => findNextFailure(source, runId, after, search.signal),
    close() {
      isClosed = true;
      search.abort();
      closeFeed();
      views.close();
      details.close();
      stopWaiting();
      depth.close();
      differences.close();
      stopFollowing();
      sandbox.close();
      session.pages.close();
      for (const timer of timers) clearTimeout(timer);
    },
  };
  store.setState({ session });
  session.showPosition();
  if (store.getState().whatIf !== null) sandbox.follow();
  return session;
}
