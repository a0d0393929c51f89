/**
 * Plain JSON, and the frozen "event data" built on it.
 *
 * Everything the core keeps (ticks, state, snapshots) is made of these values, so that a run can be written
 * down at any moment. What JSON cannot hold (Date, Map, Set, bigint, bytes) stays as it is in memory and is
 * tagged by `serialize/serializer.ts` when it is written.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** An object's own field: types and names come from users, and may be called like what every object has. */
export function own<T>(object: { readonly [key: string]: T } | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * True when two values that events can hold are equal by content. Dates compare by time, sets and maps by their
 * members, bytes by their bytes; key order does not matter.
 */
export function isEqualJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isEqualJson(item, b[index]));
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Map && b instanceof Map) return a.size === b.size && isEqualJson([...a], [...b]);
  if (a instanceof Set && b instanceof Set) return a.size === b.size && isEqualJson([...a], [...b]);
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) return isEqualJson(new Uint8Array(a), new Uint8Array(b));
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && isEqualJson(left[key], right[key]));
}
