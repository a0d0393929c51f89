/** How an edited input differs from the one it was made of, place by place, for marking the places in both. */
export type Keys = readonly (string | number)[];

export interface InputChanges {
  /** Parts of the first input that are other now, or gone: each with what holds it, the outermost first. */
  readonly changed: readonly Keys[];
  /** Parts that were not there before. */
  readonly added: readonly Keys[];
  /** Differences: what only holds one is none. */
  readonly count: number;
}

export function inputChanges(before: unknown, after: unknown): InputChanges {
  const changes = { changed: [], added: [], count: 0 };
  compare(before, after, [], changes);
  return changes;
}

type Group = readonly unknown[] | { readonly [key: string]: unknown };

function compare(
  before: unknown,
  after: unknown,
  keys: Keys,
  changes: { changed: Keys[]; added: Keys[]; count: number },
): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  changes.changed.push(keys);
  if (!isGroup(before) || !isGroup(after) || Array.isArray(before) !== Array.isArray(after)) {
    changes.count += 1;
    return;
  }
  const now = new Map(entriesOf(after));
  for (const [key, value] of entriesOf(before)) {
    compare(value, now.get(key), [...keys, key], changes);
    now.delete(key);
  }
  for (const key of now.keys()) changes.added.push([...keys, key]);
  changes.count += now.size;
}

function isGroup(value: unknown): value is Group {
  return typeof value === "object" && value !== null && !(value instanceof Date);
}

function entriesOf(value: Group): readonly [string | number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(value);
}
