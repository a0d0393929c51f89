import { useMemo } from "react";
import { formatCount } from "../store/format.ts";
import { toDepthLine } from "./depth-line.ts";
import type { ShownTimeline } from "./use-timeline.ts";

const HEIGHT = 28;

/** How much was queued or at work, on the same axis. */
export function TimelineDepth({ shown: { spans, scale, now } }: { readonly shown: ShownTimeline }) {
  const { line, area, most } = useMemo(() => toDepthLine(spans.depth, scale, HEIGHT, now), [spans, scale, now]);
  return (
    <div className="tw-timeline-depth">
      <div className="tw-timeline-label">
        <span>Depth</span>
        <span className="tw-muted tw-num">at most {formatCount(most)}</span>
      </div>
      <svg
        width={scale.width}
        height={HEIGHT}
        role="img"
        aria-label={`Work queued or running, at most ${formatCount(most)}`}
      >
        <path d={area} className="tw-depth-area" />
        <path d={line} className="tw-depth-line" />
      </svg>
    </div>
  );
}
