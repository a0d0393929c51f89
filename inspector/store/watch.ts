/**
 * Facts about one of many things, e.g. a node of a graph: put together from the state, and the same object until one of
 * them is another.
 */
import type { StoreApi } from "zustand/vanilla";
import type { Part, PartHub } from "./part-hub.ts";

export interface Watch<F> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly facts: () => F;
}

/** `read` sees nothing but these parts of the state. */
export function createWatch<S, F extends object>(
  store: StoreApi<S>,
  hub: PartHub<S>,
  parts: readonly Part<S, unknown>[],
  read: (state: S) => F,
): Watch<F> {
  let seen: S | null = null;
  let known: F | null = null;
  return {
    subscribe(listener) {
      const leave = parts.map((part) => hub.subscribe(part, listener));
      return () => {
        for (const each of leave) each();
      };
    },
    facts() {
      const state = store.getState();
      if (known !== null && state === seen) return known;
      const facts = read(state);
      seen = state;
      if (known === null || !isSame(known, facts)) known = facts;
      return known;
    },
  };
}

function isSame<F extends object>(a: F, b: F): boolean {
  for (const key in b) if (!Object.is(a[key], b[key])) return false;
  return true;
}
