/**
 * What the user looks at: one selection through all views. "tick" is the tick that is shown, so a selected
 * tick and the place of the scrubber never disagree.
 */
export type Selection =
  | { readonly kind: "run" }
  | { readonly kind: "step"; readonly step: string }
  | { readonly kind: "event"; readonly type: string }
  /** One arrow of the graph: an event on its way out of a step, or into one. */
  | { readonly kind: "edge"; readonly source: string; readonly target: string }
  | { readonly kind: "tick" }
  | { readonly kind: "workItem"; readonly workItem: number };

export const RUN_SELECTED: Selection = { kind: "run" };

/** As it stands in the URL: "run", "tick", "step:fetch", "event:Page", "edge:step:fetch>event:Page", "item:12". */
export function encodeSelection(selection: Selection): string {
  switch (selection.kind) {
    case "run":
    case "tick":
      return selection.kind;
    case "step":
      return `step:${selection.step}`;
    case "event":
      return `event:${selection.type}`;
    case "edge":
      return `edge:${encodeEnd(selection.source)}>${encodeEnd(selection.target)}`;
    case "workItem":
      return `item:${selection.workItem}`;
  }
}

export function decodeSelection(text: string | null): Selection {
  if (text === null) return RUN_SELECTED;
  if (text === "tick") return { kind: "tick" };
  if (text.startsWith("step:")) return { kind: "step", step: text.slice(5) };
  if (text.startsWith("event:")) return { kind: "event", type: text.slice(6) };
  if (text.startsWith("edge:")) return decodeEdge(text.slice(5));
  const workItem = text.startsWith("item:") ? Number(text.slice(5)) : Number.NaN;
  return Number.isInteger(workItem) ? { kind: "workItem", workItem } : RUN_SELECTED;
}

/** A name may hold the sign that stands between the ends. */
function encodeEnd(id: string): string {
  return id.replaceAll("%", "%25").replaceAll(">", "%3E");
}

function decodeEdge(text: string): Selection {
  const [source = "", target = ""] = text.split(">");
  if (source === "" || target === "") return RUN_SELECTED;
  try {
    return { kind: "edge", source: decodeURIComponent(source), target: decodeURIComponent(target) };
  } catch {
    return RUN_SELECTED;
  }
}

/** The graph node a selection stands on, if any. */
export function nodeOfSelection(selection: Selection): string | null {
  if (selection.kind === "step") return `step:${selection.step}`;
  if (selection.kind === "event") return `event:${selection.type}`;
  return null;
}

export function isEdgeSelected(selection: Selection, source: string, target: string): boolean {
  return selection.kind === "edge" && selection.source === source && selection.target === target;
}
