import { NotebookText } from "lucide-react";
import type { RunningLogsQuery } from "tickwork/client";
import type { SearchQuery } from "../source/tick-search.ts";
import type { Selection } from "../store/selection.ts";
import { withoutListed } from "../store/running-logs.ts";
import { readStepResult } from "../store/step-result.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { LogLines } from "./LogLines.tsx";
import { MoreButtons } from "./MoreButtons.tsx";
import { RunningLogList } from "./RunningLogList.tsx";
import { SelectionLink, TickLink } from "./SelectionLink.tsx";
import { useDetails } from "./use-details.ts";
import { useRunningLogs } from "./use-running-logs.ts";

/** What the steps of the selection log: those under way, then by the tick that brought it, the newest first. */
export default function LogRecords({ selection }: { readonly selection: Selection }) {
  const found = useDetails({ ...queryOf(selection), logs: true }, 20);
  const { details, hasOlder } = found;
  const { logs, more } = useRunningLogs(runningOf(selection));
  const running = withoutListed(logs, details?.map(({ summary }) => summary) ?? []);
  if (details !== null && details.length === 0 && !hasOlder && running.length === 0) {
    return (
      <EmptyState icon={NotebookText} title="Nothing was logged">
        <p className="tw-muted">Steps write with ctx.log. What they write is here as they go.</p>
      </EmptyState>
    );
  }
  return (
    <>
      <RunningLogList logs={running} more={more} />
      {details?.map((detail) => {
        const { sequence, step = "", workItem = 0 } = detail.summary;
        return (
          <section key={sequence} className="tw-section">
            <h3 className="tw-num">
              <TickLink sequence={sequence} /> <SelectionLink text={step} to={{ kind: "step", step }} />{" "}
              <SelectionLink text={`#${workItem}`} to={{ kind: "workItem", workItem }} />
            </h3>
            <LogLines logs={readStepResult(detail).logs} />
          </section>
        );
      })}
      <MoreButtons found={found} />
    </>
  );
}

function runningOf(selection: Selection): RunningLogsQuery {
  if (selection.kind === "step") return { step: selection.step };
  return selection.kind === "workItem" ? { workItem: selection.workItem } : {};
}

function queryOf(selection: Selection): SearchQuery {
  if (selection.kind === "step") return { by: selection.step };
  return selection.kind === "workItem" ? { workItem: selection.workItem } : {};
}
