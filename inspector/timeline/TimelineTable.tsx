import type { KeyboardEvent } from "react";
import { useMemo, useRef, useState } from "react";
import { formatClock, formatCount, formatDuration } from "../store/format.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { useVisibleRows } from "../ui/use-visible-rows.ts";
import { openSpan } from "./open-span.ts";
import { wordsOf } from "./span-words.ts";
import type { ShownTimeline } from "./use-timeline.ts";

const TABLE_ROW_HEIGHT = 26;
/** It stays in sight, over the rows. */
const HEAD_HEIGHT = 24;
const COLUMNS = ["Begins", "Takes", "Step", "Lane", "What", "State"];

/** The same spans as rows, oldest first. */
export function TimelineTable({ shown: { rows, spans, scale, now } }: { readonly shown: ShownTimeline }) {
  const model = useModel();
  const scrollRef = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const { first, end, look } = useVisibleRows(scrollRef, TABLE_ROW_HEIGHT);
  const selectedItem = useInspector(({ selection }) => (selection.kind === "workItem" ? selection.workItem : null));
  const entries = useMemo(
    () =>
      rows
        .filter(({ key }) => key !== "trail")
        .flatMap((row) => row.spans.map((span) => ({ span, part: row.part })))
        .filter(({ span }) => span.from <= scale.to && (span.to ?? now) >= scale.from)
        .toSorted((a, b) => a.span.from - b.span.from || (a.span.begin ?? 0) - (b.span.begin ?? 0)),
    [rows, scale, now],
  );
  const last = entries.length - 1;
  const chosen = Math.min(at, last);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / TABLE_ROW_HEIGHT) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    const entry = entries[chosen];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && entry) openSpan(model, spans, entry.span);
    else if (by !== undefined) {
      const next = Math.max(0, Math.min(last, chosen + by));
      setAt(next);
      bringIntoView(scrollRef.current, next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={scrollRef}
      className="tw-timeline-table"
      role="grid"
      aria-label="Spans"
      aria-rowcount={entries.length + 1}
      tabIndex={0}
      aria-activedescendant={chosen >= 0 ? `tw-span-${chosen}` : undefined}
      onKeyDown={onKeyDown}
      onScroll={look}
    >
      <div role="rowgroup" className="tw-timeline-table-head">
        <div className="tw-timeline-row tw-timeline-head" role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <span key={column} role="columnheader" className={column === "Takes" ? "tw-right" : undefined}>
              {column}
            </span>
          ))}
        </div>
      </div>
      <div className="tw-timeline-table-rows" role="rowgroup">
        <div role="presentation" style={{ height: entries.length * TABLE_ROW_HEIGHT }}>
          {entries.slice(first, end).map(({ span, part }, index) => {
            const row = first + index;
            const { what, state } = wordsOf(span, now);
            return (
              <div
                key={`${span.step} ${span.phase} ${span.slot ?? ""} ${span.from} ${span.workItem}`}
                id={`tw-span-${row}`}
                role="row"
                aria-rowindex={row + 2}
                aria-selected={span.count === 1 && span.workItem === selectedItem}
                className={classNames(
                  "tw-timeline-row",
                  span.failed > 0 && "tw-is-failed",
                  row === chosen && "tw-is-at",
                  span.count === 1 && span.workItem === selectedItem && "tw-is-selected",
                )}
                style={{ top: row * TABLE_ROW_HEIGHT }}
                onClick={() => {
                  setAt(row);
                  openSpan(model, spans, span);
                }}
              >
                <span role="gridcell" className="tw-num">
                  {formatClock(span.from)}
                </span>
                <span role="gridcell" className="tw-num tw-right">
                  {formatDuration((span.to ?? Math.max(now, span.from)) - span.from)}
                </span>
                <span role="gridcell" className="tw-cut">
                  {span.step}
                </span>
                <span role="gridcell" className="tw-muted">
                  {part}
                </span>
                <span role="gridcell" className="tw-cut">
                  {what}
                </span>
                <span role="gridcell" className={classNames("tw-cut", span.failed > 0 && "tw-danger")}>
                  {state}
                </span>
              </div>
            );
          })}
        </div>
      </div>
      <p className="tw-sr">{formatCount(entries.length)} rows</p>
    </div>
  );
}

function bringIntoView(element: HTMLElement | null, row: number): void {
  if (element === null) return;
  const top = row * TABLE_ROW_HEIGHT;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + TABLE_ROW_HEIGHT + HEAD_HEIGHT > element.scrollTop + element.clientHeight)
    element.scrollTop = top + TABLE_ROW_HEIGHT + HEAD_HEIGHT - element.clientHeight;
}
