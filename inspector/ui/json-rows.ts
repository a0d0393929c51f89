/**
 * A JSON value as rows to draw. Payloads are hostile: text only, nested to a depth, cut to a length, so many
 * members at a time. The value itself stays whole for copying.
 */
import type { Json } from "tickwork/client";

export interface JsonRow {
  /** Unique; also the key of what is open. */
  readonly path: string;
  readonly depth: number;
  readonly name: string | null;
  readonly kind: "object" | "array" | "string" | "number" | "boolean" | "null" | "more" | "tooDeep";
  readonly text: string;
  readonly isOpen: boolean | null;
  /** Path of the list a "more" row continues. */
  readonly continues?: string;
}

export const MOST_DEPTH = 32;
export const MOST_TEXT = 240;
export const MEMBERS_AT_ONCE = 100;
const MOST_ROWS = 2_000;

export interface OpenState {
  /** Opened or closed by hand; else what is shallow and small is open. */
  readonly toggled: ReadonlyMap<string, boolean>;
  /** How many members of a list are shown, where it is more than at first. */
  readonly shown: ReadonlyMap<string, number>;
}

export const NOTHING_TOGGLED: OpenState = { toggled: new Map(), shown: new Map() };

export function toJsonRows(value: Json, state: OpenState): readonly JsonRow[] {
  const rows: JsonRow[] = [];
  visit(value, null, "$", 0);
  return rows;

  function visit(item: Json, name: string | null, path: string, depth: number): void {
    if (rows.length >= MOST_ROWS) return;
    if (typeof item !== "object" || item === null) {
      rows.push({ path, depth, name, kind: kindOf(item), text: preview(item), isOpen: null });
      return;
    }
    const isList = Array.isArray(item);
    const keys = isList ? null : Object.keys(item);
    const size = isList ? item.length : (keys?.length ?? 0);
    const text = isList ? `[${size}]` : size === 0 ? "{}" : `{${size}}`;
    if (size === 0) {
      rows.push({ path, depth, name, kind: isList ? "array" : "object", text, isOpen: null });
      return;
    }
    if (depth >= MOST_DEPTH) {
      rows.push({ path, depth, name, kind: "tooDeep", text: `${text} nested too deep to show; copy it`, isOpen: null });
      return;
    }
    const isOpen = state.toggled.get(path) ?? (depth === 0 || (depth < 3 && size <= 12));
    rows.push({ path, depth, name, kind: isList ? "array" : "object", text, isOpen });
    if (!isOpen) return;
    const most = state.shown.get(path) ?? MEMBERS_AT_ONCE;
    for (let i = 0; i < Math.min(size, most); i += 1) {
      const key = keys?.[i] ?? String(i);
      const member = (isList ? item[i] : (item as { readonly [key: string]: Json })[key]) ?? null;
      visit(member, key, childPath(path, key), depth + 1);
    }
    if (size > most) {
      rows.push({
        path: `${path}/…`,
        depth: depth + 1,
        name: null,
        kind: "more",
        text: `${size - most} more`,
        isOpen: null,
        continues: path,
      });
    }
  }
}

/** Path of a member; "/" and "~" in keys are escaped as in JSON Pointer. */
function childPath(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

export function pathOf(keys: readonly (string | number)[]): string {
  let path = "$";
  for (const key of keys) path = childPath(path, key);
  return path;
}

/** One line of a value, cut. */
export function previewJson(value: Json | undefined, most = 80): string {
  if (value === undefined) return "nothing";
  const text = shallowText(value, most);
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** JSON text that stops early: a preview of megabytes must not cost megabytes. */
function shallowText(value: Json, budget: number, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, budget + 1));
  if (typeof value !== "object" || value === null) return String(value);
  if (depth > 3) return Array.isArray(value) ? "[…]" : "{…}";
  let text = Array.isArray(value) ? "[" : "{";
  let isFirst = true;
  for (const key of Object.keys(value)) {
    const member = (value as { readonly [key: string]: Json })[key] ?? null;
    text += `${isFirst ? "" : ", "}${Array.isArray(value) ? "" : `${key}: `}${shallowText(member, budget, depth + 1)}`;
    isFirst = false;
    if (text.length > budget) return text;
  }
  return text + (Array.isArray(value) ? "]" : "}");
}

function kindOf(item: string | number | boolean | null): JsonRow["kind"] {
  return item === null ? "null" : (typeof item as "string" | "number" | "boolean");
}

function preview(item: string | number | boolean | null): string {
  if (typeof item !== "string") return String(item);
  return item.length > MOST_TEXT
    ? `${JSON.stringify(item.slice(0, MOST_TEXT))} … ${item.length} characters`
    : JSON.stringify(item);
}
