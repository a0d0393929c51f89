import { useEffect, useMemo, useReducer, useState } from "react";
import { toErrorText } from "../source/error-text.ts";
import type { TickSearchRun } from "../source/tick-search.ts";
import { searchRun } from "../source/tick-search.ts";
import type { RunSession } from "../store/session.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { createLogIndexer } from "./log-index.ts";
import { isSearch, queryOf } from "./log-query.ts";
import type { LogRows } from "../source/log-rows.ts";
import { rowsOf } from "../source/log-rows.ts";

const NO_ROWS = rowsOf([], 0);
/** Milliseconds that typing rests before its text is searched for. */
const REST = 150;

export interface ShownRows {
  readonly rows: LogRows;
  readonly isSearching: boolean;
  /** More was found than is listed. */
  readonly isFull: boolean;
}

/** The rows of the log under the filter: all of them, or what the engine finds. */
export function useLogRows(session: RunSession | null): ShownRows {
  const { source, store } = useModel();
  const filter = useInspector((state) => state.logFilter);
  const version = useInspector((state) => state.ticksVersion);
  const lastSequence = useInspector((state) => state.lastSequence);
  const [changes, noteChange] = useReducer((count: number) => count + 1, 0);
  const [search, setSearch] = useState<TickSearchRun | null>(null);
  const isOn = isSearch(filter);

  useEffect(() => {
    if (!isOn || session === null) return undefined;
    let started: TickSearchRun | null = null;
    const timer = setTimeout(() => {
      const fail = (error: unknown): void => store.setState({ notice: toErrorText(error) });
      started = searchRun(source, session.runId, queryOf(filter), noteChange, fail);
      started.extendTo(store.getState().lastSequence);
      setSearch(started);
    }, REST);
    return () => {
      clearTimeout(timer);
      started?.close();
      setSearch(null);
    };
  }, [source, store, session, filter, isOn]);
  useEffect(() => search?.extendTo(lastSequence), [search, lastSequence]);

  const { showInternal } = filter;
  const indexer = useMemo(
    () => (session === null ? null : createLogIndexer(session.ticks, showInternal)),
    [session, showInternal],
  );
  return useMemo(
    () =>
      isOn
        ? {
            rows: search?.rows ?? NO_ROWS,
            isSearching: search === null || !search.isDone,
            isFull: search?.isFull ?? false,
          }
        : { rows: indexer?.index(lastSequence) ?? NO_ROWS, isSearching: false, isFull: false },
    // The cache and the search change in place; their versions say when.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [isOn, search, indexer, lastSequence, version, changes],
  );
}
