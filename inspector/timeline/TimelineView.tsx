import { ChartGantt } from "lucide-react";
import { useRef } from "react";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useInspector } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { TimelineAxis } from "./TimelineAxis.tsx";
import { TimelineDepth } from "./TimelineDepth.tsx";
import { TimelineLanes } from "./TimelineLanes.tsx";
import { TimelineMarks } from "./TimelineMarks.tsx";
import { TimelineTable } from "./TimelineTable.tsx";
import { TimelineToolbar } from "./TimelineToolbar.tsx";
import { useWheel } from "./use-time-gestures.ts";
import { useTimeline } from "./use-timeline.ts";

/** What happened when: a lane per step and worker slot, over time. */
export default function TimelineView() {
  const bodyRef = useRef<HTMLDivElement>(null);
  const rulerRef = useRef<HTMLDivElement>(null);
  const isTable = useInspector((state) => state.timeline.isTable);
  const shown = useTimeline(rulerRef);
  useWheel(bodyRef, shown, () => rulerRef.current?.offsetLeft ?? 0);
  const isEmpty = shown !== null && shown.rows.length === 0 && shown.spans.sequence >= shown.spans.lastSequence;
  return (
    <section className="tw-timeline" aria-label="Timeline">
      <TimelineToolbar shown={shown} />
      <div ref={bodyRef} className="tw-timeline-body">
        <div ref={rulerRef} className="tw-timeline-ruler" />
        {shown === null && <Skeleton label="Reading the ticks" />}
        {isEmpty && (
          <EmptyState icon={ChartGantt} title="Nothing ran yet">
            <p className="tw-muted">The run has not begun, or waits its turn.</p>
          </EmptyState>
        )}
        {shown !== null && !isEmpty && isTable && <TimelineTable shown={shown} />}
        {shown !== null && !isEmpty && !isTable && (
          <>
            <TimelineAxis shown={shown} />
            <TimelineLanes shown={shown} />
            <TimelineDepth shown={shown} />
            <TimelineMarks shown={shown} />
          </>
        )}
      </div>
    </section>
  );
}
