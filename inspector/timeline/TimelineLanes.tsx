import type { KeyboardEvent, PointerEvent } from "react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { TrailSpan } from "tickwork/client";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { useVisibleRows } from "../ui/use-visible-rows.ts";
import type { TimelineColors } from "./draw-rows.ts";
import { drawRows, ROW_HEIGHT } from "./draw-rows.ts";
import { openSpan } from "./open-span.ts";
import { sentenceOf, wordsOf } from "./span-words.ts";
import { panBy, zoomAt } from "./time-scale.ts";
import { readColors } from "./timeline-colors.ts";
import { TimelineCounts } from "./TimelineCounts.tsx";
import type { Cursor, Move } from "./timeline-rows.ts";
import { findCursor, moveCursor, placeOf, spanAt } from "./timeline-rows.ts";
import { ZOOM_STEP } from "./use-time-gestures.ts";
import type { ShownTimeline } from "./use-timeline.ts";

const MOVES: { readonly [key: string]: Move | undefined } = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};
/** Pixels that one key press moves the picture. */
const PAN_STEP = 120;
const DRAG_SLACK = 4;

/** Where the pointer is, in pixels of the lanes in view. */
interface Pointer {
  readonly x: number;
  readonly y: number;
}

/** Labels and bars. One tab stop: arrows move between spans, Enter opens, + and - zoom. */
export function TimelineLanes({ shown }: { readonly shown: ShownTimeline }) {
  const model = useModel();
  const { navigation } = model;
  const { rows, scale, spans, whole, now } = shown;
  const scrollRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const probeRef = useRef<HTMLSpanElement>(null);
  const drag = useRef<{ x: number; moved: boolean; scale: typeof scale } | null>(null);
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  const { first, end, look } = useVisibleRows(scrollRef, ROW_HEIGHT);
  const selection = useInspector((state) => state.selection);
  const theme = useInspector((state) => state.preferences.theme);
  const scheme = useColorScheme();
  const [colors, setColors] = useState<TimelineColors | null>(null);
  useLayoutEffect(() => {
    if (probeRef.current !== null) setColors(readColors(probeRef.current));
  }, [theme, scheme]);
  const selectedItem = selection.kind === "workItem" ? selection.workItem : null;
  const found = findCursor(rows, cursor);

  const notePlace = (): void => {
    const element = scrollRef.current;
    if (element === null) return;
    look();
    setView((known) =>
      known.top === element.scrollTop && known.height === element.clientHeight
        ? known
        : { top: element.scrollTop, height: element.clientHeight },
    );
  };
  useEffect(() => {
    const element = scrollRef.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(notePlace);
    observer.observe(element);
    return () => observer.disconnect();
    // `notePlace` reads what is there when it is called.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useLayoutEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext("2d") ?? null;
    if (canvas === null || colors === null || context === null) return;
    const ratio = Math.min(2, devicePixelRatio);
    const [width, height] = [Math.round(scale.width * ratio), Math.round(view.height * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawRows(context, { rows, scale, scrollTop: view.top, height: view.height, now, selectedItem, colors });
  }, [rows, scale, view, now, selectedItem, colors]);
  // The span that the keys are on is in view.
  useLayoutEffect(() => {
    const element = scrollRef.current;
    if (element === null || found === null || cursor === null) return;
    const top = found.row * ROW_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_HEIGHT > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW_HEIGHT - element.clientHeight;
    // Only when the keys moved it: news must not scroll.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cursor]);

  const rowAt = ({ y }: Pointer): number => Math.floor((y + view.top) / ROW_HEIGHT);
  const pointedRow = pointer === null ? -1 : rowAt(pointer);
  const pointed = pointer === null ? null : spanAt(rows[pointedRow], scale, pointer.x, now);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const move = MOVES[event.key];
    const isPan = event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight");
    const middle = found === null ? scale.width / 2 : Math.min(scale.width, Math.max(0, scale.x(found.span.from)));
    if (isPan) {
      navigation.setTimeline({ window: panBy(scale, event.key === "ArrowLeft" ? -PAN_STEP : PAN_STEP, whole) });
    } else if (move !== undefined) setCursor(moveCursor(rows, cursor, move));
    else if (event.key === "Enter" && found !== null) openSpan(model, spans, found.span);
    else if (event.key === "+" || event.key === "=") {
      navigation.setTimeline({ window: zoomAt(scale, middle, 1 / ZOOM_STEP, whole) });
    } else if (event.key === "-") navigation.setTimeline({ window: zoomAt(scale, middle, ZOOM_STEP, whole) });
    else if (event.key === "0") navigation.setTimeline({ window: null });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="tw-timeline-lanes">
      <div ref={scrollRef} className="tw-timeline-scroll" onScroll={notePlace}>
        {/* Stays where it is while the labels scroll; inside, so that what scrolls can be reached with the keyboard. */}
        <div className="tw-timeline-pane">
          <div
            className="tw-timeline-track"
            style={{ width: scale.width, height: view.height }}
            role="listbox"
            aria-label="Spans"
            tabIndex={0}
            aria-activedescendant={found === null ? undefined : "tw-timeline-at"}
            onKeyDown={onKeyDown}
            onFocus={() => setCursor((known) => known ?? moveCursor(rows, null, "first"))}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              drag.current = { x: event.clientX, moved: false, scale };
            }}
            onPointerMove={(event) => {
              const from = drag.current;
              if (from === null) {
                setPointer(placeIn(event));
                return;
              }
              const by = from.x - event.clientX;
              from.moved ||= Math.abs(by) >= DRAG_SLACK;
              if (!from.moved) return;
              setPointer(null);
              navigation.setTimeline({ window: panBy(from.scale, by, whole) });
            }}
            onPointerUp={(event) => {
              const hasMoved = drag.current?.moved ?? true;
              drag.current = null;
              const row = hasMoved ? undefined : rows[rowAt(placeIn(event))];
              const span = spanAt(row, scale, placeIn(event).x, now);
              if (row === undefined || span === null) return;
              setCursor({ row: row.key, from: span.from });
              openSpan(model, spans, span);
            }}
            onPointerLeave={() => setPointer(null)}
            onPointerCancel={() => {
              drag.current = null;
            }}
          >
            <canvas ref={canvasRef} className="tw-timeline-canvas" aria-hidden="true" />
            <TimelineCounts rows={rows} first={first} end={end} scale={scale} now={now} scrollTop={view.top} />
            {found !== null && <FocusedSpan span={found.span} top={found.row * ROW_HEIGHT - view.top} shown={shown} />}
            {pointed !== null && pointer !== null && (
              <SpanTip
                span={pointed}
                left={pointer.x}
                top={pointedRow * ROW_HEIGHT - view.top}
                now={now}
                width={scale.width}
                height={view.height}
              />
            )}
          </div>
        </div>
        <div className="tw-timeline-labels" style={{ height: rows.length * ROW_HEIGHT }}>
          {rows.slice(first, end).map((row, index) => (
            <div
              key={row.key}
              className={classNames(
                "tw-timeline-label",
                row.isFirst && "tw-is-first",
                selection.kind === "step" && selection.step === row.step && "tw-is-selected",
              )}
              style={{ top: (first + index) * ROW_HEIGHT }}
            >
              <span className="tw-cut">{row.isFirst || index === 0 ? row.step : ""}</span>
              <span className="tw-muted">{row.part}</span>
            </div>
          ))}
        </div>
      </div>
      <span ref={probeRef} hidden />
    </div>
  );
}

interface FocusedSpanProps {
  readonly span: TrailSpan;
  readonly top: number;
  readonly shown: ShownTimeline;
}

/** The one option there is in the page: the span that the keys are on. */
function FocusedSpan({ span, top, shown: { scale, now } }: FocusedSpanProps) {
  const { left, width } = placeOf(span, scale, now);
  const from = Math.max(-2, left);
  return (
    <div
      id="tw-timeline-at"
      role="option"
      aria-selected="true"
      aria-label={sentenceOf(span, now)}
      className="tw-timeline-at"
      style={{ insetInlineStart: from, top, width: Math.max(4, Math.min(scale.width + 2, left + width) - from) }}
    />
  );
}

function placeIn(event: PointerEvent<HTMLElement>): Pointer {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

interface SpanTipProps {
  readonly span: TrailSpan;
  readonly left: number;
  readonly top: number;
  readonly now: number;
  readonly width: number;
  readonly height: number;
}

function SpanTip({ span, left, top, now, width, height }: SpanTipProps) {
  const { where, what, state, when } = wordsOf(span, now);
  const isLate = left > width / 2;
  const isLow = top > height / 2;
  return (
    <div
      className="tw-timeline-tip"
      aria-hidden="true"
      style={{
        ...(isLate ? { insetInlineEnd: width - left + 8 } : { insetInlineStart: left + 8 }),
        ...(isLow ? { bottom: height - top + 2 } : { top: top + ROW_HEIGHT + 2 }),
      }}
    >
      <b>{where}</b>
      <span>{what}</span>
      <span>{state}</span>
      <span className="tw-muted tw-num">{when}</span>
    </div>
  );
}

function useColorScheme(): string {
  const [scheme, setScheme] = useState("");
  useEffect(() => {
    const queries = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(forced-colors: active)")];
    const note = (): void => setScheme(queries.map(({ matches }) => matches).join());
    note();
    for (const query of queries) query.addEventListener("change", note);
    return () => {
      for (const query of queries) query.removeEventListener("change", note);
    };
  }, []);
  return scheme;
}
