import type { PointerEvent, RefObject } from "react";
import { useEffect, useRef, useState } from "react";
import { useModel } from "../ui/model-context.ts";
import { goToTime } from "./open-span.ts";
import { panBy, within, zoomAt } from "./time-scale.ts";
import type { ShownTimeline } from "./use-timeline.ts";

/** Closer, per notch of a wheel or press of a key. */
export const ZOOM_STEP = 1.4;
/** Moving less than this is a click. */
const CLICK_SLACK = 4;

export interface Brush {
  readonly from: number;
  readonly to: number;
}

/** Ctrl and wheel zoom at the pointer, Shift and wheel move. Plain wheels scroll the lanes, as everywhere. */
export function useWheel(ref: RefObject<HTMLElement | null>, shown: ShownTimeline | null, gutter: () => number): void {
  const { navigation } = useModel();
  const latest = useRef({ shown, gutter });
  latest.current = { shown, gutter };
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      const timeline = latest.current.shown;
      if (timeline === null || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
      event.preventDefault();
      const { scale, whole } = timeline;
      const delta = Math.abs(event.deltaY) > Math.abs(event.deltaX) ? event.deltaY : event.deltaX;
      const x = event.clientX - element.getBoundingClientRect().left - latest.current.gutter();
      const window = event.shiftKey
        ? panBy(scale, delta, whole)
        : zoomAt(scale, Math.max(0, x), ZOOM_STEP ** Math.max(-2, Math.min(2, delta / 100)), whole);
      navigation.setTimeline({ window });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [ref, navigation]);
}

/** On the axis: a drag marks the stretch to look at, a click goes to the newest tick of that moment. */
export function useBrush(shown: ShownTimeline) {
  const model = useModel();
  const [brush, setBrush] = useState<Brush | null>(null);
  const place = (event: PointerEvent<HTMLElement>): number =>
    Math.min(shown.scale.width, Math.max(0, event.clientX - event.currentTarget.getBoundingClientRect().left));
  return {
    brush,
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setBrush({ from: place(event), to: place(event) });
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (brush !== null) setBrush({ from: brush.from, to: place(event) });
    },
    onPointerUp() {
      if (brush === null) return;
      setBrush(null);
      const [left, right] = [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)];
      const { scale, whole } = shown;
      if (right - left < CLICK_SLACK) void goToTime(model, scale.at(left));
      else model.navigation.setTimeline({ window: within({ from: scale.at(left), to: scale.at(right) }, whole) });
    },
    onPointerCancel() {
      setBrush(null);
    },
  };
}
