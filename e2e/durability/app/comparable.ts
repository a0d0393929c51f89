/** What two runs of the same work do not share. */
const ACCIDENTAL: ReadonlySet<string> = new Set(["stack", "elapsed"]);

/** Anything a page gets from an engine as plain JSON: exotic data and errors by their content, without accidents. */
export function comparable(value: unknown): unknown {
  if (value instanceof Date) return { date: value.getTime() };
  if (value instanceof Map) return { map: Array.from(value, comparable) };
  if (value instanceof Set) return { set: Array.from(value, comparable) };
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (typeof value === "bigint") return { bigint: String(value) };
  if (value instanceof Error) {
    return comparable(Object.assign({ name: value.name, message: value.message, cause: value.cause ?? null }, value));
  }
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !ACCIDENTAL.has(key) && item !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, comparable(item)]),
  );
}
