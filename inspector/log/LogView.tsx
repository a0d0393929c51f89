import { CircleAlert, ScrollText } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { ErrorText } from "../source/error-text.ts";
import { pageOf } from "../source/tick-cache.ts";
import { formatCount } from "../store/format.ts";
import { NO_LOG_FILTER } from "../store/place.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { useVisibleRows } from "../ui/use-visible-rows.ts";
import { LogFilterBar } from "./LogFilterBar.tsx";
import { isSearch } from "./log-query.ts";
import { LogRow } from "./LogRow.tsx";
import { useLogRows } from "./use-log-rows.ts";

const ROW_HEIGHT = 26;
/** Read at once for the rows on screen; what a search finds may stand in many. */
const MOST_PAGES = 48;

/**
 * Every tick of the run as one row. Rows arrive at the end; the reader's place is kept by the sequence at the top,
 * unless the reader is at the end and follows.
 */
export function LogView() {
  const model = useModel();
  const session = useInspector((state) => state.session);
  const position = useInspector((state) => state.position);
  const { rows, isSearching, isFull } = useLogRows(session);
  const scrollRef = useRef<HTMLDivElement>(null);
  const place = useRef({ sequence: 1, within: 0, top: 0 });
  const isOn = useInspector((state) => isSearch(state.logFilter));
  const writtenTo = useInspector((state) =>
    state.storage?.problem === undefined ? Infinity : (state.runs[state.runId ?? ""]?.durableSequence ?? Infinity),
  );
  const { height, isAtEnd, look, atEnd, ...scrolled } = useVisibleRows(scrollRef, ROW_HEIGHT);
  const isFollowing = isAtEnd && position === "live";
  const { first, end } = isFollowing ? atEnd(rows.count) : scrolled;

  const notePlace = (): void => {
    const top = scrollRef.current?.scrollTop ?? 0;
    const row = Math.floor(top / ROW_HEIGHT);
    place.current = {
      sequence: rows.at(Math.min(row, Math.max(0, rows.count - 1))),
      within: top - row * ROW_HEIGHT,
      top,
    };
  };
  // Nothing is read of the element: that would lay out the whole page for each piece of news. And while it has no
  // height yet, nothing is written: it will be laid out with all that appears with it.
  const isLaidOut = height > 0;
  useLayoutEffect(() => {
    const element = scrollRef.current;
    if (element === null) return;
    if (isFollowing) {
      if (isLaidOut) element.scrollTop = rows.count * ROW_HEIGHT - height;
      return;
    }
    const { sequence, within, top } = place.current;
    const wanted = Math.max(0, rows.rowOf(sequence) * ROW_HEIGHT + within);
    if (Math.abs(top - wanted) <= 0.5) return;
    element.scrollTop = wanted;
    look();
  }, [rows, isFollowing, isLaidOut, height, look]);
  // Going to a tick brings its row into view, and going live brings the end. A log that opens at a tick has its row in
  // the middle, as soon as the rows after it are there.
  const hasRows = rows.count > 0;
  const isWhole = useInspector((state) => state.newest !== null);
  const isPlaced = useRef(false);
  useLayoutEffect(() => {
    const element = scrollRef.current;
    if (element === null) return;
    const isFirst = !isPlaced.current;
    isPlaced.current = hasRows && isWhole;
    if (position === "live") {
      if (!isLaidOut) return;
      element.scrollTop = element.scrollHeight;
      look();
      return;
    }
    const top = rows.rowOf(position) * ROW_HEIGHT;
    if (isFirst) element.scrollTop = Math.max(0, top - (element.clientHeight - ROW_HEIGHT) / 2);
    else if (top < element.scrollTop) element.scrollTop = Math.max(0, top - ROW_HEIGHT * 2);
    else if (top + ROW_HEIGHT > element.scrollTop + element.clientHeight)
      element.scrollTop = top - element.clientHeight + ROW_HEIGHT * 3;
    notePlace();
    // Only when the position moves: rows that arrive must not scroll.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [position, hasRows, isWhole]);

  const lastRow = Math.min(end, rows.count) - 1;
  const firstRow = Math.max(0, Math.min(first, lastRow));
  const shownRows = Array.from({ length: Math.max(0, lastRow - firstRow + 1) }, (_, index) => firstRow + index);
  useEffect(() => {
    if (session === null || rows.count === 0) return undefined;
    // A moment's rest, so that dragging the scroll bar through a million rows reads only where it stops.
    const timer = setTimeout(() => {
      const pages = new Set<number>();
      for (let row = firstRow; row <= lastRow && pages.size < MOST_PAGES; row += 1) pages.add(pageOf(rows.at(row)));
      session.pages.want([...pages]);
    }, 60);
    return () => clearTimeout(timer);
  }, [session, rows, firstRow, lastRow, writtenTo]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    if (by === undefined || rows.count === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const from = position === "live" ? rows.count : rows.rowOf(position);
    model.navigation.selectTick(rows.at(Math.min(rows.count - 1, Math.max(0, from + by))));
  };
  const problemOf = (sequence: number): ErrorText | null => session?.pages.problemOf(pageOf(sequence)) ?? null;
  const problem = shownRows
    .map((row) => rows.at(row))
    .filter((sequence) => session?.ticks.get(sequence) === undefined)
    .map(problemOf)
    .find((each) => each !== null);
  const activeId = position === "live" ? undefined : `tw-tick-${position}`;

  return (
    <section className="tw-log" aria-label="Tick log">
      <LogFilterBar found={rows.count} searched={rows.searched} isSearching={isSearching} isFull={isFull} />
      <div className="tw-log-row tw-log-head" aria-hidden="true">
        <span>#</span>
        <span>Time</span>
        <span>Kind</span>
        <span>Step</span>
        <span>Work item</span>
        <span>Cause</span>
        <span>Events</span>
        <span>Note</span>
        <span className="tw-right">Size</span>
      </div>
      {problem !== undefined && (
        <p className="tw-log-problem" role="status">
          <CircleAlert size={13} className="tw-danger" aria-hidden="true" /> Ticks in view cannot be read:{" "}
          {problem.message} Cancel and Delete work all the same.{" "}
          <button type="button" className="tw-link" onClick={() => session?.pages.retry()}>
            Try again
          </button>
        </p>
      )}
      <div
        ref={scrollRef}
        className="tw-log-scroll"
        role="listbox"
        aria-label="Ticks"
        tabIndex={0}
        aria-activedescendant={activeId}
        onScroll={() => {
          notePlace();
          look();
        }}
        onKeyDown={onKeyDown}
      >
        {rows.count === 0 && !isSearching && (
          <EmptyState icon={ScrollText} title="No ticks here">
            {isOn ? (
              <>
                <p className="tw-muted">No tick of {formatCount(rows.searched)} matches the filter.</p>
                <button type="button" className="tw-button" onClick={() => model.navigation.filterLog(NO_LOG_FILTER)}>
                  Clear the filter
                </button>
              </>
            ) : (
              <p className="tw-muted">The run has not begun.</p>
            )}
          </EmptyState>
        )}
        <div className="tw-log-rows" role="presentation" style={{ height: rows.count * ROW_HEIGHT }}>
          {shownRows.map((row) => {
            const sequence = rows.at(row);
            return (
              <LogRow
                key={sequence}
                sequence={sequence}
                tick={session?.ticks.get(sequence)}
                top={row * ROW_HEIGHT}
                isShown={sequence === position}
                isUnwritten={sequence > writtenTo}
                isUnreadable={problemOf(sequence) !== null}
              />
            );
          })}
        </div>
      </div>
    </section>
  );
}
