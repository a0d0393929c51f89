/** Changes of the state store: applied along their path only, everything else is shared (B7). */
import type { Json, JsonObject } from "./json.ts";
import type { StateChange } from "./tick.ts";

export function applyChanges(store: JsonObject, changes: readonly StateChange[]): JsonObject {
  let next: Json = store;
  for (const change of changes) next = applyAt(next, change, 0);
  return isPlainObject(next) ? next : store;
}

function applyAt(node: Json | undefined, change: StateChange, depth: number): Json {
  const key = change.path[depth];
  if (key === undefined) return change.op === "set" ? change.value : {};
  const last = depth === change.path.length - 1;
  if (Array.isArray(node)) {
    const copy: Json[] = node.slice();
    const index = Number(key);
    // Nobody writes behind the end of a list: whoever says so would have the rest of it filled with nothing.
    if (!(index >= 0 && index <= copy.length)) throw new RangeError(`There is no place ${key} in this list.`);
    if (last && change.op === "remove") copy.splice(index, 1);
    else copy[index] = applyAt(copy[index], change, depth + 1);
    return Object.freeze(copy);
  }
  const copy: { [key: string]: Json } = isPlainObject(node) ? { ...node } : {};
  if (last && change.op === "remove") delete copy[key];
  // defineProperty: a key named __proto__ is data like any other.
  else {
    const value = applyAt(Object.hasOwn(copy, key) ? copy[key] : undefined, change, depth + 1);
    Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return Object.freeze(copy);
}

function isPlainObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
