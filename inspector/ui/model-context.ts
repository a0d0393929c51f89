import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import type { InspectorModel } from "../store/inspector-model.ts";
import type { InspectorState } from "../store/inspector-state.ts";
import type { Part } from "../store/part-hub.ts";

export const ModelContext = createContext<InspectorModel | null>(null);

/** Where dialogs and menus are put: inside the inspector, so that its styles reach them. */
export const PortalContext = createContext<HTMLElement | null>(null);

/** Where help is: the guide's first page; undefined: there is none. */
export const HelpContext = createContext<string | undefined>(undefined);

export function useModel(): InspectorModel {
  const model = useContext(ModelContext);
  if (model === null) throw new Error("This component works only inside <Inspector>.");
  return model;
}

/** A part of the state. The selector must return the same object while that part is unchanged. */
export function useInspector<T>(selector: (state: InspectorState) => T): T {
  return useStore(useModel().store, selector);
}

/**
 * Something of a part of the state. For components of which there are hundreds: `select` runs only when the part is
 * another one. The part is a constant of its module.
 */
export function useInspectorPart<P, T>(part: Part<InspectorState, P>, select: (part: P) => T): T {
  const { store, parts } = useModel();
  const subscribe = useCallback((listener: () => void) => parts.subscribe(part, listener), [parts, part]);
  const get = (): T => select(part(store.getState()));
  return useSyncExternalStore(subscribe, get, get);
}
