import type { RefObject } from "react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Timeline } from "tickwork/client";
import { openTimeline } from "../store/timeline-loader.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import type { TimeScale, TimeWindow } from "./time-scale.ts";
import { createTimeScale } from "./time-scale.ts";
import type { TimelineRow } from "./timeline-rows.ts";
import { toRows } from "./timeline-rows.ts";

export interface ShownTimeline {
  readonly spans: Timeline;
  readonly rows: readonly TimelineRow[];
  readonly scale: TimeScale;
  /** All there is to see. */
  readonly whole: TimeWindow;
  /** To where what goes on is drawn. */
  readonly now: number;
}

/** The timeline on a scale as wide as the element; null until it was read and the width is known. */
export function useTimeline(trackRef: RefObject<HTMLElement | null>): ShownTimeline | null {
  const model = useModel();
  const width = useWidth(trackRef);
  const runId = useInspector((state) => state.runId);
  const spans = useInspector((state) => (state.spans?.runId === state.runId ? state.spans : null));
  const { window, foldsIdle } = useInspector((state) => state.timeline);
  const isFollowing = useInspector((state) => state.position === "live");
  const clock = useInspector((state) => (isFollowing && state.spans?.isLive ? state.now : 0));
  const loader = useRef<ReturnType<typeof openTimeline> | null>(null);
  useEffect(() => {
    const opened = openTimeline(model);
    loader.current = opened;
    return () => opened.close();
  }, [model]);
  useEffect(() => {
    if (width > 0) loader.current?.setWidth(width);
  }, [width, model]);

  // Who leaves the newest tick keeps the picture: its end stays where it was.
  const shown = useRef({ runId, end: 0 });
  if (shown.current.runId !== runId) shown.current = { runId, end: 0 };
  const end = spans === null ? 0 : isFollowing ? Math.max(spans.end, clock) : Math.max(spans.end, shown.current.end);
  useEffect(() => {
    shown.current.end = end;
  }, [end]);

  return useMemo(() => {
    if (spans === null || width === 0) return null;
    const whole = { from: spans.begin, to: Math.max(spans.begin + 1, end) };
    const scale = createTimeScale(window ?? whole, width, foldsIdle ? spans.idle : []);
    return { spans, rows: toRows(spans), scale, whole, now: spans.isLive ? end : spans.end };
  }, [spans, width, window, foldsIdle, end]);
}

function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
