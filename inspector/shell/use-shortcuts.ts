import type { RefObject } from "react";
import { useEffect } from "react";
import { useModel } from "../ui/model-context.ts";
import { isTyping, runShortcut } from "./shortcuts.ts";

const USES = ["pointerdown", "focusin"] as const;

/**
 * Listens while the focus is in the inspector, or nowhere after it was used last. One that has the page's address is
 * the page: there it listens from the beginning, and a key pressed anywhere else on a host's page is the host's.
 */
export function useShortcuts(rootRef: RefObject<HTMLElement | null>, isWholePage: boolean): void {
  const model = useModel();
  useEffect(() => {
    let wasUsedLast = isWholePage;
    const noteUse = ({ target }: Event): void => {
      wasUsedLast = target instanceof Node && rootRef.current?.contains(target) === true;
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const root = rootRef.current;
      const { target } = event;
      if (root === null || event.defaultPrevented || isTyping(target)) return;
      const isNowhere = target === document.body || target === document.documentElement;
      if (!(isNowhere && wasUsedLast) && !(target instanceof Node && root.contains(target))) return;
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
    // In the capture phase, because the host may keep them to itself.
    for (const type of USES) document.addEventListener(type, noteUse, true);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      for (const type of USES) document.removeEventListener(type, noteUse, true);
    };
  }, [model, rootRef, isWholePage]);
}
