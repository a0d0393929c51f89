import { useEffect } from "react";

/**
 * Keeps the place of dialogs and menus over everything on the page, whatever is above the inspector's box there. What
 * came into the top layer last is the highest, so it comes again when the first of them opens.
 */
export function useTopLayer(place: HTMLElement | null): void {
  useEffect(() => {
    if (place === null || typeof place.showPopover !== "function") return undefined;
    const hide = (): void => {
      if (place.matches(":popover-open")) place.hidePopover();
    };
    const raise = (): void => {
      hide();
      if (place.isConnected) place.showPopover();
    };
    raise();
    let isEmpty = place.childElementCount === 0;
    const observer = new MutationObserver(() => {
      if (isEmpty && place.childElementCount > 0) raise();
      isEmpty = place.childElementCount === 0;
    });
    observer.observe(place, { childList: true });
    return () => {
      observer.disconnect();
      hide();
    };
  }, [place]);
}
