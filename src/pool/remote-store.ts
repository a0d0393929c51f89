/** The run's state store, asked from a worker of the pool. */
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { StateStore } from "../store/state-store.ts";
import { toStoredData } from "../workflow/written-data.ts";
import type { Request } from "./protocol.ts";

/** Asks the engine; the callback is a function that it has run here. */
export type Ask = (request: Request, callback?: (value: unknown) => unknown) => Promise<unknown>;

export function createRemoteStore(ask: Ask): StateStore {
  return {
    async get(path: string, ...fallback: unknown[]) {
      try {
        return (await ask({ method: "get", path })) as never;
      } catch (error) {
        if (fallback.length > 0 && isMissing(error)) return fallback[0] as never;
        throw error;
      }
    },
    async set(path: string, value: unknown) {
      await ask({ method: "set", path, value: toStoredData(path, value) });
    },
    async edit(change) {
      let result: unknown;
      await ask({ method: "edit" }, async (draft) => {
        result = await change(draft as never);
        return toStoredData("(the draft)", draft);
      });
      return result as never;
    },
    getState: () => ask({ method: "getState" }),
    async setState(state) {
      await ask({ method: "setState", state: toStoredData("(the state)", state) });
    },
    async clear() {
      await ask({ method: "clear" });
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof WorkflowRuntimeError && error.code === "PATH_NOT_FOUND";
}
