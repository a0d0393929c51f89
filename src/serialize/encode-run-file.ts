import type { JsonObject } from "../core/json.ts";
import { runFileVersions } from "./migrate.ts";
import type { SerializedContext } from "./serialized-context.ts";
import { TICK_FORMAT } from "./tick-codec.ts";

export const RUN_FILE_FORMAT = "tickwork/run";

/** `ticks` as `encodeTick` gives them. */
export function encodeRunFile(run: JsonObject, graph: JsonObject, base: SerializedContext | null, ticks: JsonObject[]) {
  return {
    format: RUN_FILE_FORMAT,
    version: runFileVersions.current,
    tickFormat: TICK_FORMAT,
    run,
    graph,
    ...(base && { base: base as unknown as JsonObject }),
    ticks,
  } satisfies JsonObject;
}
