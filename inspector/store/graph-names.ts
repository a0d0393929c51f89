/** The ids of the graph's nodes as people say them, and what selecting one means. */
import type { Selection } from "./selection.ts";
import { RUN_SELECTED } from "./selection.ts";

/** "fetch" of "step:fetch". */
export function nodeName(id: string): string {
  return id === "external" ? "Outside" : id.slice(id.indexOf(":") + 1);
}

/** The outside world and resources have no detail of their own: the whole run stands for them. */
export function selectionOfNode(id: string): Selection {
  if (id.startsWith("step:")) return { kind: "step", step: nodeName(id) };
  if (id.startsWith("event:")) return { kind: "event", type: nodeName(id) };
  return RUN_SELECTED;
}
