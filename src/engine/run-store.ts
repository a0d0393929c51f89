/** The store a step sees: reads the last committed state, writes by ticks. */
import { ContextStateError, WorkflowRuntimeError } from "../core/errors.ts";
import { applyChanges } from "../core/apply-changes.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { InvocationId, StateChange } from "../core/tick.ts";
import { diffState } from "../store/diff.ts";
import { parsePath, readPath } from "../store/path.ts";
import type { StateStore } from "../store/state-store.ts";
import { toDeliveryOfParts } from "../workflow/plain-data.ts";
import { toStoredData } from "../workflow/written-data.ts";
import type { PendingState, StorePort } from "./run-ports.ts";

/** Writers of one run, one after the other: an asynchronous edit keeps the others waiting. */
export class WriterLock {
  #tail: Promise<unknown> | null = null;

  /** Runs at once when nobody holds the lock. */
  async run<T>(action: () => T | Promise<T>): Promise<T> {
    while (this.#tail) await this.#tail;
    const result = action();
    if (!(result instanceof Promise)) return result;
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.#tail = tail;
    try {
      return await result;
    } finally {
      this.#tail = null;
    }
  }
}

/** Makes the store for one invocation. */
export function createRunStore(
  port: StorePort,
  lock: WriterLock,
  id: InvocationId,
  isOver: () => boolean,
  pending: PendingState,
): StateStore {
  let editing = false;
  /** What this invocation sees: the committed state and, on top, its own edits that wait for its result. */
  const view = (): JsonObject =>
    pending.changes.length === 0 ? port.current() : applyChanges(port.current(), pending.changes);

  const write = async <T>(name: string, action: () => T | Promise<T>): Promise<T> => {
    assertOpen(name);
    if (editing) {
      throw new ContextStateError(
        `ctx.store.${name} was called inside ctx.store.edit of step ${id.step}. Change the draft instead: writers wait for one another.`,
        { code: "NESTED_WRITER" },
      );
    }
    if (!port.isAtomic) return lock.run(action);
    // Held from the first write to the step's result: nobody else may build on what is not committed.
    await holdLock();
    assertOpen(name);
    return action();
  };
  let holding: Promise<void> | null = null;
  const holdLock = (): Promise<void> => {
    holding ??= new Promise((held, refused) => {
      lock
        .run(() => {
          held();
          return new Promise<void>((release) => {
            pending.release = release;
            // It ended while it waited for the lock.
            if (isOver()) release();
          });
        })
        .catch(refused);
    });
    return holding;
  };
  const assertOpen = (name: string): void => {
    if (!isOver()) return;
    throw new ContextStateError(`ctx.store.${name} came after step ${id.step} ended. Await it inside the step.`);
  };
  const commit = (changes: readonly StateChange[]): void => {
    if (changes.length === 0) return;
    assertOpen("edit");
    port.check(applyChanges(view(), changes));
    if (port.isAtomic) pending.changes.push(...changes);
    else port.commit(changes, id);
  };

  return {
    async get(path: string, ...fallback: unknown[]) {
      const { found, value } = readPath(view(), parsePath(path));
      if (found) return toDeliveryOfParts(value) as never;
      if (fallback.length > 0) return fallback[0] as never;
      throw new WorkflowRuntimeError(`Nothing is stored at "${path}". Give a default: ctx.store.get("${path}", …).`, {
        code: "PATH_NOT_FOUND",
        data: { path },
      });
    },
    set: (path: string, value: unknown) =>
      write("set", () => commit([{ op: "set", path: checkedPath(view(), path), value: toStoredData(path, value) }])),
    edit: (change) =>
      write("edit", () => {
        const before = view();
        const draft = structuredClone(before) as Record<string, unknown>;
        const keep = <T>(result: T): T => {
          commit(diffState(before, toStoredData("(the draft)", draft)));
          return result;
        };
        editing = true;
        let result;
        try {
          result = change(draft as never);
        } catch (error) {
          editing = false;
          throw error;
        }
        if (!(result instanceof Promise)) {
          editing = false;
          return keep(result);
        }
        return result.finally(() => (editing = false)).then(keep);
      }),
    getState: async () => toDeliveryOfParts(view()),
    setState: (state) =>
      write("setState", () => commit(diffState(view(), asObject(toStoredData("(the state)", state))))),
    clear: () => write("clear", () => commit(diffState(view(), port.defaults()))),
  };
}

function checkedPath(state: JsonObject, path: string): string[] {
  const segments = parsePath(path);
  for (let depth = 1; depth < segments.length; depth++) {
    const { found, value } = readPath(state, segments.slice(0, depth));
    if (!found) break;
    checkIndex(path, value, segments[depth]);
    if (!isContainer(value)) {
      throw new WorkflowRuntimeError(
        `"${segments.slice(0, depth).join(".")}" holds a ${typeof value}, so "${path}" cannot be set below it.`,
        {
          code: "PATH_INVALID",
          data: { path },
        },
      );
    }
  }
  return segments;
}

/** What a path can lead into: lists and plain objects. */
function isContainer(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (
    Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null
  );
}

/** A list has no holes: an index is one of those it has, or the next. */
function checkIndex(path: string, list: unknown, key: string | undefined): void {
  if (!Array.isArray(list) || key === undefined) return;
  if (/^(0|[1-9]\d*)$/.test(key) && Number(key) <= list.length) return;
  throw new WorkflowRuntimeError(`"${path}" cannot be set: "${key}" is no index of a list of ${list.length}.`, {
    code: "PATH_INVALID",
    data: { path },
  });
}

function asObject(value: Json): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new WorkflowRuntimeError("The state of a run is an object.", { code: "STATE_INVALID" });
}
