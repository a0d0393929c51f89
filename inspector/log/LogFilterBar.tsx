import { Search } from "lucide-react";
import type { TickKind } from "tickwork/client";
import { formatCount } from "../store/format.ts";
import { TICK_WORDS } from "../store/status-words.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { LogExport } from "./LogExport.tsx";
import { isSearch } from "./log-query.ts";

interface LogFilterBarProps {
  readonly found: number;
  readonly searched: number;
  readonly isSearching: boolean;
  readonly isFull: boolean;
}

const KINDS = (Object.keys(TICK_WORDS) as TickKind[]).map((kind) => ({ value: kind, text: TICK_WORDS[kind] }));

export function LogFilterBar(props: LogFilterBarProps) {
  const { navigation } = useModel();
  const filter = useInspector((state) => state.logFilter);
  const graph = useInspector((state) => state.description?.graph ?? null);
  const named = (kind: "step" | "event") =>
    graph?.nodes.flatMap((node) => (node.kind === kind ? [{ value: node.name, text: node.name }] : [])) ?? [];
  return (
    <div className="tw-log-filters">
      <label className="tw-search">
        <Search size={13} aria-hidden="true" />
        <span className="tw-sr">Search ticks and their whole payloads</span>
        <input
          type="search"
          placeholder="Search ticks and payloads"
          value={filter.text}
          onChange={(event) => navigation.filterLog({ text: event.target.value })}
        />
      </label>
      <Choice
        label="Step"
        all="All steps"
        value={filter.step}
        options={named("step")}
        onChange={(step) => navigation.filterLog({ step })}
      />
      <Choice
        label="Event"
        all="All events"
        value={filter.event}
        options={named("event")}
        onChange={(event) => navigation.filterLog({ event })}
      />
      <Choice
        label="Kind"
        all="All kinds"
        value={filter.kind}
        options={KINDS}
        onChange={(kind) => navigation.filterLog({ kind: kind as TickKind | null })}
      />
      <label>
        <span className="tw-sr">Work item</span>
        <input
          className="tw-input tw-log-item"
          type="number"
          min={1}
          placeholder="Item #"
          value={filter.workItem ?? ""}
          onChange={({ target }) => navigation.filterLog({ workItem: Math.floor(target.valueAsNumber) || null })}
        />
      </label>
      <label className="tw-check">
        <input
          type="checkbox"
          checked={filter.showInternal}
          onChange={(event) => navigation.filterLog({ showInternal: event.target.checked })}
        />
        <span>Internal</span>
      </label>
      <LogCount {...props} />
      <LogExport />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  /** What stands for none chosen. */
  readonly all: string;
  readonly value: string | null;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string | null) => void;
}

function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  return (
    <label>
      <span className="tw-sr">{label}</span>
      <select value={value ?? ""} onChange={({ target }) => onChange(target.value || null)}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}

function LogCount({ found, searched, isSearching, isFull }: LogFilterBarProps) {
  const lastSequence = useInspector((state) => state.lastSequence);
  const isOn = useInspector((state) => isSearch(state.logFilter));
  const text = ((): string => {
    if (!isOn) return `${formatCount(lastSequence)} ticks`;
    if (isFull) return `the newest ${formatCount(found)} found`;
    const progress = isSearching ? `, ${formatCount(searched)} of ${formatCount(lastSequence)} searched` : "";
    return `${formatCount(found)} found${progress}`;
  })();
  return <span className="tw-log-count tw-muted tw-num">{text}</span>;
}
