import { Lightbulb } from "lucide-react";
import { hintOfRow } from "../store/hints.ts";
import { memo } from "react";
import type { RunSummary } from "tickwork/client";
import { formatBytes, formatCoarse, formatDateTime, formatDuration, formatPlural } from "../store/format.ts";
import { isEnded } from "../store/inspector-state.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { lookOfRun, RunStatusIcon, statusWord } from "../ui/StatusIcon.tsx";

interface RunRowProps {
  readonly run: RunSummary;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
}

export const RunRow = memo(function RunRow({ run, isOpen, isTabStop }: RunRowProps) {
  const { navigation } = useModel();
  // In the list's coarse words most rows stay the same for minutes: they are then not drawn again.
  const age = useInspector((state) => formatCoarse(state.now - run.updatedAt));
  return (
    <li>
      <button
        type="button"
        data-run={run.runId}
        className={classNames("tw-run", isOpen && "tw-is-selected")}
        aria-current={isOpen ? "true" : undefined}
        tabIndex={isTabStop ? 0 : -1}
        onClick={() => navigation.openRun(run.runId)}
      >
        <RunStatusIcon run={run} />
        <span className="tw-run-name tw-cut">{run.workflow}</span>
        <span className="tw-run-age tw-muted tw-num" title={formatDateTime(run.updatedAt)}>
          {age}
        </span>
        <span className="tw-run-id tw-cut tw-mono" title={titleOf(run)}>
          {run.runId}
        </span>
        <span className="tw-run-note tw-cut tw-num">
          {hintOfRow(run) !== null && (
            <>
              <Lightbulb size={12} aria-hidden="true" />
              <span className="tw-sr">There is a hint. </span>{" "}
            </>
          )}
          {noteOf(run)}
        </span>
      </button>
    </li>
  );
});

function titleOf({ runId, bytes }: RunSummary): string {
  return bytes === undefined ? runId : `${runId}, ${formatBytes(bytes)}`;
}

/** The one thing worth knowing about a run beside its status. */
function noteOf(run: RunSummary): string {
  const word = statusWord(lookOfRun(run));
  if (run.pausedBecause !== undefined) return `Paused · ${run.pausedBecause}`;
  if (run.status === "failed" && run.error !== undefined) return `${word} · ${run.error.message}`;
  if (run.status === "completed") return `${word} · ${formatDuration(run.updatedAt - run.createdAt)}`;
  if (isEnded(run.status)) return `${word} at tick ${run.sequence}`;
  if (run.waiting > 0 && run.waitingFor.length > 0 && run.busy === 0) return `${word} for ${run.waitingFor.join(", ")}`;
  if (run.busy + run.queued > 0) return `${word} · ${run.busy} busy, ${formatPlural(run.queued, "queued", "queued")}`;
  return word;
}
