import { memo } from "react";
import { formatShortCount } from "../store/format.ts";
import { MARK_ROOM, ROW_HEIGHT } from "./draw-rows.ts";
import type { TimeScale } from "./time-scale.ts";
import type { TimelineRow } from "./timeline-rows.ts";
import { placeOf } from "./timeline-rows.ts";

interface TimelineCountsProps {
  readonly rows: readonly TimelineRow[];
  readonly first: number;
  readonly end: number;
  readonly scale: TimeScale;
  readonly now: number;
  readonly scrollTop: number;
}

/** A block narrower than this, its mark aside, has no room for its number. */
const NUMBER_ROOM = 32;
/** More numbers than this at once would be read by nobody. */
const MOST = 200;

/** How many spans each wide block in view stands for; hatching cannot be written over, its tooltip says it. */
export const TimelineCounts = memo(function TimelineCounts(props: TimelineCountsProps) {
  const { rows, first, end, scale, now, scrollTop } = props;
  const counts = rows
    .slice(first, end)
    .flatMap((row, index) =>
      row.spans
        .filter(({ count, phase }) => count > 1 && phase !== "backoff")
        .map((span) => ({ row, span, top: (first + index) * ROW_HEIGHT - scrollTop, ...placeOf(span, scale, now) })),
    )
    .map((block) => ({
      ...block,
      left: Math.max(0, block.left) + (block.span.failed > 0 ? MARK_ROOM : 0),
      right: Math.min(scale.width, block.left + block.width),
    }))
    .filter(({ left, right }) => right - left >= NUMBER_ROOM)
    .slice(0, MOST);
  return (
    <div className="tw-timeline-counts" aria-hidden="true">
      {counts.map(({ row, span, top, left, right }) => (
        <span
          key={`${row.key} ${span.from}`}
          data-phase={span.phase}
          style={{ insetInlineStart: left, top, width: right - left }}
        >
          ×{formatShortCount(span.count)}
        </span>
      ))}
    </div>
  );
});
