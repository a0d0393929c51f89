/** What a saved run says of itself, apart from what is in it: enough to tell it from other things, and to bring it up to date. */
import { ContextSerdeError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import { decodeStore } from "./decode-tagged.ts";
import { contextVersions, migrate } from "./migrate.ts";

export const CONTEXT_FORMAT = "tickwork/context";
export const CONTEXT_VERSION = 2;

/** In the form of now, otherwise unchecked. Throws `ContextSerdeError` for something that is no saved run. */
export function upToDate(value: unknown): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ContextSerdeError("This is no saved run: an object was expected.", { code: "CONTEXT_UNREADABLE" });
  }
  const { format, version } = value as JsonObject;
  if (format !== CONTEXT_FORMAT) {
    throw new ContextSerdeError(`This is no saved run: its "format" is ${shown(format)}, not "${CONTEXT_FORMAT}".`);
  }
  return migrate(value as JsonObject, version, contextVersions);
}

/** The state store of a saved run, of which nothing else is looked at: without the weight of a whole reader. */
export function storeOfContext(value: unknown): JsonObject {
  return decodeStore(upToDate(value)["store"]);
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : typeof value;
}
