import { Popover } from "@base-ui/react";
import { ListFilter } from "lucide-react";
import { useContext } from "react";
import type { RunFilter } from "../store/place.ts";
import { workflowNames } from "../store/run-list.ts";
import { classNames } from "../ui/class-names.ts";
import { PortalContext, useInspector, useModel } from "../ui/model-context.ts";

const SPANS: readonly { readonly word: string; readonly hours: number }[] = [
  { word: "Last hour", hours: 1 },
  { word: "Last day", hours: 24 },
  { word: "Last 7 days", hours: 168 },
];

/** Workflow and time of the runs that are shown. */
export default function RunFilters() {
  const { navigation, store } = useModel();
  const container = useContext(PortalContext);
  const { workflow, startedFrom, startedTo } = useInspector((state) => state.runFilter);
  const isOn = workflow !== null || startedFrom !== null || startedTo !== null;
  const filter = (part: Partial<RunFilter>): void => navigation.filterRuns(part);
  return (
    <Popover.Root>
      <Popover.Trigger
        className={classNames("tw-chip tw-chip-icon", isOn && "tw-is-on")}
        aria-label={isOn ? "Filter by workflow and time, on" : "Filter by workflow and time"}
        title="Filter by workflow and time"
      >
        <ListFilter size={13} aria-hidden="true" /> Filter
      </Popover.Trigger>
      <Popover.Portal container={container}>
        <Popover.Positioner sideOffset={6} align="end" className="tw-menu-place">
          <Popover.Popup className="tw-menu tw-run-filters" aria-label="Filter runs">
            <WorkflowField workflow={workflow} onChange={(name) => filter({ workflow: name })} />
            <TimeField label="Started from" time={startedFrom} onChange={(time) => filter({ startedFrom: time })} />
            <TimeField label="Started until" time={startedTo} onChange={(time) => filter({ startedTo: time })} />
            <div className="tw-run-spans">
              {SPANS.map(({ word, hours }) => (
                <button
                  key={word}
                  type="button"
                  className="tw-chip"
                  onClick={() => filter({ startedFrom: store.getState().now - hours * 3_600_000, startedTo: null })}
                >
                  {word}
                </button>
              ))}
            </div>
            <button
              type="button"
              className="tw-link"
              disabled={!isOn}
              onClick={() => filter({ workflow: null, startedFrom: null, startedTo: null })}
            >
              Any workflow, any time
            </button>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface WorkflowFieldProps {
  readonly workflow: string | null;
  readonly onChange: (workflow: string | null) => void;
}

function WorkflowField({ workflow, onChange }: WorkflowFieldProps) {
  const { store } = useModel();
  // As they are when it is opened: a list that grows under the pointer helps nobody.
  const names = workflowNames(store.getState(), store.getState().workflows);
  return (
    <label className="tw-field">
      <span>Workflow</span>
      <select
        className="tw-input"
        value={workflow ?? ""}
        onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
      >
        <option value="">Any</option>
        {(workflow === null || names.includes(workflow) ? names : [...names, workflow]).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly time: number | null;
  readonly onChange: (time: number | null) => void;
}

function TimeField({ label, time, onChange }: TimeFieldProps) {
  return (
    <label className="tw-field">
      <span>{label}</span>
      <input
        type="datetime-local"
        className="tw-input"
        value={time === null ? "" : toLocalInput(time)}
        onChange={(event) => {
          const given = Date.parse(event.target.value);
          onChange(Number.isNaN(given) ? null : given);
        }}
      />
    </label>
  );
}

/** What a field of this kind holds: the time in the reader's zone, to the minute. */
function toLocalInput(time: number): string {
  const offset = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offset).toISOString().slice(0, 16);
}
