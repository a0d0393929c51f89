/**
 * Values to JSON and back. Plain JSON passes as it is; what JSON cannot hold becomes an object with one tag,
 * `{ "$tickwork": "Date", "value": … }`. An object that has that key of its own is wrapped, so nothing is mistaken.
 */
import type { Json, JsonObject } from "../core/json.ts";
import { isExotic, TAG, typedArrayClass, typedArrayNamed } from "../workflow/plain-data.ts";

/** For values made by `toPlainData`, whose exotic parts are known: JSON-only ones are returned as they are. */
export function encodeKnown(value: unknown): Json {
  if (typeof value === "bigint" || isExotic(value)) return encodeValue(value);
  return value as Json;
}

export function encodeValue(value: unknown): Json {
  if (typeof value === "bigint") return tagged("bigint", value.toString());
  if (typeof value !== "object" || value === null) return value as Json;
  if (Array.isArray(value)) return value.map(encodeValue);
  if (value instanceof Date) return tagged("Date", value.getTime());
  if (value instanceof Map)
    return tagged(
      "Map",
      Array.from(value, ([key, item]) => [encodeValue(key), encodeValue(item)]),
    );
  if (value instanceof Set) return tagged("Set", Array.from(value, encodeValue));
  if (value instanceof ArrayBuffer) return tagged("ArrayBuffer", toBase64(new Uint8Array(value)));
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return tagged(typedArrayClass(value)?.name ?? "ArrayBuffer", toBase64(bytes));
  }
  const object = mapValues(value as Record<string, unknown>, encodeValue);
  return Object.hasOwn(object, TAG) ? tagged("object", object) : object;
}

/** Throws `TypeError` for a tag it does not know. */
export function decodeValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decodeValue);
  const object = value as Record<string, unknown>;
  if (!Object.hasOwn(object, TAG)) return mapValues(object, decodeValue);
  const tag = String(object[TAG]);
  const decode = decoders[tag];
  if (decode) return decode(object["value"]);
  const TypedArray = typedArrayNamed(tag);
  if (!TypedArray) throw new TypeError(`Unknown value tag "${tag}".`);
  return new TypedArray(fromBase64(String(object["value"])).buffer);
}

const decoders: { [tag: string]: (value: unknown) => unknown } = {
  __proto__: null as never,
  bigint: (value) => BigInt(String(value)),
  Date: (value) => new Date(Number(value)),
  Map: (value) => new Map((value as [unknown, unknown][]).map(([key, item]) => [decodeValue(key), decodeValue(item)])),
  Set: (value) => new Set((value as unknown[]).map(decodeValue)),
  ArrayBuffer: (value) => fromBase64(String(value)).buffer,
  object: (value) => mapValues(value as Record<string, unknown>, decodeValue),
};

function tagged(tag: string, value: Json): JsonObject {
  return { [TAG]: tag, value };
}

function mapValues<Item>(object: Record<string, unknown>, map: (value: unknown) => Item): Record<string, Item> {
  const result: Record<string, Item> = {};
  for (const key of Object.keys(object)) {
    const value = map(object[key]);
    // A key named __proto__ is data like any other.
    if (key === "__proto__")
      Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
    else result[key] = value;
  }
  return result;
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  const piece = 0x8000;
  for (let start = 0; start < bytes.length; start += piece) {
    text += String.fromCharCode(...bytes.subarray(start, start + piece));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
