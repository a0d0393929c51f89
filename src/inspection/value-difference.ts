/** Where two values differ, down to what really changed: by path, in the order of the later value. Pure. */
import { isEqualJson } from "../core/json.ts";

/**
 * One place that differs. In a list, "removed" says the place in the earlier value, "added" the one in the later; what
 * stands between the equal beginnings and ends of two lists is compared one by one.
 */
export interface DifferencePlace {
  readonly kind: "added" | "removed" | "changed";
  readonly path: readonly (string | number)[];
}

export interface ValueDifference extends DifferencePlace {
  readonly before?: unknown;
  readonly after?: unknown;
}

type Path = readonly (string | number)[];
type Visit = (difference: ValueDifference) => void;

/** Calls back for every place that differs; never for two equal values. What both values share costs nothing. */
export function visitDifferences(before: unknown, after: unknown, visit: Visit, path: Path = []): void {
  if (Object.is(before, after)) return;
  if (isRecord(before) && isRecord(after)) visitRecords(before, after, visit, path);
  else if (Array.isArray(before) && Array.isArray(after)) visitLists(before, after, visit, path);
  else if (!isEqualJson(before, after)) visit({ kind: "changed", path, before, after });
}

function visitRecords(before: Record<string, unknown>, after: Record<string, unknown>, visit: Visit, path: Path): void {
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) visit({ kind: "removed", path: [...path, key], before: before[key] });
  }
  for (const key of Object.keys(after)) {
    if (Object.hasOwn(before, key)) visitDifferences(before[key], after[key], visit, [...path, key]);
    else visit({ kind: "added", path: [...path, key], after: after[key] });
  }
}

function visitLists(before: readonly unknown[], after: readonly unknown[], visit: Visit, path: Path): void {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isEqualJson(before[start], after[start])) start += 1;
  let end = 0;
  while (end < shorter - start && isEqualJson(before.at(-1 - end), after.at(-1 - end))) end += 1;
  for (let index = start; index < shorter - end; index += 1) {
    visitDifferences(before[index], after[index], visit, [...path, index]);
  }
  for (let index = shorter - end; index < before.length - end; index += 1) {
    visit({ kind: "removed", path: [...path, index], before: before[index] });
  }
  for (let index = shorter - end; index < after.length - end; index += 1) {
    visit({ kind: "added", path: [...path, index], after: after[index] });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
