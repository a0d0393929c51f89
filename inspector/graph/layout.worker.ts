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

addEventListener("message", ({ data }: MessageEvent<LayoutQuestion>) => {
  let answer: LayoutAnswer;
  try {
    answer = { id: data.id, layouts: layoutGraph(data.request) };
  } catch (error) {
    answer = { id: data.id, problem: String(error) };
  }
  postMessage(answer);
});
