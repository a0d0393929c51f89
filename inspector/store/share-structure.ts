/**
 * Keeps the old object wherever the new one says the same. Every batch crosses a worker boundary and is a new
 * object throughout; without this each step's node would be drawn again for each tick of any other step.
 */
export function shareStructure<T>(before: T | undefined | null, after: T, depth = 0): T {
  if (Object.is(before, after) || depth > MOST_DEPTH) return after;
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null) return after;
  if (Array.isArray(before) !== Array.isArray(after)) return after;
  if (Array.isArray(after)) {
    const old = before as unknown as readonly unknown[];
    let isSame = old.length === after.length;
    const shared = after.map((item, index) => {
      const kept: unknown = shareStructure(old[index], item as unknown, depth + 1);
      if (!Object.is(kept, old[index])) isSame = false;
      return kept;
    });
    return isSame ? before : (shared as unknown as T);
  }
  const old = before as Record<string, unknown>;
  const entries = Object.entries(after as Record<string, unknown>);
  let isSame = Object.keys(old).length === entries.length;
  const shared = entries.map(([key, value]): [string, unknown] => {
    const known = Object.hasOwn(old, key) ? old[key] : undefined;
    const kept = shareStructure(known, value, depth + 1);
    if (!Object.hasOwn(old, key) || !Object.is(kept, known)) isSame = false;
    return [key, kept];
  });
  return isSame ? before : (Object.fromEntries(shared) as T);
}

/** Payloads may be nested without end; deeper than this nothing is compared. */
const MOST_DEPTH = 64;
