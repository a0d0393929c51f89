/** How a value differs from one before it, for showing both. */
import type { Json } from "tickwork/client";

export type Keys = readonly (string | number)[];

export interface ValueDifference {
  /** Parts of the value before that are other now, or gone: each with what holds it, the outermost first. */
  readonly changed: readonly Keys[];
  /** Parts that were not there before. */
  readonly added: readonly Keys[];
}

export function differenceOf(before: unknown, after: unknown): ValueDifference {
  const changed: Keys[] = [];
  const added: Keys[] = [];
  compare(before as Json, after as Json, [], changed, added);
  return { changed, added };
}

/** True when something below differs. */
function compare(before: Json, after: Json | undefined, keys: Keys, changed: Keys[], added: Keys[]): boolean {
  if (JSON.stringify(before) === JSON.stringify(after)) return false;
  changed.push(keys);
  if (!isGroup(before) || !isGroup(after) || Array.isArray(before) !== Array.isArray(after)) return true;
  const old = entriesOf(before);
  const now = new Map(entriesOf(after));
  for (const [key, value] of old) compare(value, now.get(key), [...keys, key], changed, added);
  const known = new Set(old.map(([key]) => key));
  for (const key of now.keys()) if (!known.has(key)) added.push([...keys, key]);
  return true;
}

function isGroup(value: Json | undefined): value is Exclude<Json, string | number | boolean | null> {
  return typeof value === "object" && value !== null;
}

function entriesOf(value: Exclude<Json, string | number | boolean | null>): readonly [string | number, Json][] {
  return Array.isArray(value)
    ? value.map((each, index): [number, Json] => [index, each as Json])
    : Object.entries(value);
}
