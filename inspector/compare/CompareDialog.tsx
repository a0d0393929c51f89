import { Search } from "lucide-react";
import { useState } from "react";
import { formatAgo } from "../store/format.ts";
import { NO_RUN_FILTER } from "../store/place.ts";
import { filterRuns } from "../store/run-list.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ModalDialog } from "../ui/ModalDialog.tsx";
import { RunStatusIcon } from "../ui/StatusIcon.tsx";

/** So many are offered; the search finds the others. */
const OFFERED = 50;

/** Asks for the run to compare with, those of the same workflow first. */
export default function CompareDialog({ runId }: { readonly runId: string }) {
  const { navigation, store } = useModel();
  const [text, setText] = useState("");
  const runs = useInspector((state) => state.runs);
  const runIds = useInspector((state) => state.runIds);
  const { workflow } = runs[runId] ?? {};
  const isSame = (id: string): boolean => runs[id]?.workflow === workflow;
  const found = filterRuns({ runs, runIds }, { ...NO_RUN_FILTER, text }).filter((id) => id !== runId);
  const offered = [...found.filter(isSame), ...found.filter((id) => !isSame(id))].slice(0, OFFERED);
  return (
    <ModalDialog
      title="Compare with…"
      description="Runs of the same workflow come first."
      onClose={() => navigation.openDialog(null)}
    >
      <label className="tw-search">
        <Search size={13} aria-hidden="true" />
        <span className="tw-sr">Search runs</span>
        <input type="search" placeholder="Search runs" value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <ul className="tw-compare-offers" aria-label="Runs to compare with">
        {offered.map((id) => {
          const run = runs[id];
          return run === undefined ? null : (
            <li key={id}>
              <button type="button" className="tw-compare-offer" onClick={() => navigation.compare(runId, id)}>
                <RunStatusIcon run={run} size={14} />
                <b>{run.workflow}</b>
                <span className="tw-mono tw-cut">{id}</span>
                <span className="tw-muted tw-num">{formatAgo(run.createdAt, store.getState().now)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {offered.length === 0 && <p className="tw-muted">No other run matches.</p>}
    </ModalDialog>
  );
}
