/**
 * Keeps the old object wherever the new one says the same. Every batch crosses a worker boundary and is a new
 * object throughout; without this each step's node would be drawn again for each tick of any other step.
 */
export function shareStructure<T>(before: T | undefined | null, after: T, depth = 0): T {
  if (Object.is(before, after) || depth > MOST_DEPTH) return after;
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null) return after;
  if (Array.isArray(before) !== Array.isArray(after)) return after;
  const shared = Array.isArray(after)
    ? shareItems(before as unknown as readonly unknown[], after as readonly unknown[], depth)
    : shareFields(before as Record<string, unknown>, after as Record<string, unknown>, depth);
  return shared as T;
}

function shareItems(before: readonly unknown[], after: readonly unknown[], depth: number): readonly unknown[] {
  /** Made with the first item of which the old one is kept beside others that are not. */
  let shared: unknown[] | null = null;
  let isSame = before.length === after.length;
  for (let index = 0; index < after.length; index += 1) {
    const item = after[index];
    const kept = shareStructure(before[index], item, depth + 1);
    if (!Object.is(kept, before[index])) isSame = false;
    if (Object.is(kept, item)) continue;
    shared ??= after.slice();
    shared[index] = kept;
  }
  return isSame ? before : (shared ?? after);
}

function shareFields(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  depth: number,
): Record<string, unknown> {
  let shared: Record<string, unknown> | null = null;
  const keys = Object.keys(after);
  let isSame = Object.keys(before).length === keys.length;
  for (const key of keys) {
    const isKnown = Object.hasOwn(before, key);
    const value = after[key];
    const kept = isKnown ? shareStructure(before[key], value, depth + 1) : value;
    if (!isKnown || !Object.is(kept, before[key])) isSame = false;
    if (Object.is(kept, value)) continue;
    // Not by assignment: a key may be called __proto__.
    shared ??= Object.fromEntries(Object.entries(after));
    Object.defineProperty(shared, key, { value: kept, enumerable: true, configurable: true, writable: true });
  }
  return isSame ? before : (shared ?? after);
}

/** Payloads may be nested without end; deeper than this nothing is compared. */
const MOST_DEPTH = 64;
