import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { InspectorModel } from "../store/inspector-model.ts";
import type { InspectorState } from "../store/inspector-state.ts";

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
