import { Maximize2, Minus, Plus, Table2 } from "lucide-react";
import { formatCount, formatDuration } from "../store/format.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { zoomAt } from "./time-scale.ts";
import { ZOOM_STEP } from "./use-time-gestures.ts";
import type { ShownTimeline } from "./use-timeline.ts";

const LEGEND = [
  ["queued", "queued"],
  ["running", "running"],
  ["failed", "failed"],
  ["backoff", "back-off"],
  ["waiting", "waiting"],
] as const;

export function TimelineToolbar({ shown }: { readonly shown: ShownTimeline | null }) {
  const { navigation } = useModel();
  const { window, foldsIdle, isTable } = useInspector((state) => state.timeline);
  const zoom = (factor: number): void => {
    if (shown === null) return;
    const { scale, whole } = shown;
    navigation.setTimeline({ window: zoomAt(scale, scale.width / 2, factor, whole) });
  };
  return (
    <div className="tw-timeline-tools">
      <IconButton
        label="Zoom out"
        shortcut="-"
        icon={Minus}
        isDisabled={window === null}
        onClick={() => zoom(ZOOM_STEP)}
      />
      <IconButton
        label="Zoom in"
        shortcut="+"
        icon={Plus}
        isDisabled={shown === null}
        onClick={() => zoom(1 / ZOOM_STEP)}
      />
      <IconButton
        label="Whole run"
        shortcut="0"
        icon={Maximize2}
        isDisabled={window === null}
        onClick={() => navigation.setTimeline({ window: null })}
      />
      <IconButton
        label="As a table"
        icon={Table2}
        isPressed={isTable}
        onClick={() => navigation.setTimeline({ isTable: !isTable })}
      />
      <label className="tw-check">
        <input
          type="checkbox"
          checked={foldsIdle}
          onChange={(event) => navigation.setTimeline({ foldsIdle: event.target.checked })}
        />
        Fold idle time
      </label>
      <span className="tw-timeline-note tw-muted">{shown !== null && <Reach shown={shown} />}</span>
      <ul className="tw-timeline-legend" aria-label="Legend">
        {LEGEND.map(([kind, word]) => (
          <li key={kind}>
            <span className="tw-timeline-key" data-kind={kind} aria-hidden="true" />
            {word}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How much of the run is in view, up to which tick, and what cannot be seen however close one looks. */
function Reach({ shown: { spans, scale } }: { readonly shown: ShownTimeline }) {
  const { sequence, lastSequence, resolution } = spans;
  if (sequence < lastSequence - 1_000) {
    return `Reading: ${formatCount(sequence)} of ${formatCount(lastSequence)} ticks`;
  }
  return (
    <>
      <span className="tw-num">{formatDuration(scale.to - scale.from)}</span> in view, to{" "}
      <span className="tw-num">#{formatCount(sequence)}</span>
      {resolution > 0 && `, told apart from ${formatDuration(resolution)}`}
    </>
  );
}
