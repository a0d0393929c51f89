import { useState } from "react";
import type { WorkItemView } from "tickwork/client";
import { formatCoarse, formatCount, formatDue } from "../store/format.ts";
import { shownMoment } from "../store/inspector-state.ts";
import { ITEM_WORDS } from "../store/status-words.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ItemStateIcon } from "../ui/StatusIcon.tsx";

/** Drawn at first, and so many more each time: they are drawn anew with every look at the state. */
const PORTION = 50;

/** What is under way at the shown tick, in one step or all. The engine lists the first two hundred. */
export function WorkItems({ step }: { readonly step?: string }) {
  const view = useInspector((state) => state.view);
  const moment = useInspector(shownMoment);
  const [most, setMost] = useState(PORTION);
  if (view === null) return null;
  const items = step === undefined ? view.workItems : view.workItems.filter((item) => item.step === step);
  const counted = Object.values(view.graph.steps).filter((status) => step === undefined || status.step === step);
  const total = counted.reduce((sum, status) => sum + status.busy + status.queued + status.delayed + status.waiting, 0);
  if (items.length === 0) return <p className="tw-muted">Nothing is under way.</p>;
  return (
    <>
      <ul className="tw-items">
        {items.slice(0, most).map((item) => (
          <li key={item.workItem}>
            <WorkItemButton item={item} moment={moment} isOfStep={step !== undefined} />
          </li>
        ))}
      </ul>
      {items.length > most ? (
        <p className="tw-more">
          <button type="button" className="tw-button tw-button-small" onClick={() => setMost(most + PORTION)}>
            Show more
          </button>
          <span className="tw-muted tw-num">
            {formatCount(most)} of {formatCount(total)}
          </span>
        </p>
      ) : (
        total > items.length && (
          <p className="tw-muted tw-num">
            {formatCount(total - items.length)} more are queued. State at #{formatCount(view.graph.sequence)}.
          </p>
        )
      )}
    </>
  );
}

interface WorkItemButtonProps {
  readonly item: WorkItemView;
  readonly moment: number;
  /** All are of one step, which need not be named. */
  readonly isOfStep: boolean;
}

function WorkItemButton({ item, moment, isOfStep }: WorkItemButtonProps) {
  const { navigation } = useModel();
  return (
    <button
      type="button"
      className="tw-item"
      onClick={() => navigation.select({ kind: "workItem", workItem: item.workItem })}
    >
      <ItemStateIcon state={item.state} />
      <span className="tw-cut">
        {item.eventType} <span className="tw-num tw-muted">#{item.workItem}</span>
      </span>
      <span className="tw-muted tw-cut tw-num">
        {isOfStep ? "" : `${item.step} · `}
        {item.isHeld
          ? "held"
          : item.state === "running" && item.workerId !== undefined
            ? `slot ${item.workerId}`
            : ITEM_WORDS[item.state].toLowerCase()}
        {item.attempt > 1 ? ` · attempt ${item.attempt}` : ""}
      </span>
      <span className="tw-num tw-muted tw-right">
        {item.dueAt !== undefined ? formatDue(item.dueAt, moment) : formatCoarse(moment - item.since)}
      </span>
    </button>
  );
}
