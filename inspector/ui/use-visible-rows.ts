import type { RefObject } from "react";
import { useCallback, useEffect, useState } from "react";
import { flushSync } from "react-dom";

interface VisibleRows {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
  /** Of the list's window, in px. */
  readonly height: number;
  /** The reader is at the end, or next to it. */
  readonly isAtEnd: boolean;
}

const OVERSCAN = 6;
/** Closer to the end than this, in px, counts as at the end. */
const END_SLACK = 8;

/**
 * The rows in view of a list whose rows are all equally high: arithmetic. A virtual list measures each row anew
 * whenever their number changes, which for a hundred thousand rows and a tail that grows every frame took more
 * than half of the page's time. For the same reason who follows the end is not measured at all.
 */
export function useVisibleRows(
  scrollRef: RefObject<HTMLElement | null>,
  rowHeight: number,
): VisibleRows & {
  /** Looks again where the list is scrolled to. */
  readonly look: () => void;
  /** The rows in view of one who follows a list of so many. */
  readonly atEnd: (count: number) => Pick<VisibleRows, "first" | "end">;
} {
  const [visible, setVisible] = useState<VisibleRows>({ first: 0, end: 0, height: 0, isAtEnd: true });
  const look = useCallback(() => {
    const element = scrollRef.current;
    if (element === null) return;
    const { scrollTop, scrollHeight, clientHeight: height } = element;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
    const end = Math.ceil((scrollTop + height) / rowHeight) + OVERSCAN;
    const isNearEnd = scrollHeight - scrollTop - height < END_SLACK;
    setVisible((known) => {
      // A list that got lower, or is looked at first, has not been scrolled by anybody: who was at the end still is.
      const isUnmoved = known.height === 0 || known.height > height;
      const isAtEnd = isNearEnd || (isUnmoved && known.isAtEnd);
      const isSame = known.first === first && known.end === end && known.height === height;
      return isSame && known.isAtEnd === isAtEnd ? known : { first, end, height, isAtEnd };
    });
  }, [scrollRef, rowHeight]);
  useEffect(() => {
    const element = scrollRef.current;
    if (element === null) return undefined;
    // Its rows are drawn in the frame it is laid out in.
    const observer = new ResizeObserver(() => flushSync(look));
    observer.observe(element);
    return () => observer.disconnect();
  }, [scrollRef, look]);
  const atEnd = (count: number) => ({
    first: Math.max(0, count - Math.ceil(visible.height / rowHeight) - OVERSCAN),
    end: count,
  });
  return { ...visible, look, atEnd };
}
