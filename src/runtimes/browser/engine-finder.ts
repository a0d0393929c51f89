/** What a page has in place of a worker when it only looks on: finds the tab that runs the engine, and starts none. */
import { EngineUnavailableError } from "../../core/errors.ts";
import type { EngineHome, EngineHomePort } from "./own-worker.ts";
import { watchOwner } from "./owner-watch.ts";
import { PROTOCOL } from "./protocol.ts";

const LOCK = "tickwork-database-";

export function findEngine(database: string, port: EngineHomePort): EngineHome {
  const waiting = { tickwork: "waiting", protocol: PROTOCOL } as const;
  const stop = watchOwner({
    database,
    self: null,
    found: ({ alive, protocol, version }) => {
      if (protocol === PROTOCOL) {
        port.said({ ...waiting, owner: { alive, database }, isOtherVersion: false, reason: "" });
        return;
      }
      const { message, code } = otherProtocol(version);
      port.said({ ...waiting, owner: null, isOtherVersion: true, reason: message, code });
    },
    silent: () => {
      const { message, code } = absent(database);
      port.said({ ...waiting, owner: null, isOtherVersion: false, reason: message, code });
    },
  });
  return { api: null, terminate: stop };
}

/** The databases whose engine some tab of this origin runs, or waits for: for `connectToTab`. */
export async function listEngines(): Promise<string[]> {
  const { held = [] } = await navigator.locks.query();
  const databases = held.flatMap(({ name }) => (name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : []));
  return databases.toSorted();
}

function absent(database: string): EngineUnavailableError {
  return new EngineUnavailableError(
    `No tab of this site runs the engine of the database "${database}". Open the app; it is found by itself.`,
    { code: "ENGINE_ABSENT" },
  );
}

function otherProtocol(version: string): EngineUnavailableError {
  const which = version === "" ? "" : ` (version ${version})`;
  return new EngineUnavailableError(
    `The app in the other tab${which} comes with another version of tickwork. Look at it with that version's inspector.`,
    { code: "ENGINE_VERSION" },
  );
}
