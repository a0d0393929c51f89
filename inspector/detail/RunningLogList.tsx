import { LoaderCircle } from "lucide-react";
import { formatCount, formatPlural } from "../store/format.ts";
import type { ShownLog } from "../store/running-logs.ts";
import { keyOfLog } from "../store/running-logs.ts";
import { LogLines } from "./LogLines.tsx";
import { SelectionLink } from "./SelectionLink.tsx";

interface RunningLogListProps {
  readonly logs: readonly ShownLog[];
  /** Attempts that are left out. */
  readonly more: number;
}

/** What steps under way have logged so far. */
export function RunningLogList({ logs, more }: RunningLogListProps) {
  if (logs.length === 0) return null;
  return (
    <section className="tw-section tw-running-logs" aria-label="Under way">
      {logs.map((log) => (
        <section key={keyOfLog(log)} className="tw-section">
          <h3 className="tw-num">
            {!log.isOver && <LoaderCircle size={13} className="tw-accent" aria-hidden="true" />}{" "}
            <SelectionLink text={log.step} to={{ kind: "step", step: log.step }} />{" "}
            <SelectionLink text={`#${log.workItem}`} to={{ kind: "workItem", workItem: log.workItem }} />{" "}
            <span className="tw-muted">
              {log.attempt > 1 && `attempt ${log.attempt}, `}
              {log.isOver ? "over: its tick has all of it" : "under way"}
            </span>
          </h3>
          {log.earlier > 0 && (
            <p className="tw-muted tw-num">
              {formatPlural(log.earlier, "earlier line")} will be in its tick when it is over.
            </p>
          )}
          {/* It follows its end until somebody scrolls up. */}
          <div className="tw-log-follow" role="group" aria-label={`Log of ${log.step} #${log.workItem}`} tabIndex={0}>
            <LogLines logs={log.records} />
          </div>
        </section>
      ))}
      {more > 0 && <p className="tw-muted tw-num">{formatCount(more)} more log as well. Select a step to see fewer.</p>}
    </section>
  );
}
