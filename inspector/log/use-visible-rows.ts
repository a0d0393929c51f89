import type { RefObject } from "react";
import { useCallback, useEffect, useState } from "react";

interface VisibleRows {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
}

const OVERSCAN = 6;

/**
 * The rows in view of a list whose rows are all equally high: arithmetic. A virtual list measures each row anew
 * whenever their number changes, which for a hundred thousand rows and a tail that grows every frame took more
 * than half of the page's time.
 */
export function useVisibleRows(
  scrollRef: RefObject<HTMLElement | null>,
  rowHeight: number,
): VisibleRows & { readonly look: () => void } {
  const [visible, setVisible] = useState<VisibleRows>({ first: 0, end: 0 });
  const look = useCallback(() => {
    const element = scrollRef.current;
    if (element === null) return;
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - OVERSCAN);
    const end = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + OVERSCAN;
    setVisible((known) => (known.first === first && known.end === end ? known : { first, end }));
  }, [scrollRef, rowHeight]);
  useEffect(() => {
    const element = scrollRef.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scrollRef, look]);
  return { ...visible, look };
}
