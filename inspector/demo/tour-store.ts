/** Keeps the guided path over a reload of this tab, which is one of its steps. */
import type { StoreApi } from "zustand/vanilla";
import { createStore } from "zustand/vanilla";
import type { Tour } from "./tour.ts";
import { afterReload, decodeTour, encodeTour } from "./tour.ts";

const KEY = "tickwork-tour";

export type TourStore = StoreApi<{ readonly tour: Tour | null }>;

export function createTourStore(storage: Storage | null): TourStore {
  const saved = decodeTour(read(storage));
  const store: TourStore = createStore(() => ({ tour: saved && afterReload(saved) }));
  store.subscribe(({ tour }) => write(storage, tour));
  return store;
}

/** Null where the browser allows none; the path then ends with a reload. */
export function tabStorage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function read(storage: Storage | null): string | null {
  try {
    return storage?.getItem(KEY) ?? null;
  } catch {
    return null;
  }
}

function write(storage: Storage | null, tour: Tour | null): void {
  try {
    if (tour === null) storage?.removeItem(KEY);
    else storage?.setItem(KEY, encodeTour(tour));
  } catch {
    // Full: then the path ends with a reload.
  }
}
