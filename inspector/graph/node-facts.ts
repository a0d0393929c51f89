/** What the nodes of a graph show of the state. Each watches its own facts, so that a tick draws only what it touched. */
import type { StepStatus, WaiterView } from "tickwork/client";
import { hasBreakpoint, hasEventBreakpoint, openHold, showsDebugging } from "../store/debugging.ts";
import { formatCount } from "../store/format.ts";
import type { EventFlow, InspectorState } from "../store/inspector-state.ts";
import { shownMoment } from "../store/inspector-state.ts";
import { nodeOfSelection } from "../store/selection.ts";

export interface NodeFacts {
  readonly isSelected: boolean;
  /** The graph has one. */
  readonly isTabStop: boolean;
}

export interface StepFacts {
  readonly status: StepStatus | undefined;
  /** Of a step that shows times; else 0. */
  readonly moment: number;
  readonly isBreakpoint: boolean;
  readonly isDebugging: boolean;
}

/** What can be seen of a step from afar. */
export interface DistantFacts {
  /** About: as exactly as the bar shows it. */
  readonly queued: number;
  readonly isUntouched: boolean;
  readonly isBusy: boolean;
  readonly isHeld: boolean;
  readonly areAllHeld: boolean;
  readonly hasFailed: boolean;
  readonly isWaiting: boolean;
  readonly isBreakpoint: boolean;
  readonly isDebugging: boolean;
}

export interface EventFacts {
  readonly isAwaited: boolean;
  /** Steps that take it are held. */
  readonly isBreakpoint: boolean;
  /** Passed in the last second, where they are not drawn one by one: "+12", or "≥512" if more passed; "" for none. */
  readonly passed: string;
}

const graphPart = ({ graph }: InspectorState) => graph;
const selectionPart = ({ selection }: InspectorState) => selection;
const focusedNodePart = ({ focusedNode }: InspectorState) => focusedNode;
const flowPart = ({ flow }: InspectorState) => flow;
const waitersPart = ({ view }: InspectorState) => view?.waiters ?? NO_WAITERS;
const NO_WAITERS: readonly WaiterView[] = [];

export const NODE_PARTS = [selectionPart, focusedNodePart] as const;
export const STEP_PARTS = [graphPart, shownMoment, openHold, showsDebugging] as const;
export const EVENT_PARTS = [waitersPart, flowPart, openHold] as const;

export function readNode(state: InspectorState, id: string): NodeFacts {
  return { isSelected: nodeOfSelection(state.selection) === id, isTabStop: state.focusedNode === id };
}

export function readStep(state: InspectorState, step: string): StepFacts {
  const status = state.graph?.steps[step];
  const needsClock = status !== undefined && (status.nextRetryAt !== undefined || status.waitingSince !== undefined);
  return {
    status,
    moment: needsClock ? shownMoment(state) : 0,
    isBreakpoint: hasBreakpoint(openHold(state), step),
    isDebugging: showsDebugging(state),
  };
}

export function readDistantStep(state: InspectorState, step: string): DistantFacts {
  const status = state.graph?.steps[step];
  const { busy = 0, queued = 0, held = 0, failed = 0, waiting = 0, completed = 0, delayed = 0 } = status ?? {};
  return {
    queued: roundedDepth(queued),
    isUntouched: busy + queued + failed + waiting + completed + delayed === 0,
    isBusy: busy > 0,
    isHeld: held > 0,
    areAllHeld: held > 0 && held === busy,
    hasFailed: failed > 0,
    isWaiting: waiting > 0,
    isBreakpoint: hasBreakpoint(openHold(state), step),
    isDebugging: showsDebugging(state),
  };
}

/** To the nearest of eight places per decade, and of the same colour: the bar is no more exact. */
export function roundedDepth(queued: number): number {
  if (queued < 10) return queued;
  const place = Math.round(Math.log10(queued) * 8) / 8;
  const decade = Math.floor(Math.log10(queued));
  return Math.min(Math.round(10 ** place), 10 ** (decade + 1) - 1);
}

export function readEvent(state: InspectorState, type: string): EventFacts {
  return {
    isAwaited: awaitedTypes(waitersPart(state)).has(type),
    isBreakpoint: hasEventBreakpoint(openHold(state), type),
    passed: passedText(state.flow, type),
  };
}

function passedText({ counts, isAll }: EventFlow, type: string): string {
  const count = counts[type] ?? 0;
  return count === 0 ? "" : `${isAll ? "+" : "≥"}${formatCount(count)}`;
}

/** Looked through once for all events of a graph, however many wait. */
let awaited: { readonly waiters: readonly WaiterView[]; readonly types: ReadonlySet<string> } | null = null;

function awaitedTypes(waiters: readonly WaiterView[]): ReadonlySet<string> {
  if (awaited?.waiters !== waiters) awaited = { waiters, types: new Set(waiters.map(({ type }) => type)) };
  return awaited.types;
}
