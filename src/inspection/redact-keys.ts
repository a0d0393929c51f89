import { HIDDEN, type Redact } from "./redaction.ts";

/**
 * Hides the values of fields by their names, however deep they stand: in events, state, effects, logs, and in the data
 * of errors. A text matches the whole name, whatever its case; a pattern matches as it does. A value that stands in the
 * state below such a name, or that `ctx.once` keeps under it, is hidden as a whole.
 *
 * It looks at names only: what a message, a text or a field of another name says is shown.
 */
export function redactKeys(names: readonly (string | RegExp)[], replacement: unknown = HIDDEN): Redact {
  const texts = new Set(names.filter((name) => typeof name === "string").map((name) => name.toLowerCase()));
  // Without the flags by which a pattern remembers where it was.
  const patterns = names
    .filter((name) => typeof name !== "string")
    .map(({ source, flags }) => new RegExp(source, flags.replaceAll(/[gy]/g, "")));
  const isHidden = (name: string): boolean =>
    texts.has(name.toLowerCase()) || patterns.some((pattern) => pattern.test(name));

  /** The same value where nothing is hidden. */
  function redact(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return changed(value, value.map(redact));
    if (value instanceof Map) {
      return new Map(
        Array.from(value, ([key, item]) => [
          redact(key),
          typeof key === "string" && isHidden(key) ? replacement : redact(item),
        ]),
      );
    }
    if (value instanceof Set) return new Set(Array.from(value, redact));
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    const entries = Object.entries(value);
    const shown = entries.map(([key, item]) => (isHidden(key) ? replacement : redact(item)));
    return shown.every((item, index) => item === entries[index]?.[1])
      ? value
      : Object.fromEntries(entries.map(([key], index) => [key, shown[index]]));
  }

  return (value, { path }) => (path?.some(isHidden) ? replacement : redact(value));
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((item, index) => item === before[index]) ? before : after;
}
