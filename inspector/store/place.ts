/** What the URL says: run, tick, selection, view, filters. Everything a link to this very picture needs. */
import type { RunStatus, TickKind } from "tickwork/client";
import type { InboxRef } from "./inbox.ts";
import type { Selection } from "./selection.ts";
import { decodeSelection, encodeSelection, RUN_SELECTED } from "./selection.ts";

/** The panel a narrow container shows. A wide one shows them all, and "report" in place of the graph. */
export const PANELS = ["runs", "graph", "report", "log", "timeline", "detail"] as const;
export type Panel = (typeof PANELS)[number];

/** The same steps, drawn or in rows. */
export const GRAPH_FORMS = ["graph", "table"] as const;
export type GraphForm = (typeof GRAPH_FORMS)[number];

export const DETAIL_TABS = ["overview", "items", "state", "changes", "logs", "stream", "causes", "whatif"] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];

/** What stands under the scrubber. */
export const BOTTOMS = ["log", "timeline"] as const;
export type Bottom = (typeof BOTTOMS)[number];

export interface TimelinePlace {
  /** The stretch that is shown, in milliseconds since the epoch; null: the whole run, as it goes on. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** Long stretches in which nothing ran are drawn short. */
  readonly foldsIdle: boolean;
  readonly isTable: boolean;
}

export interface LogFilter {
  readonly text: string;
  readonly step: string | null;
  readonly kind: TickKind | null;
  /** Type of an event that the tick brings or waits for. */
  readonly event: string | null;
  readonly workItem: number | null;
  readonly showInternal: boolean;
}

export interface RunFilter {
  readonly text: string;
  /** "waiting" is a run with an open question, whatever its status; "paused" one that should go on and cannot. */
  readonly status: RunStatus | "waiting" | "paused" | null;
  readonly workflow: string | null;
  /** Only runs that began in this time, both ends included; null: no end. */
  readonly startedFrom: number | null;
  readonly startedTo: number | null;
}

export interface Place {
  /** "inbox": all that waits for a person; no run is open then. */
  readonly page: "run" | "inbox";
  readonly inboxItem: InboxRef | null;
  readonly runId: string | null;
  /** "live" follows the newest tick. */
  readonly position: "live" | number;
  readonly selection: Selection;
  readonly panel: Panel;
  readonly bottom: Bottom;
  readonly timeline: TimelinePlace;
  readonly tab: DetailTab;
  readonly graphAs: GraphForm;
  /** The step whose work items are listed beside the graph, one lane each; null: none. */
  readonly lanes: string | null;
  readonly runFilter: RunFilter;
  readonly logFilter: LogFilter;
  readonly isHealthOpen: boolean;
  /** The tick that changes are shown from; null: the one before the tick shown. */
  readonly differenceFrom: number | null;
  /** The tick that is another in the sandbox, always the one at the position; null: there is no sandbox. */
  readonly whatIf: WhatIfPlace | null;
  /** The tick after which the sandbox is shown; null: its last. */
  readonly sandboxAt: number | null;
  /** The run that the open one is compared with; null: none. */
  readonly compareWith: string | null;
}

/** What becomes of the tick; what it is changed to stays in this tab, see `tick-draft.ts`. */
export interface WhatIfPlace {
  readonly sequence: number;
  readonly kind: "skip" | "change";
}

export const NO_LOG_FILTER: LogFilter = {
  text: "",
  step: null,
  kind: null,
  event: null,
  workItem: null,
  showInternal: false,
};
export const NO_RUN_FILTER: RunFilter = { text: "", status: null, workflow: null, startedFrom: null, startedTo: null };

export const WHOLE_TIMELINE: TimelinePlace = { window: null, foldsIdle: true, isTable: false };

export const START_PLACE: Place = {
  page: "run",
  inboxItem: null,
  runId: null,
  position: "live",
  selection: RUN_SELECTED,
  panel: "graph",
  bottom: "log",
  timeline: WHOLE_TIMELINE,
  tab: "overview",
  graphAs: "graph",
  lanes: null,
  runFilter: NO_RUN_FILTER,
  logFilter: NO_LOG_FILTER,
  isHealthOpen: false,
  differenceFrom: null,
  whatIf: null,
  sandboxAt: null,
  compareWith: null,
};

/** `#/run/ID?tick=12&select=step:fetch…`, or `#/inbox?item=ID:3`; what stands at its default is left out. */
export function encodePlace(place: Place): string {
  const query = new URLSearchParams();
  const { page, inboxItem } = place;
  if (page === "inbox" && inboxItem !== null) query.set("item", `${inboxItem.runId}:${inboxItem.waiter}`);
  if (place.runId !== null && place.compareWith !== null) query.set("with", place.compareWith);
  if (place.position !== "live") query.set("tick", String(place.position));
  if (place.selection.kind !== "run") query.set("select", encodeSelection(place.selection));
  if (place.runId !== null && place.panel !== START_PLACE.panel) query.set("view", place.panel);
  if (place.bottom !== START_PLACE.bottom) query.set("bottom", place.bottom);
  const { window, foldsIdle, isTable } = place.timeline;
  if (window !== null) query.set("time", `${window.from}-${window.to}`);
  if (!foldsIdle) query.set("idle", "1");
  if (isTable) query.set("table", "1");
  if (place.tab !== START_PLACE.tab) query.set("tab", place.tab);
  if (place.graphAs !== START_PLACE.graphAs) query.set("graph", place.graphAs);
  if (place.lanes !== null) query.set("lanes", place.lanes);
  if (place.runFilter.text !== "") query.set("runs", place.runFilter.text);
  if (place.runFilter.status !== null) query.set("status", place.runFilter.status);
  if (place.runFilter.workflow !== null) query.set("workflow", place.runFilter.workflow);
  if (place.runFilter.startedFrom !== null) query.set("since", toIso(place.runFilter.startedFrom));
  if (place.runFilter.startedTo !== null) query.set("until", toIso(place.runFilter.startedTo));
  if (place.logFilter.text !== "") query.set("log", place.logFilter.text);
  if (place.logFilter.step !== null) query.set("step", place.logFilter.step);
  if (place.logFilter.kind !== null) query.set("kind", place.logFilter.kind);
  if (place.logFilter.event !== null) query.set("event", place.logFilter.event);
  if (place.logFilter.workItem !== null) query.set("work", String(place.logFilter.workItem));
  if (place.logFilter.showInternal) query.set("internal", "1");
  if (place.isHealthOpen) query.set("health", "1");
  if (place.differenceFrom !== null) query.set("from", String(place.differenceFrom));
  if (place.whatIf !== null) query.set("whatif", `${place.whatIf.kind}:${place.whatIf.sequence}`);
  if (place.whatIf !== null && place.sandboxAt !== null) query.set("sandbox", String(place.sandboxAt));
  const path = page === "inbox" ? "#/inbox" : place.runId === null ? "#/" : `#/run/${encodeURIComponent(place.runId)}`;
  const search = query.toString();
  return search === "" ? path : `${path}?${search}`;
}

export function decodePlace(hash: string): Place {
  const [path = "", search = ""] = splitOnce(hash.replace(/^#/, ""), "?");
  const query = new URLSearchParams(search);
  const match = /^\/run\/([^/]+)$/.exec(path);
  const isInbox = path === "/inbox";
  const position = countOf(query.get("tick")) ?? "live";
  const whatIf = decodeWhatIf(query.get("whatif"), position);
  return {
    page: isInbox ? "inbox" : "run",
    inboxItem: isInbox ? decodeItem(query.get("item")) : null,
    runId: match?.[1] === undefined ? null : decodeText(match[1]),
    position,
    selection: decodeSelection(query.get("select")),
    panel: oneOf(PANELS, query.get("view")) ?? START_PLACE.panel,
    bottom: oneOf(BOTTOMS, query.get("bottom")) ?? (query.get("view") === "timeline" ? "timeline" : START_PLACE.bottom),
    timeline: {
      window: decodeWindow(query.get("time")),
      foldsIdle: query.get("idle") !== "1",
      isTable: query.get("table") === "1",
    },
    tab: oneOf(DETAIL_TABS, query.get("tab")) ?? START_PLACE.tab,
    graphAs: oneOf(GRAPH_FORMS, query.get("graph")) ?? START_PLACE.graphAs,
    lanes: query.get("lanes"),
    runFilter: {
      text: query.get("runs") ?? "",
      status: query.get("status") as RunFilter["status"],
      workflow: query.get("workflow"),
      startedFrom: fromIso(query.get("since")),
      startedTo: fromIso(query.get("until")),
    },
    logFilter: {
      text: query.get("log") ?? "",
      step: query.get("step"),
      kind: query.get("kind") as TickKind | null,
      event: query.get("event"),
      workItem: countOf(query.get("work")),
      showInternal: query.get("internal") === "1",
    },
    isHealthOpen: query.get("health") === "1",
    differenceFrom: countOf(query.get("from")),
    whatIf,
    sandboxAt: whatIf === null ? null : countOf(query.get("sandbox")),
    compareWith: match === null ? null : query.get("with") || null,
  };
}

function decodeItem(text: string | null): InboxRef | null {
  const [, runId, waiter] = /^(.+):(\d+)$/s.exec(text ?? "") ?? [];
  return runId === undefined ? null : { runId, waiter: Number(waiter) };
}

function decodeWhatIf(text: string | null, position: Place["position"]): WhatIfPlace | null {
  const [kind, at = ""] = splitOnce(text ?? "", ":");
  const sequence = countOf(at);
  if (sequence === null || sequence !== position || (kind !== "skip" && kind !== "change")) return null;
  return { sequence, kind };
}

function decodeWindow(text: string | null): TimelinePlace["window"] {
  const match = /^(\d{1,16})-(\d{1,16})$/.exec(text ?? "");
  const [from, to] = [Number(match?.[1]), Number(match?.[2])];
  return from < to ? { from, to } : null;
}

/** A whole number above 0, or null. */
function countOf(text: string | null): number | null {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}

function fromIso(text: string | null): number | null {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? null : time;
}

function oneOf<T extends string>(values: readonly T[], value: string | null): T | null {
  return values.find((candidate) => candidate === value) ?? null;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
