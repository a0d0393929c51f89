import { useCallback, useEffect, useState } from "react";
import type { TickDetail } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import { readDetails } from "../source/tick-details.ts";
import type { SearchQuery } from "../source/tick-search.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

export interface Details {
  /** Newest first; null: none was read yet. */
  readonly details: readonly TickDetail[] | null;
  readonly problem: ErrorText | null;
  /** Older ones may be there. */
  readonly hasOlder: boolean;
  /** Ticks came since the newest were read: they are read when asked for. */
  readonly hasNewer: boolean;
  readonly readOlder: () => void;
  readonly readNewer: () => void;
}

interface Known {
  readonly of: string;
  readonly details: readonly TickDetail[] | null;
  readonly before: number;
  readonly problem: ErrorText | null;
}

/** Ticks in full up to the shown one, the newest first, so many at once. Nothing comes or goes by itself. */
export function useDetails(query: SearchQuery, most: number): Details {
  const { source } = useModel();
  const runId = useInspector((state) => state.runId) ?? "";
  const position = useInspector((state) => state.position);
  const lastSequence = useInspector((state) => state.lastSequence);
  const [asked, setAsked] = useState(lastSequence);
  const end = (position === "live" ? asked : position) + 1;
  const question = JSON.stringify([runId, query, end]);
  const nothing: Known = { of: question, details: null, before: end, problem: null };
  const [known, setKnown] = useState<Known>(nothing);
  const shown = known.of === question ? known : nothing;

  const read = useCallback(
    async (from: Known, isCurrent: () => boolean): Promise<void> => {
      try {
        const page = await readDetails(source, runId, query, from.before, most);
        if (!isCurrent()) return;
        const details = [...(from.details ?? []), ...page.details];
        setKnown({ of: question, details, before: page.before, problem: null });
      } catch (error) {
        if (isCurrent()) setKnown({ ...from, details: from.details ?? [], problem: toErrorText(error) });
      }
    },
    // The question holds the run, the query and the place.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [source, question, most],
  );
  useEffect(() => {
    let isCurrent = true;
    void read(nothing, () => isCurrent);
    return () => {
      isCurrent = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [read]);

  return {
    details: shown.details,
    problem: shown.problem,
    hasOlder: shown.before > 1,
    hasNewer: position === "live" && lastSequence > asked,
    readOlder: () => void read(shown, () => true),
    readNewer: () => setAsked(lastSequence),
  };
}
