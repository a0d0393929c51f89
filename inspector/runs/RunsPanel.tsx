import { HardDrive, Inbox, ListChecks, Plus, Search, Upload, X } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";
import { canStart } from "../store/abilities.ts";
import { formatCount, formatDateTime } from "../store/format.ts";
import type { StatusGroup } from "../store/run-list.ts";
import { countGroups, filterRuns, STATUS_GROUPS } from "../store/run-list.ts";
import { NO_RUN_FILTER } from "../store/place.ts";
import { MOST_RUNS } from "../store/inspector-model.ts";
import { classNames } from "../ui/class-names.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { importRunFile, importRunFiles } from "./import-run-file.ts";
import { RunList } from "./RunList.tsx";
import { useFileDrop } from "./use-file-drop.ts";

const PickBar = lazy(() => import("./PickBar.tsx"));
const RunFilters = lazy(() => import("./RunFilters.tsx"));

const GROUP_WORDS: { readonly [group in StatusGroup]: string } = {
  running: "Running",
  waiting: "Waiting",
  paused: "Paused",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
};

export function RunsPanel() {
  const { navigation, commands, picker } = useModel();
  const drop = useFileDrop((files) => void importRunFiles(commands, files));
  const connection = useInspector((state) => state.connection);
  const runs = useInspector((state) => state.runs);
  const runIds = useInspector((state) => state.runIds);
  const filter = useInspector((state) => state.runFilter);
  const nextBefore = useInspector((state) => state.nextBefore);
  const isPicking = useInspector((state) => state.picks !== null);
  const isStartable = useInspector(canStart);
  const counts = useMemo(() => countGroups({ runs, runIds }, filter), [runs, runIds, filter]);
  const shown = useMemo(() => filterRuns({ runs, runIds }, filter), [runs, runIds, filter]);
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
        {isStartable && (
          <IconButton
            label="New run"
            shortcut="n"
            icon={Plus}
            isPrimary
            onClick={() => navigation.openDialog({ kind: "start", workflow: null })}
          />
        )}
      </div>
      <div className="tw-chips" role="group" aria-label="Filter by status">
        <Chip
          label="All"
          count={counts.all}
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
        <FilterChips />
        <span className="tw-runs-tools">
          <Suspense>
            <RunFilters />
          </Suspense>
          <button
            type="button"
            className={classNames("tw-chip tw-chip-icon", isPicking && "tw-is-on")}
            aria-pressed={isPicking}
            aria-keyshortcuts="x"
            title="Select runs (X)"
            disabled={runIds.length === 0}
            onClick={() => (isPicking ? picker.end() : picker.begin())}
          >
            <ListChecks size={13} aria-hidden="true" /> Select
          </button>
        </span>
      </div>
      <CountsOf isAll={nextBefore === null} count={runIds.length} />
      {shown.length > 0 && <RunList shown={shown} />}
      {connection === "loading" && <Skeleton label="Loading runs" rows={5} />}
      {connection !== "loading" && shown.length === 0 && (
        <EmptyState
          icon={Inbox}
          title={
            runIds.length > 0 ? "No run matches" : connection === "ready" ? "No runs yet" : "The runs are out of reach"
          }
        >
          {runIds.length > 0 && (
            <button type="button" className="tw-link" onClick={() => navigation.filterRuns(NO_RUN_FILTER)}>
              Clear the filter
            </button>
          )}
          {runIds.length === 0 && connection === "ready" && (
            <p className="tw-muted">
              {isStartable && "Start one, or "}
              <button type="button" className="tw-link" onClick={() => void importRunFile(commands)}>
                {isStartable ? "import a run file" : "Import a run file"}
              </button>
              . It can be dropped here, too.
            </p>
          )}
        </EmptyState>
      )}
      <Suspense>{isPicking && <PickBar shown={shown} />}</Suspense>
      {runIds.length > 0 && <EvictionRisk />}
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

/** Of which runs the counts and the filter speak, where that is not all of them. */
function CountsOf({ isAll, count }: { readonly isAll: boolean; readonly count: number }) {
  const model = useModel();
  const isLoading = useInspector((state) => state.isLoadingRuns);
  if (isAll || count === 0) return null;
  return (
    <p className="tw-runs-note tw-muted">
      <span className="tw-num">Of the {formatCount(count)} newest runs.</span>{" "}
      {count < MOST_RUNS && (
        <button type="button" className="tw-link" disabled={isLoading} onClick={() => model.loadAllRuns()}>
          {isLoading ? "Loading older ones…" : "Load all"}
        </button>
      )}
    </p>
  );
}

/** What else than text and status the list is filtered by; pressed, it no longer is. */
function FilterChips() {
  const { navigation } = useModel();
  const { workflow, startedFrom, startedTo } = useInspector((state) => state.runFilter);
  return (
    <>
      {workflow !== null && <Removable label={workflow} onClick={() => navigation.filterRuns({ workflow: null })} />}
      {startedFrom !== null && (
        <Removable
          label={`From ${formatDateTime(startedFrom)}`}
          onClick={() => navigation.filterRuns({ startedFrom: null })}
        />
      )}
      {startedTo !== null && (
        <Removable
          label={`Until ${formatDateTime(startedTo)}`}
          onClick={() => navigation.filterRuns({ startedTo: null })}
        />
      )}
    </>
  );
}

function Removable({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="tw-chip tw-is-on tw-chip-gone" aria-label={`${label}, remove`} onClick={onClick}>
      <span className="tw-cut">{label}</span> <X size={12} aria-hidden="true" />
    </button>
  );
}

/** That the browser may delete what is here, and what can be done about it. */
function EvictionRisk() {
  const { source, commands, navigation } = useModel();
  const isEvictable = useInspector((state) => state.storage?.durable === true && !state.storage.persisted);
  if (!isEvictable) return null;
  return (
    <p className="tw-runs-note tw-runs-risk">
      <HardDrive size={13} aria-hidden="true" />
      <span>
        The browser may delete these runs when it needs space.{" "}
        {source.requestPersistence !== undefined && (
          <>
            <button type="button" className="tw-link" onClick={() => void commands.keepStorage()}>
              Ask it to keep them
            </button>{" "}
          </>
        )}
        <button type="button" className="tw-link" onClick={() => navigation.showHealth(true)}>
          Storage
        </button>
      </span>
    </p>
  );
}
