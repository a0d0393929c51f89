import { createContext, useContext, useMemo, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import type { InspectorModel } from "../store/inspector-model.ts";
import type { InspectorState } from "../store/inspector-state.ts";
import type { Part } from "../store/part-hub.ts";
import { createWatch } from "../store/watch.ts";

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
 * Facts about one of hundreds, e.g. a node: one look at each part of the state stands for a look by every one of them.
 * Parts and `read` are constants of their module; `read` sees nothing but the parts.
 */
export function useFacts<F extends object>(
  parts: readonly Part<InspectorState, unknown>[],
  read: (state: InspectorState, key: string) => F,
  key: string,
): F {
  const { store, parts: hub } = useModel();
  const watch = useMemo(
    () => createWatch(store, hub, parts, (state) => read(state, key)),
    [store, hub, parts, read, key],
  );
  return useSyncExternalStore(watch.subscribe, watch.facts);
}
