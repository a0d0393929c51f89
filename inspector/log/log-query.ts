/** What the log's filter asks of the engine. */
import type { SearchQuery } from "../source/tick-search.ts";
import type { LogFilter } from "../store/place.ts";
import { INTERNAL_KINDS } from "../store/status-words.ts";

/** A search lists what the engine finds; the default view merely hides bookkeeping. */
export function isSearch(filter: LogFilter): boolean {
  const { text, step, kind, event, workItem } = filter;
  return text.trim() !== "" || step !== null || kind !== null || event !== null || workItem !== null;
}

/** What the engine is asked for. */
export function queryOf({ text, step, kind, event, workItem, showInternal }: LogFilter): SearchQuery {
  return {
    ...(text.trim() !== "" && { text: text.trim() }),
    ...(step !== null && { step }),
    ...(kind !== null && { kind }),
    ...(event !== null && { event }),
    ...(workItem !== null && { workItem }),
    ...(kind === null && !showInternal && { without: [...INTERNAL_KINDS] }),
  };
}
