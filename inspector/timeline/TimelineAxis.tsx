import type { TimelineDue } from "tickwork/client";
import { formatAxis, formatDateTime, formatDue, formatDuration } from "../store/format.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { axisTicks } from "./axis-ticks.ts";
import { useBrush } from "./use-time-gestures.ts";
import type { ShownTimeline } from "./use-timeline.ts";

const APART = 92;
/** Closer to the end a time would be cut off. */
const LABEL_ROOM = 76;

const DUE: { readonly [kind in TimelineDue["kind"]]: string } = {
  retry: "next attempt",
  wait: "a wait runs out",
  limit: "the run's time limit",
};

/** Times, folds with their true length, and what is due. Drag to look closely, click to go there. */
export function TimelineAxis({ shown }: { readonly shown: ShownTimeline }) {
  const { navigation } = useModel();
  const { scale, spans, now } = shown;
  const { brush, ...gestures } = useBrush(shown);
  const moment = useInspector((state) => (spans.isLive ? state.now : 0));
  const { step, ticks } = axisTicks(scale, APART);
  const isIn = (at: number): boolean => at >= scale.from && at <= scale.to;
  return (
    <div
      className="tw-timeline-axis"
      title="Drag to look closely, click to go there, double click for the whole run"
      onDoubleClick={() => navigation.setTimeline({ window: null })}
      {...gestures}
    >
      {ticks.map(({ at, x }) => (
        <span key={at} className="tw-timeline-tick" style={{ insetInlineStart: x }} title={formatDateTime(at)}>
          {scale.width - x > LABEL_ROOM && formatAxis(at, step)}
        </span>
      ))}
      {scale.folds.map((fold) => (
        <span key={fold.from} className="tw-timeline-fold" style={{ insetInlineStart: fold.x, width: fold.width }}>
          <span className="tw-sr">Nothing ran for </span>
          {formatDuration(fold.to - fold.from)}
        </span>
      ))}
      {spans.due.map(({ kind, at, step: of, workItem }) =>
        isIn(at) || (kind !== "limit" && at > now && isIn(now)) ? (
          <span
            key={`${kind} ${at} ${workItem ?? ""}`}
            className="tw-timeline-due"
            style={{ insetInlineStart: Math.min(scale.width - 3, scale.x(at)) }}
            title={`${of === undefined ? "" : `${of}, work item ${workItem}: `}${DUE[kind]} ${formatDue(at, moment)}`}
          />
        ) : null,
      )}
      {brush !== null && (
        <span
          className="tw-timeline-brush"
          style={{ insetInlineStart: Math.min(brush.from, brush.to), width: Math.abs(brush.to - brush.from) }}
        />
      )}
    </div>
  );
}
