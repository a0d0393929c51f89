import { ArrowDown, ArrowUp } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { formatPlural } from "../store/format.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { useVisibleRows } from "../ui/use-visible-rows.ts";
import { StepRow } from "./StepRow.tsx";
import type { Column, Sorting } from "./table-order.ts";
import { COLUMNS, firstSorting, sortSteps } from "./table-order.ts";

const ROW_HEIGHT = 32;
/** Pixels that a key scrolls. */
const SIDEWAYS: { readonly [key: string]: number } = { ArrowLeft: -80, ArrowRight: 80 };

const COLUMN_WORDS: { readonly [column in Column]: string } = {
  step: "Step",
  busy: "Busy",
  queued: "Queued",
  delayed: "Backing off",
  waiting: "Waiting",
  collected: "Collected",
  completed: "Done",
  failed: "Failed",
};

/** The graph's twin: the same steps, numbers and selection, in rows. Arrow keys select. */
export default function GraphTable() {
  const model = useModel();
  const graph = useInspector((state) => state.description?.graph ?? null);
  const selected = useInspector((state) => (state.selection.kind === "step" ? state.selection.step : null));
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const id = useId();
  const scrollRef = useRef<HTMLDivElement>(null);
  const { first, end, look } = useVisibleRows(scrollRef, ROW_HEIGHT);

  const names = useMemo(() => graph?.nodes.flatMap((node) => (node.kind === "step" ? [node.name] : [])) ?? [], [graph]);
  const steps = useMemo(
    () => (sorting === null ? names : sortSteps(names, model.store.getState().graph?.steps ?? {}, sorting)),
    [model, names, sorting],
  );
  const row = selected === null ? -1 : steps.indexOf(selected);
  useEffect(() => {
    const element = scrollRef.current;
    if (element === null || row < 0) return;
    const top = row * ROW_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + 2 * ROW_HEIGHT > element.scrollTop + element.clientHeight)
      element.scrollTop = top + 2 * ROW_HEIGHT - element.clientHeight;
    // Only when another step is selected: sorting leaves the place where it is.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);

  const sortBy = (column: Column): void =>
    setSorting((known) =>
      known?.column === column ? { column, isDescending: !known.isDescending } : firstSorting(column),
    );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    const sideways = event.shiftKey && isWider(scrollRef.current) ? (SIDEWAYS[event.key] ?? 0) : 0;
    if (by !== undefined) {
      const step = steps[Math.min(steps.length - 1, Math.max(0, row + by))];
      if (step !== undefined) model.navigation.select({ kind: "step", step });
    } else if (sideways !== 0 && scrollRef.current !== null) {
      scrollRef.current.scrollLeft += sideways;
    } else if (event.key === "Enter" && selected !== null) {
      if (event.shiftKey) model.navigation.openLanes(selected);
      else if (model.store.getState().isNarrow) model.navigation.setPanel("detail");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = steps.slice(first, end);
  return (
    <div ref={scrollRef} className="tw-steps" onScroll={look}>
      <table
        className="tw-steps-table"
        role="grid"
        aria-label={formatPlural(steps.length, "step")}
        aria-rowcount={steps.length + 1}
        tabIndex={0}
        aria-activedescendant={row >= first && row < end ? `${id}-${row}` : undefined}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr aria-rowindex={1}>
            {COLUMNS.map((column) => {
              const isSorted = sorting?.column === column;
              const Icon = sorting?.isDescending === true ? ArrowDown : ArrowUp;
              return (
                <th
                  key={column}
                  scope="col"
                  aria-sort={isSorted ? (sorting.isDescending ? "descending" : "ascending") : undefined}
                >
                  <button
                    type="button"
                    className={classNames("tw-steps-sort", isSorted && "tw-is-on")}
                    onClick={() => sortBy(column)}
                  >
                    {COLUMN_WORDS[column]}
                    {isSorted && <Icon size={12} aria-hidden="true" />}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} />
          {shown.map((step, index) => (
            <StepRow key={step} id={`${id}-${first + index}`} step={step} row={first + index} />
          ))}
          <Gap rows={Math.max(0, steps.length - end)} />
        </tbody>
      </table>
    </div>
  );
}

/** Some of it is out of view to the side. */
function isWider(element: HTMLElement | null): boolean {
  return element !== null && element.scrollWidth > element.clientWidth;
}

/** Room of the rows that are not in view. */
function Gap({ rows }: { readonly rows: number }) {
  return rows === 0 ? null : <tr aria-hidden="true" style={{ height: rows * ROW_HEIGHT }} />;
}
