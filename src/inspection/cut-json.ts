/**
 * Large values cut to what can be sent and drawn at once. The work is bounded by what is kept, but for the size, which
 * is found once per value (`sizeOf` remembers it) and shared by all values that share their parts.
 */
import type { Json } from "../core/json.ts";
import { sizeOf } from "./preview.ts";
import type { CutJson } from "./tick-questions.ts";

/** Turns a payload into plain JSON for sending. */
export type ToJson = (value: unknown) => Json;

const TAG = "$tickwork";
/** Members of one object or list in one part. */
const MEMBERS_IN_PART = 100;
/** Characters of one text in one part. */
const TEXT_IN_PART = 10_000;
/** Less room than this holds no part. */
const LEAST = 160;

/**
 * The value itself if it takes at most `room` characters as JSON, else a `CutJson` of about that size. `encode` makes
 * JSON of what is none; null: the value is JSON.
 */
export function cutJson(value: unknown, room: number, encode: ToJson | null): Json {
  if (sizeOf(value) <= room) return encode ? encode(value) : (value as Json);
  return partOf(value, 0, room, encode);
}

/** The value from a member or character on, as a `CutJson`. What has no members is given as it is. */
export function partOf(value: unknown, from: number, room: number, encode: ToJson | null): Json {
  if (typeof value === "string") {
    const part = value.slice(from, from + Math.min(TEXT_IN_PART, Math.max(LEAST, room)));
    return cut({ kind: "string", length: value.length, size: sizeOf(value), from, part });
  }
  if (typeof value !== "object" || value === null) return encode ? encode(value) : (value as Json);
  if (encode && !isPlain(value)) return partOf(encode(value), from, room, null);
  return Array.isArray(value) ? partOfList(value, from, room, encode) : partOfObject(value, from, room, encode);
}

function partOfList(list: readonly unknown[], from: number, room: number, encode: ToJson | null): Json {
  const part: Json[] = [];
  const last = Math.min(list.length, from + MEMBERS_IN_PART);
  let left = room;
  for (let index = from; index < last && left >= LEAST; index++) {
    const member = cutJson(list[index], left / (last - index), encode);
    part.push(member);
    left -= sizeOf(member);
  }
  return cut({ kind: "array", length: list.length, size: sizeOf(list), from, part });
}

function partOfObject(object: object, from: number, room: number, encode: ToJson | null): Json {
  const keys = Object.keys(object);
  const part: Record<string, Json> = {};
  const last = Math.min(keys.length, from + MEMBERS_IN_PART);
  let left = room;
  for (let index = from; index < last && left >= LEAST; index++) {
    const key = keys[index] as string;
    const value = cutJson((object as Record<string, unknown>)[key], left / (last - index), encode);
    // A key named __proto__ is data like any other.
    Object.defineProperty(part, key, { value, enumerable: true, configurable: true, writable: true });
    left -= key.length + sizeOf(value);
  }
  return cut({ kind: "object", length: keys.length, size: sizeOf(object), from, part });
}

/** The value at a path, as `cutJson` writes paths: what is no plain object or list is gone into as the JSON of it. */
export function valueAt(root: unknown, path: readonly string[], encode: ToJson): { readonly value: unknown } | null {
  let value = root;
  let isJson = false;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return null;
    if (!isJson && !isPlain(value)) {
      value = encode(value);
      isJson = true;
    }
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return { value };
}

/** Its JSON has the same members: no Map or the like, and no key that the serializer writes in another way. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !Object.hasOwn(value, TAG);
}

/** Somewhere in it there is a part that `cutJson` left out. */
export function isCut(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (value as Partial<CutJson>).$tickwork === "cut" || Object.values(value).some(isCut);
}

function cut(facts: Omit<CutJson, "$tickwork">): Json {
  return { [TAG]: "cut", ...facts };
}
