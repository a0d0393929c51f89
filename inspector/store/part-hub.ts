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

interface Watched {
  /** As it was when its listeners were last woken. */
  value: unknown;
  readonly listeners: Set<() => void>;
}

export function createPartHub<S>(store: StoreApi<S>): PartHub<S> {
  const parts = new Map<Part<S, unknown>, Watched>();
  let close: (() => void) | null = null;

  const wake = (): void => {
    for (const [part, watched] of parts) {
      // Not the state that was told of: a listener before may have changed it again.
      const value = part(store.getState());
      if (Object.is(value, watched.value)) continue;
      watched.value = value;
      for (const listener of watched.listeners) listener();
    }
  };
  return {
    subscribe(part, listener) {
      close ??= store.subscribe(wake);
      const watched = parts.get(part) ?? { value: part(store.getState()), listeners: new Set() };
      parts.set(part, watched);
      watched.listeners.add(listener);
      return () => {
        watched.listeners.delete(listener);
        if (watched.listeners.size === 0 && parts.get(part) === watched) parts.delete(part);
        if (parts.size > 0) return;
        close?.();
        close = null;
      };
    },
  };
}
