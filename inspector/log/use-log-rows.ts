import { useEffect, useMemo, useReducer } from "react";
import { pageOf } from "../source/tick-cache.ts";
import type { RunSession } from "../store/session.ts";
import { useInspector } from "../ui/model-context.ts";
import type { LogRows } from "./log-index.ts";
import { createLogIndexer, isSearch } from "./log-index.ts";

const NO_ROWS: LogRows = { count: 0, at: () => 0, rowOf: () => 0, searched: 0 };

/** The rows of the log under the filter. While a search is on, the pages not yet known are read, newest first. */
export function useLogRows(session: RunSession | null): { readonly rows: LogRows; readonly isSearching: boolean } {
  const filter = useInspector((state) => state.logFilter);
  const version = useInspector((state) => state.ticksVersion);
  const lastSequence = useInspector((state) => state.lastSequence);
  const [found, noteFound] = useReducer((count: number) => count + 1, 0);
  const indexer = useMemo(() => (session === null ? null : createLogIndexer(session.ticks, filter)), [session, filter]);
  const rows = useMemo(
    () => indexer?.index(lastSequence) ?? NO_ROWS,
    // The cache is changed in place; its version says when.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [indexer, lastSequence, version, found],
  );

  const isSearching = isSearch(filter);
  useEffect(() => {
    if (!isSearching || session === null || indexer === null) return undefined;
    let isCurrent = true;
    const search = async (): Promise<void> => {
      while (isCurrent) {
        let page = pageOf(Math.max(1, session.ticks.lastSequence));
        while (page >= 0 && indexer.isSearched(page)) page -= 1;
        if (page < 0) {
          await new Promise((resolve) => setTimeout(resolve, 500));
          continue;
        }
        await session.pages.read(page);
        indexer.look(page);
        if (isCurrent) noteFound();
      }
    };
    // A source that fails shows its problem elsewhere; the search then rests.
    search().catch(() => undefined);
    return () => {
      isCurrent = false;
    };
  }, [session, indexer, isSearching]);

  const begin = session?.ticks.firstSequence ?? 1;
  return { rows, isSearching: isSearching && rows.searched < lastSequence - begin + 1 };
}
