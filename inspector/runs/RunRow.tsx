import { Ellipsis, Lightbulb } from "lucide-react";
import type { MouseEvent } from "react";
import { hintOfRow } from "../store/hints.ts";
import { memo } from "react";
import type { RunSummary } from "tickwork/client";
import { formatAgo, formatBytes, formatDateTime } from "../store/format.ts";
import { asideOf, noteOf } from "../store/run-row.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector } from "../ui/model-context.ts";
import { RunStatusIcon } from "../ui/StatusIcon.tsx";

/** Every row is as high, border included: which rows are in view is arithmetic. */
export const ROW_HEIGHT = 72;

interface RunRowProps {
  readonly run: RunSummary;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
  /** null: nothing is to be picked. */
  readonly isPicked: boolean | null;
  /** It is going to be deleted, which can be taken back. */
  readonly isLeaving: boolean;
  /** Its place in the list, from 0, and how long that is. */
  readonly place: number;
  readonly count: number;
  readonly onPress: (runId: string, event: MouseEvent) => void;
  readonly onPick: (runId: string, isRange: boolean) => void;
  readonly onMenu: (runId: string, at: DOMRect) => void;
}

export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { run, isOpen, isTabStop, isPicked, isLeaving, place, count, onPress, onPick, onMenu } = props;
  // In the list's coarse words most rows stay the same for minutes: they are then not drawn again.
  const age = useInspector((state) => formatAgo(run.updatedAt, state.now));
  const note = useInspector((state) => noteOf(run, state.now));
  const aside = useInspector((state) => asideOf(run, state.now, state.storage?.durable === true));
  const { runId, workflow } = run;
  const tabIndex = isTabStop ? 0 : -1;
  return (
    <li
      className={classNames("tw-run-item", isPicked !== null && "tw-is-picking", isPicked === true && "tw-is-picked")}
      style={{ top: place * ROW_HEIGHT }}
      aria-posinset={place + 1}
      aria-setsize={count}
      data-item={runId}
    >
      {isPicked !== null && (
        <label className="tw-run-pick">
          <input
            type="checkbox"
            checked={isPicked}
            tabIndex={tabIndex}
            aria-label={`Select ${workflow}, ${runId}`}
            onClick={(event) => {
              if (event.shiftKey) window.getSelection()?.removeAllRanges();
              onPick(runId, event.shiftKey);
            }}
            onChange={() => undefined}
          />
        </label>
      )}
      <button
        type="button"
        data-run={runId}
        className={classNames("tw-run", isOpen && "tw-is-selected", isLeaving && "tw-is-leaving")}
        aria-current={isOpen ? "true" : undefined}
        tabIndex={tabIndex}
        onClick={(event) => onPress(runId, event)}
        onContextMenu={(event) => {
          event.preventDefault();
          // A key has no place on the screen: the menu opens at the row then.
          const isKey = event.clientX === 0 && event.clientY === 0;
          const at = isKey ? event.currentTarget.getBoundingClientRect() : null;
          onMenu(runId, at ?? new DOMRect(event.clientX, event.clientY, 0, 0));
        }}
      >
        <RunStatusIcon run={run} />
        <span className="tw-run-name tw-cut">{workflow}</span>
        <span className="tw-run-age tw-muted tw-num" title={formatDateTime(run.updatedAt)}>
          {age}
        </span>
        <span className="tw-run-id tw-cut tw-mono" title={titleOf(run)}>
          {runId}
        </span>
        <span className="tw-run-aside tw-num" title={whenDeleted(run)}>
          {aside}
        </span>
        <span className="tw-run-note tw-cut tw-num" title={note}>
          {hintOfRow(run) !== null && (
            <>
              <Lightbulb size={12} aria-hidden="true" />
              <span className="tw-sr">There is a hint. </span>{" "}
            </>
          )}
          {isLeaving ? "Will be deleted" : note}
        </span>
      </button>
      <button
        type="button"
        className="tw-button tw-button-icon tw-button-quiet tw-run-more"
        tabIndex={-1}
        aria-label={`Commands for ${workflow}, ${runId}`}
        aria-haspopup="menu"
        onClick={(event) => onMenu(runId, event.currentTarget.getBoundingClientRect())}
      >
        <Ellipsis size={14} aria-hidden="true" />
      </button>
    </li>
  );
});

function titleOf({ runId, bytes }: RunSummary): string {
  return bytes === undefined ? runId : `${runId}, ${formatBytes(bytes)}`;
}

function whenDeleted({ deletesAt }: RunSummary): string | undefined {
  return deletesAt === undefined
    ? undefined
    : `Deleted by its workflow's policy, not before ${formatDateTime(deletesAt)}`;
}
