import { X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useEffect, useId, useRef } from "react";
import type { WorkItemView } from "tickwork/client";
import { formatCoarse, formatCount, formatDue, formatPlural } from "../store/format.ts";
import { showsSandbox, shownMoment } from "../store/inspector-state.ts";
import { ITEM_WORDS } from "../store/status-words.ts";
import { classNames } from "../ui/class-names.ts";
import { ErrorText } from "../ui/ErrorText.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ItemStateIcon } from "../ui/StatusIcon.tsx";
import { useVisibleRows } from "../ui/use-visible-rows.ts";
import { useLanes } from "./use-lanes.ts";

const ROW_HEIGHT = 28;

/** What a step's ×N folds: one lane for each work item under way, those at work first. */
export default function LanesPanel({ step }: { readonly step: string }) {
  const { navigation } = useModel();
  const id = useId();
  const listRef = useRef<HTMLDivElement>(null);
  const { first, end, look } = useVisibleRows(listRef, ROW_HEIGHT);
  const { page, from, problem } = useLanes(step, first, end);
  const selected = useInspector((state) => (state.selection.kind === "workItem" ? state.selection.workItem : null));
  const moment = useInspector(shownMoment);
  const isSandbox = useInspector(showsSandbox);
  const items = page?.items ?? [];
  const total = page?.total ?? 0;
  const at = items.findIndex(({ workItem }) => workItem === selected);

  useEffect(() => {
    const before = document.activeElement;
    listRef.current?.focus({ preventScroll: true });
    return () => {
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (isLost && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);

  const close = (): void => navigation.openLanes(null);
  const onListKey = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const item = items[at < 0 ? 0 : at + by];
    if (item === undefined) return;
    navigation.select({ kind: "workItem", workItem: item.workItem });
    const row = (from + items.indexOf(item)) * ROW_HEIGHT;
    const list = listRef.current;
    if (list === null) return;
    if (row < list.scrollTop) list.scrollTop = row;
    else if (row + ROW_HEIGHT > list.scrollTop + list.clientHeight)
      list.scrollTop = row + ROW_HEIGHT - list.clientHeight;
  };
  return (
    <section
      className="tw-lanes"
      aria-label={`Work items of ${step}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <header className="tw-lanes-head">
        <h3 className="tw-cut">{step}</h3>
        <span className="tw-muted tw-num">×{formatCount(total)}</span>
        <IconButton label="Close the list" icon={X} onClick={close} />
      </header>
      {problem !== null && <ErrorText error={problem} />}
      <div
        ref={listRef}
        className="tw-lanes-list"
        role={total === 0 ? "group" : "listbox"}
        aria-label={formatPlural(total, "work item")}
        aria-activedescendant={at < 0 || total === 0 ? undefined : `${id}-${from + at}`}
        tabIndex={0}
        onScroll={look}
        onKeyDown={onListKey}
      >
        <div
          role="presentation"
          className="tw-lanes-rows"
          style={{ height: (isSandbox ? items.length : total) * ROW_HEIGHT }}
        >
          {items.map((item, index) => (
            <Lane
              key={item.workItem}
              id={`${id}-${from + index}`}
              item={item}
              row={from + index}
              total={total}
              isSelected={item.workItem === selected}
              moment={moment}
            />
          ))}
        </div>
        {page !== null && total === 0 && <p className="tw-lanes-none tw-muted">Nothing is under way.</p>}
      </div>
      {page !== null && (
        <p className="tw-lanes-foot tw-muted tw-num">
          {formatPlural(total, "work item")} at #{formatCount(page.sequence)}
          {isSandbox && ` of the sandbox${items.length < total ? `, ${formatCount(items.length)} listed` : ""}`}
        </p>
      )}
    </section>
  );
}

interface LaneProps {
  readonly id: string;
  readonly item: WorkItemView;
  readonly row: number;
  readonly total: number;
  readonly isSelected: boolean;
  readonly moment: number;
}

function Lane({ id, item, row, total, isSelected, moment }: LaneProps) {
  const { navigation } = useModel();
  const { workItem, state, workerId, attempt, eventType, dueAt, since } = item;
  const place = state === "running" && workerId !== undefined ? `slot ${workerId}` : ITEM_WORDS[state].toLowerCase();
  return (
    <div
      id={id}
      role="option"
      aria-selected={isSelected}
      aria-posinset={row + 1}
      aria-setsize={total}
      className={classNames("tw-lane", isSelected && "tw-is-on")}
      style={{ transform: `translateY(${row * ROW_HEIGHT}px)` }}
      onClick={() => navigation.select({ kind: "workItem", workItem })}
    >
      <ItemStateIcon state={state} />
      <span className="tw-cut">
        {eventType} <span className="tw-num tw-muted">#{workItem}</span>
      </span>
      <span className="tw-muted tw-cut">
        {place}
        {attempt > 1 && ` · attempt ${attempt}`}
      </span>
      <span className="tw-num tw-muted tw-right">
        {dueAt === undefined ? formatCoarse(moment - since) : formatDue(dueAt, moment)}
      </span>
    </div>
  );
}
