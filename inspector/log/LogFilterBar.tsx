import { Search } from "lucide-react";
import type { TickKind } from "tickwork/client";
import { formatCount } from "../store/format.ts";
import { TICK_WORDS } from "../store/status-words.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { isSearch } from "./log-index.ts";

interface LogFilterBarProps {
  readonly found: number;
  readonly searched: number;
  readonly isSearching: boolean;
}

const KINDS = Object.keys(TICK_WORDS) as TickKind[];

export function LogFilterBar({ found, searched, isSearching }: LogFilterBarProps) {
  const { navigation } = useModel();
  const filter = useInspector((state) => state.logFilter);
  const lastSequence = useInspector((state) => state.lastSequence);
  const graph = useInspector((state) => state.description?.graph ?? null);
  const steps = graph?.nodes.flatMap((node) => (node.kind === "step" ? [node.name] : [])) ?? [];
  return (
    <div className="tw-log-filters">
      <label className="tw-search">
        <Search size={13} aria-hidden="true" />
        <span className="tw-sr">Filter ticks by text</span>
        <input
          type="search"
          placeholder="Filter ticks"
          value={filter.text}
          onChange={(event) => navigation.filterLog({ text: event.target.value })}
        />
      </label>
      <label>
        <span className="tw-sr">Step</span>
        <select
          value={filter.step ?? ""}
          onChange={(event) => navigation.filterLog({ step: event.target.value || null })}
        >
          <option value="">All steps</option>
          {steps.map((step) => (
            <option key={step}>{step}</option>
          ))}
        </select>
      </label>
      <label>
        <span className="tw-sr">Kind</span>
        <select
          value={filter.kind ?? ""}
          onChange={(event) => navigation.filterLog({ kind: (event.target.value || null) as TickKind | null })}
        >
          <option value="">All kinds</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {TICK_WORDS[kind]}
            </option>
          ))}
        </select>
      </label>
      <label className="tw-check">
        <input
          type="checkbox"
          checked={filter.showInternal}
          onChange={(event) => navigation.filterLog({ showInternal: event.target.checked })}
        />
        <span>Internal</span>
      </label>
      <span className="tw-log-count tw-muted tw-num">
        {isSearch(filter)
          ? `${formatCount(found)} found${isSearching ? `, ${formatCount(searched)} of ${formatCount(lastSequence)} searched` : ""}`
          : `${formatCount(lastSequence)} ticks`}
      </span>
    </div>
  );
}
