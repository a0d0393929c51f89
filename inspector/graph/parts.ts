/** What nodes look at. */
import type { WaiterView } from "tickwork/client";
import { openHold } from "../store/debugging.ts";
import type { InspectorState } from "../store/inspector-state.ts";
import { shownMoment } from "../store/inspector-state.ts";

const NO_WAITERS: readonly WaiterView[] = [];

export const graphPart = ({ graph }: InspectorState) => graph;
export const selectionPart = ({ selection }: InspectorState) => selection;
export const focusedNodePart = ({ focusedNode }: InspectorState) => focusedNode;
export const flowPart = ({ flow }: InspectorState) => flow;
export const waitersPart = ({ view }: InspectorState) => view?.waiters ?? NO_WAITERS;
export const holdPart = openHold;
export const momentPart = shownMoment;
/** Of a node that shows no time. */
export const noMomentPart = () => 0;
