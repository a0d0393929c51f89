/** The order of the table's rows. It is made when somebody asks for it, and stays: rows do not jump while a run goes on. */
import type { GraphStatus, StepStatus } from "tickwork/client";

export const COLUMNS = ["step", "busy", "queued", "delayed", "waiting", "collected", "completed", "failed"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sorting {
  readonly column: Column;
  readonly isDescending: boolean;
}

/** As the workflow declares its steps; names in their order, numbers with the largest first. */
export function firstSorting(column: Column): Sorting {
  return { column, isDescending: column !== "step" };
}

/** Steps as they stand in the workflow; those that are equal stay so. */
export function sortSteps(
  steps: readonly string[],
  status: GraphStatus["steps"],
  { column, isDescending }: Sorting,
): readonly string[] {
  const sign = isDescending ? -1 : 1;
  if (column === "step") return steps.toSorted((a, b) => sign * a.localeCompare(b, undefined, { numeric: true }));
  return steps.toSorted((a, b) => sign * (numberOf(status[a], column) - numberOf(status[b], column)));
}

function numberOf(status: StepStatus | undefined, column: Exclude<Column, "step">): number {
  if (status === undefined) return -1;
  if (column !== "collected") return status[column];
  return status.collected === undefined ? -1 : status.collected.have / Math.max(1, status.collected.want);
}
