/**
 * A JSON value as rows to draw. Payloads are hostile: text only, nested to a depth, cut to a length, so many
 * members at a time. The value itself stays whole for copying.
 */
import type { CutJson, Json, JsonObject } from "tickwork/client";
import { formatBytes } from "./format.ts";

export interface JsonRow {
  /** Unique; also the key of what is open. */
  readonly path: string;
  readonly depth: number;
  readonly name: string | null;
  readonly kind: "object" | "array" | "string" | "number" | "boolean" | "null" | "more" | "tooDeep";
  readonly text: string;
  readonly isOpen: boolean | null;
  /** Path of what a "more" row continues. */
  readonly continues?: string;
  /** What is to be read before this can be opened or continued: the member or character it begins with. */
  readonly needs?: number;
}

export const MOST_DEPTH = 32;
export const MOST_TEXT = 240;
export const MEMBERS_AT_ONCE = 100;
/** Characters of an opened text. */
export const TEXT_AT_ONCE = 10_000;
const MOST_ROWS = 2_000;
/** Members of a longer list stay closed: one line each. */
const MOST_OPEN = 20;

export interface OpenState {
  /** Opened or closed by hand; else what is shallow and small is open. */
  readonly toggled: ReadonlyMap<string, boolean>;
  /** How many members or characters are shown, where it is more than at first. */
  readonly shown: ReadonlyMap<string, number>;
  /** What was read of values that came cut, by path. */
  readonly loaded?: ReadonlyMap<string, Json>;
}

export const NOTHING_TOGGLED: OpenState = { toggled: new Map(), shown: new Map() };

export function toJsonRows(value: Json, state: OpenState): readonly JsonRow[] {
  const rows: JsonRow[] = [];
  visit(value, null, "$", 0, 1);
  return rows;

  function visit(given: Json, name: string | null, path: string, depth: number, siblings: number): void {
    if (rows.length >= MOST_ROWS) return;
    const item = state.loaded?.get(path) ?? given;
    const cut = cutOf(item);
    if (typeof item === "string" || cut?.kind === "string") {
      addText((cut?.part ?? item) as string, cut?.length ?? (item as string).length, name, path, depth);
      return;
    }
    if (typeof item !== "object" || item === null) {
      rows.push({ path, depth, name, kind: kindOf(item), text: String(item), isOpen: null });
      return;
    }
    const members = (cut === null ? item : cut.part) as readonly Json[] | JsonObject;
    const kind = Array.isArray(members) ? "array" : "object";
    const keys = Array.isArray(members) ? null : Object.keys(members);
    const known = Array.isArray(members) ? members.length : (keys?.length ?? 0);
    const size = cut?.length ?? known;
    const text = kind === "array" ? `[${size}]` : size === 0 ? "{}" : `{${size}}`;
    const label = cut === null ? text : `${text} ${formatBytes(cut.size)}`;
    if (size === 0) {
      rows.push({ path, depth, name, kind, text, isOpen: null });
      return;
    }
    if (depth >= MOST_DEPTH) {
      rows.push({ path, depth, name, kind: "tooDeep", text: `${text} nested too deep to show; copy it`, isOpen: null });
      return;
    }
    const isEmptyPart = cut !== null && known === 0;
    const isOpen =
      state.toggled.get(path) ?? (!isEmptyPart && (depth === 0 || (depth < 3 && size <= 12 && siblings <= MOST_OPEN)));
    rows.push({ path, depth, name, kind, text: label, isOpen, ...(isEmptyPart && { needs: 0 }) });
    if (!isOpen) return;
    const most = Math.min(known, state.shown.get(path) ?? MEMBERS_AT_ONCE);
    for (let i = 0; i < most; i += 1) {
      const key = keys?.[i] ?? String(i);
      const member = (members as { readonly [key: string]: Json })[key] ?? null;
      visit(member, key, childPath(path, key), depth + 1, size);
    }
    if (size > most) more(path, depth + 1, `${size - most} more`, most === known ? most : null);
  }

  function addText(text: string, length: number, name: string | null, path: string, depth: number): void {
    const isLong = length > MOST_TEXT;
    const isOpen = isLong ? (state.toggled.get(path) ?? false) : null;
    if (isOpen !== true) {
      const short = JSON.stringify(text.slice(0, MOST_TEXT));
      rows.push({
        path,
        depth,
        name,
        kind: "string",
        text: isLong ? `${short} … ${length} characters` : short,
        isOpen,
      });
      return;
    }
    const shown = Math.min(text.length, state.shown.get(path) ?? TEXT_AT_ONCE);
    rows.push({ path, depth, name, kind: "string", text: text.slice(0, shown), isOpen });
    if (length > shown)
      more(path, depth + 1, `${length - shown} more characters`, shown === text.length ? shown : null);
  }

  function more(path: string, depth: number, text: string, needs: number | null): void {
    const row: JsonRow = { path: `${path}/…`, depth, name: null, kind: "more", text, isOpen: null, continues: path };
    rows.push(needs === null ? row : { ...row, needs });
  }
}

/** Of a value of which the engine sent only a part; null: it is whole. */
export function cutOf(value: Json | undefined): CutJson | null {
  if (!isObject(value)) return null;
  const { $tickwork, kind, length, size, part } = value as Partial<CutJson>;
  const isOne =
    $tickwork === "cut" &&
    typeof length === "number" &&
    typeof size === "number" &&
    (kind === "string" ? typeof part === "string" : kind === "array" ? Array.isArray(part) : isObject(part));
  return isOne ? (value as unknown as CutJson) : null;
}

/** What is known of a cut value, with the part that was read after it. */
export function joinParts(known: Json, read: Json): Json {
  const [before, after] = [cutOf(known), cutOf(read)];
  if (before === null || after === null || before.kind !== after.kind || after.from === 0) return read;
  return { ...before, part: append(before.part, after.part) };
}

function append(first: Json, next: Json): Json {
  if (typeof first === "string" && typeof next === "string") return first + next;
  if (Array.isArray(first) && Array.isArray(next)) return [...(first as Json[]), ...(next as Json[])];
  return { ...(first as JsonObject), ...(next as JsonObject) };
}

/** The value at a path, as far as it is known. */
export function knownAt(root: Json, path: string, loaded: ReadonlyMap<string, Json>): Json | undefined {
  let value: Json | undefined = loaded.get("$") ?? root;
  let at = "$";
  for (const key of keysOf(path)) {
    const members: Json | undefined = cutOf(value)?.part ?? value;
    if (typeof members !== "object" || members === null || !Object.hasOwn(members, key)) return undefined;
    at = childPath(at, key);
    value = loaded.get(at) ?? (members as { readonly [key: string]: Json })[key];
  }
  return value;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Path of a member; "/" and "~" in keys are escaped as in JSON Pointer. */
function childPath(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The keys of a path. */
export function keysOf(path: string): string[] {
  const keys = path.split("/").slice(1);
  return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
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
  const cut = cutOf(value);
  if (cut !== null) return `${cut.kind === "array" ? "list" : cut.kind} of ${formatBytes(cut.size)}`;
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

function kindOf(item: number | boolean | null): JsonRow["kind"] {
  return item === null ? "null" : (typeof item as "number" | "boolean");
}
