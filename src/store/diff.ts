/** The changes that turn one JSON value into another: what an edit of the store writes into the journal. */
import { isEqualJson, type Json } from "../core/json.ts";
import type { StateChange } from "../core/tick.ts";

export function diffState(before: unknown, after: unknown, path: readonly string[] = []): StateChange[] {
  if (Object.is(before, after)) return [];
  if (isRecord(before) && isRecord(after)) return diffObjects(before, after, path);
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return after.flatMap((item: unknown, index) => diffState(before[index], item, [...path, String(index)]));
  }
  return isEqualJson(before, after) ? [] : [{ op: "set", path, value: after as Json }];
}

function diffObjects(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  path: readonly string[],
): StateChange[] {
  const changes: StateChange[] = [];
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key) || after[key] === undefined) changes.push({ op: "remove", path: [...path, key] });
  }
  for (const key of Object.keys(after)) {
    const value = after[key];
    if (value === undefined) continue;
    if (!Object.hasOwn(before, key)) changes.push({ op: "set", path: [...path, key], value: value as Json });
    else changes.push(...diffState(before[key], value, [...path, key]));
  }
  return changes;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
