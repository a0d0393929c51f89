/**
 * Makes event data safe to share: checks that it can be written down, copies it, and freezes the copy. One event
 * object goes to every accepting step, to retries and to the journal, so nobody may change it.
 *
 * Allowed beside JSON: undefined in objects (left out), Date, Map, Set, bigint, ArrayBuffer, typed arrays.
 * Those cannot be frozen all the way; whoever delivers an event copies it again when `isExotic` says so.
 */

/** Thrown with the path of the first value that cannot be kept. */
export class PlainDataError extends Error {
  readonly path: string;
  constructor(path: string, reason: string) {
    super(reason);
    this.name = "PlainDataError";
    this.path = path;
  }
}

/** Nesting beyond this is taken for a cycle or an attack. */
const MAX_DEPTH = 500;

const exotic = new WeakSet<object>();

/** The serializer's own key: data that has it too must be written with care. */
export const TAG = "$tickwork";

/** True when a frozen value holds something that freezing does not protect (a Date, a Map, bytes). */
export function isExotic(value: unknown): boolean {
  return typeof value === "object" && value !== null && exotic.has(value);
}

export function toPlainData(value: unknown): unknown {
  const plain = copyPlain(value, 0);
  return plain === UNUSUAL ? copy(value, [], { exotic: false }) : plain;
}

/**
 * As `toPlainData`, for what nobody else holds and is known to be allowed: what that made in another thread and
 * structured clone brought here, or JSON that was read. It is frozen as it is, without a copy.
 */
export function adoptPlainData<T>(value: T): T {
  adopt(value, 0);
  return value;
}

/** True when it holds something exotic. */
function adopt(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "bigint";
  if (depth > MAX_DEPTH) throw refuse([], "it is nested too deeply, or contains itself");
  const isObject = Object.getPrototypeOf(value) === Object.prototype;
  let found = !(isObject || Array.isArray(value)) || Object.hasOwn(value, TAG);
  // Nothing may stop at the first: all of it is to be frozen.
  if (isObject) {
    for (const key in value) found = adopt((value as Record<string, unknown>)[key], depth + 1) || found;
  } else {
    for (const part of partsOf(value)) found = adopt(part, depth + 1) || found;
  }
  if (found) exotic.add(value);
  if (!ArrayBuffer.isView(value)) Object.freeze(value);
  return found;
}

/** What a value made by `toPlainData` is made of, one level down; bytes are one piece. */
export function partsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Set || Array.isArray(value)) return value;
  return ArrayBuffer.isView(value) ? [] : Object.values(value);
}

/** Not plain JSON all through: exotic, or to be refused with its path. */
const UNUSUAL = Symbol("unusual");

/** The same as `copy` for what nearly all events are, at a fraction of its cost; anything else is `UNUSUAL`. */
function copyPlain(value: unknown, depth: number): unknown {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : UNUSUAL;
  if (typeof value !== "object" || depth > MAX_DEPTH) return UNUSUAL;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (let index = 0; index < value.length; index++) {
      const item = copyPlain(value[index], depth + 1);
      if (item === UNUSUAL) return UNUSUAL;
      list.push(item);
    }
    return Object.freeze(list);
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return UNUSUAL;
  const result: Record<string, unknown> = {};
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) continue;
    const kept = copyPlain(item, depth + 1);
    if (kept === UNUSUAL || key === TAG || key === "__proto__") return UNUSUAL;
    result[key] = kept;
  }
  return Object.freeze(result);
}

/** Copies a value made by `toPlainData` for somebody who might change its exotic parts; JSON-only values are shared. */
export function toDelivery<T>(value: T): T {
  return isExotic(value) ? structuredClone(value) : value;
}

const looked = new WeakMap<object, boolean>();

/** As `toDelivery`, for values put together from such parts. Looks at each part once, however often it is asked. */
export function toDeliveryOfParts<T>(value: T): T {
  return hasExoticPart(value) ? structuredClone(value) : value;
}

function hasExoticPart(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (exotic.has(value)) return true;
  const known = looked.get(value);
  if (known !== undefined) return known;
  const found = Object.values(value).some(hasExoticPart);
  looked.set(value, found);
  return found;
}

function copy(value: unknown, path: string[], found: { exotic: boolean }): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // -0 is 0, for JSON makes it so.
      if (Number.isFinite(value)) return value + 0;
      throw refuse(path, `${value} is not a JSON number`);
    case "bigint":
      found.exotic = true;
      return value;
    case "undefined":
      if (path.length === 0) return null;
      throw refuse(path, "undefined cannot be kept in a list");
    case "object":
      return value === null ? null : copyObject(value, path, found);
    default:
      throw refuse(path, `a ${typeof value} cannot be written down`);
  }
}

function copyObject(value: object, path: string[], found: { exotic: boolean }): unknown {
  if (path.length > MAX_DEPTH) throw refuse(path.slice(0, 8), "it is nested too deeply, or contains itself");
  const inner = { exotic: false };
  const result = copyByKind(value, path, inner);
  if (inner.exotic) {
    found.exotic = true;
    exotic.add(result);
  }
  // A typed array with elements refuses to be frozen; delivery copies it.
  return ArrayBuffer.isView(result) ? result : Object.freeze(result);
}

const typedArrays = new Map(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map((TypedArray) => [TypedArray.name, TypedArray]),
);

type TypedArrayClass = new (source: ArrayLike<never> | ArrayBuffer) => ArrayBufferView;

/** The built-in class of a typed array, for a subclass as well; undefined for anything else. */
export function typedArrayClass(value: object): TypedArrayClass | undefined {
  const tag = ArrayBuffer.isView(value) ? (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] : undefined;
  return tag === undefined ? undefined : typedArrayNamed(tag);
}

export function typedArrayNamed(name: string): TypedArrayClass | undefined {
  return typedArrays.get(name);
}

function copyByKind(value: object, path: string[], found: { exotic: boolean }): object {
  if (Array.isArray(value)) {
    return Array.from(value, (item: unknown, index) => copyAt(item, path, String(index), found));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined) continue;
      if (key === TAG) found.exotic = true;
      const kept = copyAt(item, path, key, found);
      if (key === "__proto__") Object.defineProperty(result, key, { value: kept, enumerable: true });
      else result[key] = kept;
    }
    return result;
  }
  found.exotic = true;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw refuse(path, "an invalid Date cannot be written down");
    return new Date(value.getTime());
  }
  if (value instanceof Map) {
    return new Map(
      Array.from(value, ([key, item]) => [copyAt(key, path, "(key)", found), copyAt(item, path, String(key), found)]),
    );
  }
  if (value instanceof Set) return new Set(Array.from(value, (item: unknown) => copyAt(item, path, "(item)", found)));
  if (value instanceof ArrayBuffer) return value.slice(0);
  const TypedArray = typedArrayClass(value);
  // Through the class itself: a subclass (Node's Buffer) may share its memory on `slice`.
  if (TypedArray) return new TypedArray(value as never);
  const name = (value.constructor as { name?: string } | undefined)?.name ?? "object";
  throw refuse(path, `an instance of ${name} cannot be written down; pass its plain data`);
}

function copyAt(value: unknown, path: string[], key: string, found: { exotic: boolean }): unknown {
  path.push(key);
  const result = copy(value, path, found);
  path.pop();
  return result;
}

function refuse(path: readonly string[], reason: string): PlainDataError {
  return new PlainDataError(path.length === 0 ? "(the whole value)" : path.join("."), reason);
}
