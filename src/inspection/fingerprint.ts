import type { Json } from "../core/json.ts";

/** A short text that is the same for equal JSON, whatever the order of its keys, and other for what differs. */
export function fingerprint(value: Json): string {
  const text = JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? sorted(part) : part));
  return `${text.length}.${hash(text, 0x811c9dc5)}.${hash(text, 0x9e3779b9)}`;
}

/** FNV-1a over UTF-16 units, with a seed: two of them and the length leave no chance worth the name. */
function hash(text: string, seed: number): number {
  let mixed = seed;
  for (let index = 0; index < text.length; index += 1) mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  return mixed >>> 0;
}

function sorted(record: { readonly [key: string]: unknown }): { [key: string]: unknown } {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
