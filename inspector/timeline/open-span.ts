/** What choosing a span, or a moment, does: the same from canvas, table and keyboard. */
import type { Timeline, TrailSpan } from "tickwork/client";
import type { InspectorModel } from "../store/inspector-model.ts";
import { toErrorText } from "../source/error-text.ts";
import { findTickAt } from "../source/find-tick-at.ts";
import { within } from "./time-scale.ts";

type Ports = Pick<InspectorModel, "store" | "navigation" | "source">;

/** Room left and right of a block that is looked at closely, as part of its length. */
const MARGIN = 0.1;

/**
 * Selects a span's work item and goes to the tick that began it. What still goes on, while the run is followed, is
 * selected only. A block of many is zoomed to, where that can tell them apart.
 */
export function openSpan(model: Ports, timeline: Timeline, span: TrailSpan): void {
  const { store, navigation } = model;
  const { position } = store.getState();
  if (span.count > 1) {
    const closer = closerLook(timeline, span);
    if (closer !== null) {
      navigation.setTimeline({ window: closer });
      return;
    }
    navigation.select({ kind: "step", step: span.step });
  } else navigation.select({ kind: "workItem", workItem: span.workItem });
  if (span.to === null && position === "live") return;
  navigation.pause();
  if (span.begin === null) void goToTime(model, span.from);
  else navigation.setPosition(span.begin);
}

/** null: it would show no more than there is now. */
function closerLook(timeline: Timeline, { from, to }: TrailSpan): { from: number; to: number } | null {
  const end = to ?? timeline.end;
  const length = end - from;
  if (length <= Math.max(1, timeline.resolution)) return null;
  const closer = within(
    { from: from - length * MARGIN, to: end + length * MARGIN },
    { from: timeline.begin, to: timeline.end },
  );
  return closer;
}

/** Shows the newest tick at this time. */
export async function goToTime({ store, navigation, source }: Ports, at: number): Promise<void> {
  const { runId, depth, lastSequence, spans } = store.getState();
  if (runId === null) return;
  navigation.pause();
  try {
    const sequence = await findTickAt(source, runId, at, [...(spans?.depth ?? []), ...depth], lastSequence);
    if (store.getState().runId === runId && sequence !== null) navigation.setPosition(sequence);
  } catch (error) {
    store.setState({ notice: toErrorText(error) });
  }
}
