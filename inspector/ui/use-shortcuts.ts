import type { RefObject } from "react";
import { useEffect } from "react";
import { useModel } from "./model-context.ts";
import { isTyping, runShortcut } from "./shortcuts.ts";

/** Listens while the focus is in the inspector, or nowhere. */
export function useShortcuts(rootRef: RefObject<HTMLElement | null>): void {
  const model = useModel();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const root = rootRef.current;
      const { target } = event;
      if (root === null || event.defaultPrevented || isTyping(target)) return;
      const isNowhere = target === document.body || target === document.documentElement;
      if (!isNowhere && !(target instanceof Node && root.contains(target))) return;
      // Space presses the button it is on.
      if (
        event.key === " " &&
        target instanceof HTMLElement &&
        target.closest("button, a, summary, [role=button]") !== null
      )
        return;
      const focusSearch = (): void => root.querySelector<HTMLElement>("[data-search]")?.focus();
      const press = {
        key: event.key,
        shiftKey: event.shiftKey,
        hasModifier: event.altKey || event.ctrlKey || event.metaKey,
      };
      if (runShortcut(press, model, focusSearch)) event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [model, rootRef]);
}
