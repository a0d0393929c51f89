import type { KeyboardEvent, MouseEvent, SyntheticEvent } from "react";
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { isDeleting } from "../store/run-work.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { useVisibleRows } from "../ui/use-visible-rows.ts";
import type { RunMenuPlace } from "./RunMenu.tsx";
import { ROW_HEIGHT, RunRow } from "./RunRow.tsx";

const RunMenu = lazy(() => import("./RunMenu.tsx"));

/** The next page is loaded when so many rows or fewer are left below. */
const ROWS_LEFT = 20;

const runOf = ({ target }: SyntheticEvent): string | undefined =>
  (target as HTMLElement).closest<HTMLElement>("[data-item]")?.dataset["item"];

/** The runs that match. Only rows in view are drawn; those above the view may come and go without moving it. */
export function RunList({ shown }: { readonly shown: readonly string[] }) {
  const model = useModel();
  const { navigation, picker, store } = model;
  const runs = useInspector((state) => state.runs);
  const openId = useInspector((state) => state.runId);
  const picks = useInspector((state) => state.picks);
  const works = useInspector((state) => state.works);
  const leaving = useMemo(() => new Set(works.flatMap((work) => (isDeleting(work) ? work.runIds : []))), [works]);
  const scrollRef = useRef<HTMLDivElement>(null);
  const top = useRef<{ readonly runId: string | undefined; readonly within: number }>({ runId: undefined, within: 0 });
  /** The row that has or had the focus; it is drawn wherever the view is, so that the focus is not lost. */
  const [keyed, setKeyed] = useState<string | null>(null);
  const toFocus = useRef<string | null>(null);
  const [menu, setMenu] = useState<RunMenuPlace | null>(null);
  const [hadMenu, setHadMenu] = useState(false);
  const { first, end, look } = useVisibleRows(scrollRef, ROW_HEIGHT);

  const order = useRef(shown);
  order.current = shown;
  const places = useMemo(() => new Map(shown.map((runId, place) => [runId, place])), [shown]);
  const tabStop =
    keyed !== null && places.has(keyed) ? keyed : openId !== null && places.has(openId) ? openId : shown[0];

  const rowOf = useCallback(
    (runId: string): HTMLElement | null =>
      scrollRef.current?.querySelector<HTMLElement>(`[data-run="${CSS.escape(runId)}"]`) ?? null,
    [],
  );
  // At its top the list follows the newest run; below it the row at the top of the view keeps its place.
  useLayoutEffect(() => {
    const element = scrollRef.current;
    const { runId, within } = top.current;
    const place = runId === undefined ? undefined : places.get(runId);
    if (element !== null && place !== undefined && element.scrollTop > 0) {
      const wanted = place * ROW_HEIGHT + within;
      if (Math.abs(element.scrollTop - wanted) > 0.5) element.scrollTop = wanted;
    }
    look();
  }, [places, look]);
  useLayoutEffect(() => {
    if (toFocus.current === null) return;
    rowOf(toFocus.current)?.focus({ preventScroll: true });
    toFocus.current = null;
  }, [keyed, rowOf]);
  useEffect(() => {
    if (end >= shown.length - ROWS_LEFT && first > 0) model.loadMoreRuns();
  }, [model, first, end, shown.length]);

  const onScroll = (): void => {
    const scrollTop = scrollRef.current?.scrollTop ?? 0;
    const place = Math.floor(scrollTop / ROW_HEIGHT);
    top.current = { runId: shown[place], within: scrollTop - place * ROW_HEIGHT };
    look();
  };
  const goTo = (place: number): string | undefined => {
    const element = scrollRef.current;
    const runId = shown[Math.max(0, Math.min(shown.length - 1, place))];
    const at = runId === undefined ? undefined : places.get(runId);
    if (element === null || runId === undefined || at === undefined) return undefined;
    const above = at * ROW_HEIGHT;
    if (above < element.scrollTop) element.scrollTop = above;
    else if (above + ROW_HEIGHT > element.scrollTop + element.clientHeight) {
      element.scrollTop = above + ROW_HEIGHT - element.clientHeight;
    }
    if (runId === keyed) rowOf(runId)?.focus({ preventScroll: true });
    else toFocus.current = runId;
    setKeyed(runId);
    return runId;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const runId = runOf(event);
    const at = runId === undefined ? undefined : places.get(runId);
    if (runId === undefined || at === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const done = (): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (event.key === "x" || event.key === "X") {
      picker.toggle(runId);
      return done();
    }
    if (event.key === "Escape" && picks !== null) {
      picker.end();
      return done();
    }
    const page = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    if (by === undefined) return;
    if (event.shiftKey && (picks?.anchor ?? null) === null) picker.pickTo(runId, shown);
    const reached = goTo(at + by);
    if (event.shiftKey && reached !== undefined) picker.pickTo(reached, shown);
    done();
  };

  // The rows are drawn again only for what is their own: these functions stay the same.
  const onPick = useCallback(
    (runId: string, isRange: boolean) => (isRange ? picker.pickTo(runId, order.current) : picker.toggle(runId)),
    [picker],
  );
  const onPress = useCallback(
    (runId: string, event: MouseEvent) => {
      // Safari gives a button that is clicked no focus.
      setKeyed(runId);
      if (event.shiftKey) {
        const { picks: before, runId: from } = store.getState();
        if (before === null && from !== null) picker.pickTo(from, order.current);
        picker.pickTo(runId, order.current);
      } else if (event.ctrlKey || event.metaKey) picker.toggle(runId);
      else navigation.openRun(runId);
    },
    [navigation, picker, store],
  );
  const onMenu = useCallback((runId: string, at: DOMRect) => {
    setKeyed(runId);
    setMenu({ runId, at });
    setHadMenu(true);
  }, []);

  const rows: number[] = [];
  for (let place = Math.min(first, shown.length); place < Math.min(end, shown.length); place += 1) rows.push(place);
  const stopAt = tabStop === undefined ? undefined : places.get(tabStop);
  if (stopAt !== undefined && (stopAt < first || stopAt >= end)) rows.push(stopAt);

  return (
    <>
      <div ref={scrollRef} className="tw-run-list" onScroll={onScroll}>
        <ul
          aria-label="Runs"
          style={{ height: shown.length * ROW_HEIGHT }}
          onKeyDown={onKeyDown}
          onFocus={(event) => setKeyed(runOf(event) ?? null)}
        >
          {rows.map((place) => {
            const runId = shown[place] ?? "";
            const run = runs[runId];
            return run === undefined ? null : (
              <RunRow
                key={runId}
                run={run}
                isOpen={runId === openId}
                isTabStop={runId === tabStop}
                isPicked={picks === null ? null : picks.ids.has(runId)}
                isLeaving={leaving.has(runId)}
                place={place}
                count={shown.length}
                onPress={onPress}
                onPick={onPick}
                onMenu={onMenu}
              />
            );
          })}
        </ul>
      </div>
      <Suspense>{hadMenu && <RunMenu place={menu} onClose={() => setMenu(null)} rowOf={rowOf} />}</Suspense>
    </>
  );
}
