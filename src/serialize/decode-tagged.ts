import { ContextSerdeError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import { toPlainData } from "../workflow/plain-data.ts";
import { decodeValue } from "./serializer.ts";

/** A value of a saved run; throws `ContextSerdeError` naming where it stood. */
export function decodeTagged(value: unknown, where: string): unknown {
  try {
    return toPlainData(decodeValue(value));
  } catch (cause) {
    throw new ContextSerdeError(`The saved run is damaged: ${where} cannot be read.`, { cause });
  }
}

/** The state store of a saved run. */
export function decodeStore(saved: unknown): JsonObject {
  const store = decodeTagged(saved, "its store");
  if (typeof store === "object" && store !== null && Object.getPrototypeOf(store) === Object.prototype) {
    return store as JsonObject;
  }
  throw new ContextSerdeError("The saved run is damaged: its store is no object.");
}
