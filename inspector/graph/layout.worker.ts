/** Runs layouts off the page: a large graph takes seconds. One request, one answer, matched by id. */
import { layoutGraph } from "./layout.ts";
import type { Layout, LayoutRequest } from "./layout.ts";

export interface LayoutQuestion {
  readonly id: number;
  readonly request: LayoutRequest;
}

export type LayoutAnswer =
  | { readonly id: number; readonly layouts: readonly Layout[] }
  | { readonly id: number; readonly problem: string };

/** Laid out before there is a question: what it takes to be compiled for the first time, it does not take then. */
const REHEARSAL: LayoutRequest = {
  nodes: ["a", "b", "c", "d"].map((id) => ({ id, width: 100, height: 40, isLabel: false })),
  edges: ["a b", "a c", "b d", "c d", "d a", "d d"].map((id) => ({ id, source: id.slice(0, 1), target: id.slice(2) })),
};
layoutGraph(REHEARSAL);

addEventListener("message", ({ data }: MessageEvent<LayoutQuestion>) => {
  let answer: LayoutAnswer;
  try {
    answer = { id: data.id, layouts: layoutGraph(data.request) };
  } catch (error) {
    answer = { id: data.id, problem: String(error) };
  }
  postMessage(answer);
});
