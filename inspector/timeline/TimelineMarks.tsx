import { formatClock } from "../store/format.ts";
import { useInspector } from "../ui/model-context.ts";
import type { ShownTimeline } from "./use-timeline.ts";

/** Upright lines through everything: the moment that is shown, and now. */
export function TimelineMarks({ shown: { scale, spans, now } }: { readonly shown: ShownTimeline }) {
  const isLive = useInspector((state) => state.position === "live");
  const at = useInspector((state) => (state.position === "live" ? null : (state.graph?.at ?? null)));
  const isIn = (time: number): boolean => time >= scale.from && time <= scale.to;
  return (
    <div className="tw-timeline-marks" aria-hidden="true">
      {at !== null && isIn(at) && (
        <span className="tw-timeline-position" style={{ insetInlineStart: scale.x(at) }} title={formatClock(at)} />
      )}
      {isLive && spans.isLive && isIn(now) && (
        <span className="tw-timeline-now" style={{ insetInlineStart: Math.min(scale.width - 1, scale.x(now)) }} />
      )}
    </div>
  );
}
