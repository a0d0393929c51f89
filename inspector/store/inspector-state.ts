/** Everything the views draw. Each part is replaced, never changed in place; views subscribe to the part they show. */
import type {
  DepthPoint,
  EngineConnection,
  GraphStatus,
  RunSummary,
  RunView,
  StateDifference,
  StorageStatus,
  Timeline,
  TickDetail,
  WorkflowDescription,
} from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import type { Inbox } from "./inbox.ts";
import { EMPTY_INBOX } from "./inbox.ts";
import type { Place } from "./place.ts";
import { START_PLACE } from "./place.ts";
import type { Preferences } from "./preferences.ts";
import { DEFAULT_PREFERENCES } from "./preferences.ts";
import type { SandboxState } from "./sandbox-state.ts";
import { NO_SANDBOX } from "./sandbox-state.ts";
import type { RunPicks, RunWork } from "./run-command.ts";
import type { RunSession } from "./session.ts";
import { isEnded } from "./status-words.ts";
import type { Traffic } from "./traffic.ts";
import { NO_TRAFFIC } from "./traffic.ts";

export interface InspectorState extends Place {
  /** "unavailable": runs cannot be listed; `problem` says why. */
  readonly connection: "loading" | "ready" | "unavailable";
  /** What to say of a tab that runs another version of the app. */
  readonly otherVersion: string | null;
  readonly problem: ErrorText | null;
  /** Why the last command did not work; shown until dismissed. */
  readonly notice: ErrorText | null;
  readonly workflows: readonly WorkflowDescription[];
  readonly storage: StorageStatus | null;
  /** When `storage` was so, and since when it is being asked for again; null: never, and not at the moment. */
  readonly storageAt: number | null;
  readonly storageAskedAt: number | null;
  /** Where the engine is; null: the source says nothing of it. */
  readonly engine: EngineConnection | null;
  /** Since when it is there. */
  readonly engineSince: number;
  /** What came from the engine, once per second. */
  readonly traffic: Traffic;
  readonly isFreeingSpace: boolean;
  /** What became of the last thing asked for in the health view. */
  readonly healthNote: string;

  readonly runs: { readonly [runId: string]: RunSummary };
  /** Newest first. */
  readonly runIds: readonly string[];
  readonly nextBefore: string | null;
  readonly isLoadingRuns: boolean;
  /** null: none is to be picked at the moment. */
  readonly picks: RunPicks | null;
  /** Commands for many runs that are held back, under way, or have something to say. */
  readonly works: readonly RunWork[];

  /** What waits for a person, across runs. */
  readonly inbox: Inbox;

  readonly session: RunSession | null;
  /** Of the open run. */
  readonly description: WorkflowDescription | null;
  readonly runProblem: ErrorText | null;
  /** What the graph shows: the newest state when following, else the state at the position. */
  readonly graph: GraphStatus | null;
  /** The newest state known, whatever is shown. */
  readonly newest: GraphStatus | null;
  /** Everything else at a sequence of its own: while following it trails the graph by a moment. */
  readonly view: RunView | null;
  /** The state wished for is being loaded. */
  readonly isLoadingView: boolean;
  readonly lastSequence: number;
  readonly depth: readonly DepthPoint[];
  /** What happened when; null until it was read, which it is only while it is shown. */
  readonly spans: Timeline | null;
  /** The tick in full, while a tick is selected. */
  readonly tick: TickDetail | null;
  /** The newest answer to what changed, while somebody looks at it; it says which ticks were compared. */
  readonly difference: StateDifference | null;
  readonly sandbox: SandboxState;
  /** Grows whenever a tick becomes known; the ticks themselves are in the tick cache. */
  readonly ticksVersion: number;
  /** What passed in the last second, where particles may not move or are too few. */
  readonly flow: EventFlow;
  /** The node that has the graph's one tab stop. */
  readonly focusedNode: string | null;

  /** Somebody asked for the controls that hold runs. */
  readonly isDebugging: boolean;
  readonly isPlaying: boolean;
  /** Ticks per second while playing. */
  readonly speed: number;
  readonly isSearching: boolean;
  /** The run had so many ticks when no failure was found in any of them. */
  readonly noFailureTo: number;

  /** Wall clock, once per second while the page is shown. */
  readonly now: number;
  readonly preferences: Preferences;
  /** What the operating system asks for. */
  readonly systemReducesMotion: boolean;
  /** The container is too narrow for panels side by side. */
  readonly isNarrow: boolean;
  readonly dialog: Dialog | null;
  /** Spoken politely. */
  readonly announcement: string;
}

export type Dialog =
  | { readonly kind: "start"; readonly workflow: string | null }
  /** Of the open run: with its input, or to send it an event. */
  | { readonly kind: "again" | "send" }
  /** Default: the open run. */
  | { readonly kind: "cancel"; readonly runIds?: readonly string[] }
  | { readonly kind: "compare"; readonly runId: string }
  | { readonly kind: "shortcuts" | "findNode" };

export interface EventFlow {
  /** Per type. */
  readonly counts: { readonly [eventType: string]: number };
  /** False: more passed than was told. */
  readonly isAll: boolean;
}

export const NO_FLOW: EventFlow = { counts: {}, isAll: true };

export const NO_RUN_STATE = {
  session: null,
  description: null,
  runProblem: null,
  graph: null,
  newest: null,
  view: null,
  isLoadingView: false,
  lastSequence: 0,
  depth: [],
  spans: null,
  tick: null,
  difference: null,
  sandbox: NO_SANDBOX,
  ticksVersion: 0,
  flow: NO_FLOW,
  focusedNode: null,
  isPlaying: false,
  isSearching: false,
  noFailureTo: 0,
} satisfies Partial<InspectorState>;

export function initialState(now: number): InspectorState {
  return {
    ...START_PLACE,
    ...NO_RUN_STATE,
    connection: "loading",
    otherVersion: null,
    problem: null,
    notice: null,
    workflows: [],
    storage: null,
    storageAt: null,
    storageAskedAt: null,
    engine: null,
    engineSince: now,
    traffic: NO_TRAFFIC,
    isFreeingSpace: false,
    healthNote: "",
    runs: {},
    runIds: [],
    nextBefore: null,
    inbox: EMPTY_INBOX,
    isDebugging: false,
    isLoadingRuns: false,
    picks: null,
    works: [],
    speed: 5,
    now,
    preferences: DEFAULT_PREFERENCES,
    systemReducesMotion: false,
    isNarrow: false,
    dialog: null,
    announcement: "",
  };
}

export { isEnded };

/** The moment the views show: the clock while a run goes on and is followed, else the time of the tick shown. */
export function shownMoment(state: InspectorState): number {
  const { graph, position, now } = state;
  if (graph === null) return now;
  if (position !== "live" || isEnded(graph.status)) return graph.at;
  return Math.max(now, graph.at);
}

/**
 * The numbers that stand beside what is told of the state in full: of the same sequence, which while following is a
 * moment behind the graph's.
 */
export function viewedGraph({ view, graph }: InspectorState): GraphStatus | null {
  return view?.graph ?? graph;
}

/** The views show a sandbox, and not the run. */
export function showsSandbox({ sandbox }: InspectorState): boolean {
  return sandbox.answer !== null;
}

/** How many failed when is known of the run alone. */
export function depthOfShown(state: InspectorState): readonly DepthPoint[] {
  return showsSandbox(state) ? NO_RUN_STATE.depth : state.depth;
}

/** The tick that the views show: of the sandbox while there is one, else of the run. */
export function shownTick({ position, lastSequence, sandbox, sandboxAt }: InspectorState): number {
  if (sandbox.answer !== null) return Math.min(sandboxAt ?? Infinity, sandbox.answer.lastSequence);
  return position === "live" ? lastSequence : position;
}

/** The first and last tick that can be gone to without leaving what is shown. */
export function shownRange({ whatIf, sandbox, lastSequence }: InspectorState): {
  readonly first: number;
  readonly last: number;
} {
  if (whatIf === null || sandbox.answer === null) return { first: 1, last: lastSequence };
  return { first: whatIf.sequence, last: sandbox.answer.lastSequence };
}

export function isMotionReduced(state: InspectorState): boolean {
  return state.systemReducesMotion || state.preferences.motion === "reduced";
}
