/**
 * What earlier versions wrote, brought to the form of now: one pure function per version, from n to n + 1, JSON to
 * JSON. A change of a format is one entry here, a larger `current`, and a recording (`.ci/record-histories.mjs`).
 *
 * How each piece that outlives the code says which form it has:
 * - a saved context, and the state in a journal's snapshot: its own `format` and `version`;
 * - a run file: its own `format` and `version`; for the ticks in it, its `tickFormat`;
 * - a batch of ticks in IndexedDB: its `tickFormat`, absent in the first. A journal of one's own keeps `TICK_FORMAT`
 *   beside what `encodeTick` gave, and hands it to `decodeTicks`;
 * - a run's record: fields are only ever added, and are optional; so a list of runs can always be read;
 * - the database's stores and keys: IndexedDB's own version, in `database.ts`;
 * - the definition a run was recorded with: the program in its StartRun and ResumeRun ticks.
 *
 * The meaning of a tick may never change, for histories are folded by the reducer of now: a tick that is to mean
 * something else gets a field or a kind of its own.
 */
import { ContextSerdeError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import { encodeValue } from "./serializer.ts";

export type Migration = (saved: JsonObject) => JsonObject;

export interface FormatVersions {
  /** What is read, for messages: "run", "run file". */
  readonly what: string;
  readonly current: number;
  /** By the version they take; they give the next one. */
  readonly migrations: { readonly [from: number]: Migration };
  /** Error codes. */
  readonly fromFuture: string;
  readonly unreadable: string;
}

/** What `handler.snapshot()` gives. */
export const contextVersions: FormatVersions = {
  what: "run",
  current: 2,
  migrations: {
    // Version 1 named steps without saying what they took: what the workflow is now is taken for what it was.
    1: (saved) => ({ ...saved, version: 2, program: null }),
  },
  fromFuture: "CONTEXT_FROM_FUTURE",
  unreadable: "CONTEXT_UNREADABLE",
};

/** What `exportRun` gives. */
export const runFileVersions: FormatVersions = {
  what: "run file",
  current: 2,
  migrations: {
    // The definition stood beside the ticks; now it stands in the tick from which on it holds.
    1: ({ program = null, ticks, ...file }) => {
      const [first, ...others] = Array.isArray(ticks) ? (ticks as JsonObject[]) : [];
      const ticksWithProgram = first ? [withProgram(first, program), ...others] : [];
      return { ...file, version: 2, tickFormat: 1, ticks: Array.isArray(ticks) ? ticksWithProgram : (ticks ?? null) };
    },
  },
  fromFuture: "RUN_FILE_FROM_FUTURE",
  unreadable: "RUN_FILE_UNREADABLE",
};

/** What `encodeTick` gives. */
export const tickVersions: FormatVersions = {
  what: "history",
  current: 1,
  migrations: {},
  fromFuture: "HISTORY_FROM_FUTURE",
  unreadable: "HISTORY_DAMAGED",
};

/**
 * Brings something that was saved as this version to the current one. Throws `ContextSerdeError` for a version that
 * does not exist yet, one that never existed, and for what a migration cannot read.
 */
export function migrate(saved: JsonObject, version: unknown, versions: FormatVersions): JsonObject {
  const { what, current, migrations, fromFuture, unreadable } = versions;
  if (typeof version === "number" && version > current) {
    throw new ContextSerdeError(
      `This ${what} was saved by a newer tickwork (version ${version} of the format; this one reads up to ${current}). Update tickwork to open it.`,
      { code: fromFuture, data: { version, supported: current } },
    );
  }
  if (typeof version !== "number" || !Number.isSafeInteger(version) || version < 1) {
    throw new ContextSerdeError(`This ${what} is damaged: its version is no version.`, { code: unreadable });
  }
  let migrated = saved;
  for (let from = version; from < current; from++) {
    const step = migrations[from];
    if (!step)
      throw new ContextSerdeError(`Version ${from} of this ${what} can no longer be read.`, { code: unreadable });
    try {
      migrated = step(migrated);
    } catch (cause) {
      throw new ContextSerdeError(`This ${what} of version ${from} is damaged.`, { cause, code: unreadable });
    }
  }
  return migrated;
}

function withProgram(tick: JsonObject, program: JsonObject[string]): JsonObject {
  const { tagged, tick: inner } = tick as { readonly tagged?: unknown; readonly tick?: JsonObject };
  if (tagged === true) return { ...tick, tick: { ...inner, program: encodeValue(program) } };
  return { ...tick, program };
}
