import type { KeyboardEvent } from "react";
import { formatCoarse, formatDateTime, formatRunsOut } from "../store/format.ts";
import type { InboxItem } from "../store/inbox.ts";
import { isOver, PHASE_WORDS } from "../store/inbox.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { PhaseIcon } from "./PhaseIcon.tsx";
import { promptLine } from "./prompt-text.ts";

interface InboxListProps {
  readonly items: readonly InboxItem[];
  readonly chosenKey: string | null;
}

/** One tab stop; arrows go along it. */
export function InboxList({ items, chosenKey }: InboxListProps) {
  const tabStop = items.some(({ key }) => key === chosenKey) ? chosenKey : items[0]?.key;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    rows[to]?.focus();
  };
  return (
    <ul className="tw-inbox-list" aria-label="Questions" onKeyDown={onKeyDown}>
      {items.map((item) => (
        <Row key={item.key} item={item} isChosen={item.key === chosenKey} isTabStop={item.key === tabStop} />
      ))}
    </ul>
  );
}

interface RowProps {
  readonly item: InboxItem;
  readonly isChosen: boolean;
  readonly isTabStop: boolean;
}

function Row({ item, isChosen, isTabStop }: RowProps) {
  const { navigation } = useModel();
  const { runId, workflow, waiter, phase } = item;
  const age = useInspector((state) => formatCoarse(state.now - waiter.askedAt));
  const due = useInspector((state) => (waiter.dueAt === null ? null : formatRunsOut(waiter.dueAt, state.now)));
  const state = isOver(item) || phase === "sending" ? PHASE_WORDS[phase] : (due ?? "");
  return (
    <li>
      <button
        type="button"
        className={classNames("tw-inbox-row", isChosen && "tw-is-selected", isOver(item) && "tw-is-over")}
        aria-current={isChosen ? "true" : undefined}
        tabIndex={isTabStop ? 0 : -1}
        onClick={() => navigation.openInbox({ runId, waiter: waiter.waiter })}
      >
        <PhaseIcon phase={phase} />
        <span className="tw-inbox-asked tw-cut">{promptLine(waiter)}</span>
        <span className="tw-inbox-age tw-muted tw-num" title={formatDateTime(waiter.askedAt)}>
          {age}
        </span>
        <span className="tw-inbox-from tw-cut tw-muted">
          {workflow} · {waiter.type}
        </span>
        <span className={classNames("tw-inbox-state tw-num", isOver(item) ? "tw-muted" : "tw-warn")}>{state}</span>
      </button>
    </li>
  );
}
