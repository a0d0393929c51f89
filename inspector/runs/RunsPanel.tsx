import { Inbox, Plus, Search, Upload } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useMemo } from "react";
import { formatCount } from "../store/format.ts";
import type { StatusGroup } from "../store/run-list.ts";
import { countGroups, filterRuns, STATUS_GROUPS } from "../store/run-list.ts";
import { classNames } from "../ui/class-names.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { importRunFile, importRunFiles } from "./import-run-file.ts";
import { RunRow } from "./RunRow.tsx";
import { useFileDrop } from "./use-file-drop.ts";

const GROUP_WORDS: { readonly [group in StatusGroup]: string } = {
  running: "Running",
  waiting: "Waiting",
  paused: "Paused",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
};

export function RunsPanel() {
  const model = useModel();
  const { navigation, commands } = model;
  const drop = useFileDrop((files) => void importRunFiles(commands, files));
  const connection = useInspector((state) => state.connection);
  const runs = useInspector((state) => state.runs);
  const runIds = useInspector((state) => state.runIds);
  const filter = useInspector((state) => state.runFilter);
  const openId = useInspector((state) => state.runId);
  const hasMore = useInspector((state) => state.nextBefore !== null);
  const counts = useMemo(() => countGroups({ runs }), [runs]);
  const shown = useMemo(() => filterRuns({ runs, runIds }, filter), [runs, runIds, filter]);
  const tabStop = openId !== null && shown.includes(openId) ? openId : shown[0];

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-run]")];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    rows[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  };

  return (
    <nav className={classNames("tw-runs", drop.isOver && "tw-is-drop")} aria-label="Runs" {...drop.handlers}>
      <div className="tw-runs-head">
        <label className="tw-search">
          <Search size={13} aria-hidden="true" />
          <span className="tw-sr">Search runs</span>
          <input
            type="search"
            data-search
            placeholder="Search runs"
            value={filter.text}
            onChange={(event) => navigation.filterRuns({ text: event.target.value })}
          />
        </label>
        <IconButton label="Import run file…" icon={Upload} onClick={() => void importRunFile(commands)} />
        <IconButton
          label="New run"
          shortcut="n"
          icon={Plus}
          isPrimary
          onClick={() => navigation.openDialog({ kind: "start", workflow: null })}
        />
      </div>
      <div className="tw-chips" role="group" aria-label="Filter by status">
        <Chip
          label="All"
          count={runIds.length}
          isOn={filter.status === null}
          onClick={() => navigation.filterRuns({ status: null })}
        />
        {STATUS_GROUPS.filter((group) => counts[group] > 0 || filter.status === group).map((group) => (
          <Chip
            key={group}
            label={GROUP_WORDS[group]}
            count={counts[group]}
            isOn={filter.status === group}
            onClick={() => navigation.filterRuns({ status: filter.status === group ? null : group })}
          />
        ))}
      </div>
      <ul className="tw-run-list" onKeyDown={onKeyDown}>
        {shown.map((runId) => {
          const run = runs[runId];
          return run === undefined ? null : (
            <RunRow key={runId} run={run} isOpen={runId === openId} isTabStop={runId === tabStop} />
          );
        })}
        {hasMore && (
          <li>
            <button type="button" className="tw-button tw-more" onClick={() => model.loadMoreRuns()}>
              Older runs
            </button>
          </li>
        )}
      </ul>
      {connection === "loading" && <Skeleton label="Loading runs" rows={5} />}
      {connection !== "loading" && shown.length === 0 && (
        <EmptyState
          icon={Inbox}
          title={
            runIds.length > 0 ? "No run matches" : connection === "ready" ? "No runs yet" : "The runs are out of reach"
          }
        >
          {runIds.length > 0 && (
            <button type="button" className="tw-link" onClick={() => navigation.filterRuns({ text: "", status: null })}>
              Clear the filter
            </button>
          )}
          {runIds.length === 0 && connection === "ready" && (
            <p className="tw-muted">
              Start one, or{" "}
              <button type="button" className="tw-link" onClick={() => void importRunFile(commands)}>
                import a run file
              </button>
              . It can be dropped here, too.
            </p>
          )}
        </EmptyState>
      )}
    </nav>
  );
}

interface ChipProps {
  readonly label: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly onClick: () => void;
}

function Chip({ label, count, isOn, onClick }: ChipProps) {
  return (
    <button type="button" className={classNames("tw-chip", isOn && "tw-is-on")} aria-pressed={isOn} onClick={onClick}>
      {label} <span className="tw-num">{formatCount(count)}</span>
    </button>
  );
}
