import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef } from "react";
import { nodeOfSelection } from "../store/selection.ts";
import { useModel } from "../ui/model-context.ts";
import type { Camera } from "./camera.ts";
import { centerOn, chooseAnchor, fitCamera, isInView, keepInPlace, zoomCamera } from "./camera.ts";
import type { Flow } from "./to-flow.ts";

/** What the camera was when it last moved; it outlives the drawing, e.g. while the table shows. */
export interface KeptCamera {
  readonly flow: Flow;
  readonly camera: Camera;
  /** Nobody moved it since the graph was fitted. */
  readonly isFitted: boolean;
}

export interface GraphCamera {
  fit(): void;
  /** Around the middle of the view. */
  zoomBy(factor: number): void;
  /** Moves only if the node is not in view as a whole; with `isClose`, near enough to read it. */
  show(id: string, isClose?: boolean): void;
  /** Whether the node is in view as a whole. */
  sees(id: string): boolean;
  /** The node nearest to the middle. */
  middle(): string | null;
}

/** Nearer than this a node tells its numbers. */
const READABLE_ZOOM = 0.8;

/**
 * The camera moves when somebody moves it. It is fitted when a graph first appears, on request, and when a layout is
 * turned that fills the view; after every other relayout one node is where it was on the screen, to a pixel.
 */
export function useCamera(flow: Flow, kept: { current: KeptCamera | null }): GraphCamera {
  const model = useModel();
  const { getViewport, setViewport } = useReactFlow();
  const api = useStoreApi();
  const isSized = useStore((state) => state.width > 0 && state.height > 0);
  const fitted = useRef<Camera | null>(null);

  const camera = useMemo((): GraphCamera => {
    const nodeOf = (id: string) => flow.nodes.find((node) => node.id === id);
    return {
      fit() {
        fitted.current = fitCamera(flow.layout, api.getState());
        void setViewport(fitted.current);
      },
      zoomBy(factor) {
        const { minZoom, maxZoom, width, height } = api.getState();
        void setViewport(zoomCamera(getViewport(), factor, { minZoom, maxZoom, width, height }));
      },
      show(id, isClose = false) {
        const node = nodeOf(id);
        const zoom = isClose ? Math.max(READABLE_ZOOM, getViewport().zoom) : getViewport().zoom;
        if (node !== undefined && (zoom !== getViewport().zoom || !isInView(node, getViewport(), api.getState())))
          void setViewport(centerOn(node, api.getState(), zoom));
      },
      sees(id) {
        const node = nodeOf(id);
        return node !== undefined && isInView(node, getViewport(), api.getState());
      },
      middle: () => chooseAnchor(flow.nodes, flow.nodes, [], getViewport(), api.getState()),
    };
  }, [flow, api, getViewport, setViewport]);

  // After React Flow's own effect has placed the nodes: both are drawn at once.
  useEffect(() => {
    if (!isSized) return undefined;
    const before = kept.current;
    if (before === null || (before.isFitted && before.flow.hash === flow.hash && before.flow !== flow)) {
      camera.fit();
    } else if (before.flow === flow) {
      fitted.current = before.isFitted ? before.camera : null;
      void setViewport(before.camera);
    } else {
      const { selection, focusedNode } = model.store.getState();
      const preferred = [nodeOfSelection(selection), focusedNode];
      const anchor = chooseAnchor(before.flow.nodes, flow.nodes, preferred, before.camera, api.getState());
      const was = before.flow.nodes.find(({ id }) => id === anchor);
      const is = flow.nodes.find(({ id }) => id === anchor);
      if (was === undefined || is === undefined) camera.fit();
      else {
        fitted.current = null;
        void setViewport(keepInPlace(before.camera, was.position, is.position));
      }
    }
    const remember = (): void => {
      const now = getViewport();
      kept.current = { flow, camera: now, isFitted: isSame(now, fitted.current) };
    };
    remember();
    return api.subscribe((state, old) => {
      if (state.transform !== old.transform) remember();
    });
  }, [isSized, flow, camera, kept, model, api, getViewport, setViewport]);
  return camera;
}

function isSame(a: Camera, b: Camera | null): boolean {
  return b !== null && Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5 && Math.abs(a.zoom - b.zoom) < 1e-4;
}
