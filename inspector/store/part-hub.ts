/**
 * Wakes those who look at a part of the state only when that part is another one. A graph of 300 steps has thousands of
 * selectors; without this each of them would run with every change of anything.
 */
import type { StoreApi } from "zustand/vanilla";

/** A part of the state: the same object, or an equal primitive, while it is unchanged. Make it once, outside components. */
export type Part<S, P> = (state: S) => P;

export interface PartHub<S> {
  /** Calls the listener whenever the part is another one than before; returns unsubscribe. */
  subscribe(part: Part<S, unknown>, listener: () => void): () => void;
}

export function createPartHub<S>(store: StoreApi<S>): PartHub<S> {
  const parts = new Map<Part<S, unknown>, Set<() => void>>();
  let close: (() => void) | null = null;

  const wake = (state: S, before: S): void => {
    for (const [part, listeners] of parts) {
      if (Object.is(part(state), part(before))) continue;
      for (const listener of listeners) listener();
    }
  };
  return {
    subscribe(part, listener) {
      close ??= store.subscribe(wake);
      const listeners = parts.get(part) ?? new Set();
      parts.set(part, listeners);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && parts.get(part) === listeners) parts.delete(part);
        if (parts.size > 0) return;
        close?.();
        close = null;
      };
    },
  };
}
