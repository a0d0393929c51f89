/** The keys of the inspector as a whole. Graph, log, lists and menus have arrow keys of their own. */
import { canStart } from "../store/abilities.ts";
import type { InspectorModel } from "../store/inspector-model.ts";
import type { InspectorState } from "../store/inspector-state.ts";
import type { Navigation } from "../store/navigation.ts";

interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
  /** Where it does nothing it is not listed; default: it is everywhere. */
  readonly isOffered?: (state: InspectorState) => boolean;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["←", "→"], does: "Previous and next tick; ten at once with Shift" },
  { keys: ["Home", "End"], does: "First tick, newest tick" },
  { keys: ["Space"], does: "Play or pause" },
  { keys: ["L"], does: "Back to live" },
  { keys: ["E"], does: "Next failure" },
  { keys: ["D"], does: "Compare with the tick shown; again: with the tick before" },
  { keys: ["W"], does: "What if the tick shown had been another" },
  { keys: ["T"], does: "Timeline or log" },
  { keys: ["/"], does: "Search runs" },
  { keys: ["N"], does: "New run", isOffered: canStart },
  { keys: ["I"], does: "Inbox: all that waits for a person" },
  { keys: ["X"], does: "Select runs; in their list, the one you are at" },
  { keys: ["Shift", "↑ ↓"], does: "In the list of runs: select one after the other" },
  { keys: ["U"], does: "Undo, while a deletion can be undone" },
  { keys: ["H"], does: "Health of engine and storage" },
  { keys: ["Esc"], does: "Leave the sandbox; select the whole run" },
  { keys: ["G"], does: "Steps as a graph or as a table" },
  { keys: ["F"], does: "Find a step or an event in the graph" },
  {
    keys: ["Tab", "↑ ↓ ← →", "Enter"],
    does: "In the graph: along the arrows, and open; Shift+Enter lists a step's work items",
  },
  { keys: ["B"], does: "On a step or event of the graph, while debugging: set or take away its breakpoint" },
  { keys: ["↑", "↓"], does: "In the log: the tick before and after" },
  { keys: ["↑ ↓ ← →", "Enter"], does: "In the timeline: between spans, and open" },
  { keys: ["+", "−", "0"], does: "In the timeline: closer, further, the whole run; Shift with ← → moves" },
  { keys: ["Shift", "← →"], does: "In a table of steps that is wider than its place: sideways" },
  { keys: ["?"], does: "These shortcuts" },
];

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly hasModifier: boolean;
}

/** Does what the key asks for; false when it means nothing here. */
export function runShortcut(press: KeyPress, model: InspectorModel, focusSearch: () => void): boolean {
  const { navigation, store, picker, works } = model;
  if (press.hasModifier || store.getState().dialog !== null || store.getState().isHealthOpen) return false;
  const { runId, lastSequence, isPlaying, position, differenceFrom, whatIf } = store.getState();
  const hasTicks = runId !== null && lastSequence > 0;
  switch (press.key) {
    case "?":
      navigation.openDialog({ kind: "shortcuts" });
      return true;
    case "/":
      focusSearch();
      return true;
    case "n":
    case "N":
      if (!canStart(store.getState())) return false;
      navigation.openDialog({ kind: "start", workflow: null });
      return true;
    case "i":
    case "I":
      navigation.openInbox();
      return true;
    case "x":
    case "X":
      if (store.getState().runIds.length === 0) return false;
      if (store.getState().picks === null) picker.begin();
      else picker.end();
      return true;
    case "u":
    case "U":
      return works.undo(null);
    case "h":
    case "H":
      navigation.showHealth(true);
      return true;
  }
  if (runId !== null && (press.key === "t" || press.key === "T")) {
    navigation.showBottom(store.getState().bottom === "log" ? "timeline" : "log");
    return true;
  }
  switch (runId === null ? "" : press.key) {
    case "g":
    case "G":
      navigation.setGraphForm(store.getState().graphAs === "graph" ? "table" : "graph");
      showGraph(store.getState(), navigation);
      return true;
    case "f":
    case "F":
      showGraph(store.getState(), navigation);
      navigation.openDialog({ kind: "findNode" });
      return true;
  }
  if (!hasTicks) return false;
  switch (press.key) {
    case "ArrowLeft":
      navigation.step(press.shiftKey ? -10 : -1);
      return true;
    case "ArrowRight":
      if (position !== "live") navigation.step(press.shiftKey ? 10 : 1);
      return true;
    case "Home":
      navigation.setPosition(1);
      return true;
    case "End":
      navigation.setPosition(lastSequence);
      return true;
    case " ":
      if (isPlaying) navigation.pause();
      else navigation.play();
      return true;
    case "l":
    case "L":
      navigation.setPosition("live");
      return true;
    case "e":
    case "E":
      void navigation.nextFailure();
      return true;
    case "d":
    case "D":
      navigation.compareFrom(differenceFrom === null ? (position === "live" ? lastSequence : position) : null);
      return true;
    case "w":
    case "W":
      navigation.askWhatIf("skip");
      return true;
    case "Escape":
      if (whatIf !== null) navigation.askWhatIf(null);
      else navigation.select({ kind: "run" });
      return true;
    default:
      return false;
  }
}

/** A narrow container may show another panel, and a wide one the report. */
function showGraph({ panel, isNarrow }: InspectorState, navigation: Navigation): void {
  if (panel === "report" || (isNarrow && panel !== "graph")) navigation.setPanel("graph");
}

/** Keys belong to what is being typed in, and to controls that use them themselves. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest("input, textarea, select, [role=menu], [role=tablist], [role=dialog]") !== null
  );
}
