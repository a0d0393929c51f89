/**
 * Loads the timeline while it is shown. Rules of a live view it keeps: new ticks are asked for only while the position is
 * "live", at most a few times a second and a fifth of the time; one question at a time, of which the newest counts.
 */
import type { Timeline, TimelineRange } from "tickwork/client";
import { toErrorText } from "../source/error-text.ts";
import { createLatestWins } from "../source/latest-wins.ts";
import type { InspectorModel } from "./inspector-model.ts";
import type { InspectorState } from "./inspector-state.ts";

export interface TimelineLoader {
  /** How finely: the pixels of the time axis. */
  setWidth(pixels: number): void;
  close(): void;
}

/** Milliseconds between two refreshes, at least. */
const REST = 400;
/** A zoom by wheel is many small ones: the last of them is asked for. */
const SETTLE = 60;
/** Pixels that can be told apart. */
const PIXELS_PER_BUCKET = 3;

interface Question {
  readonly runId: string;
  readonly range: TimelineRange;
}

export function openTimeline({ source, store }: Pick<InspectorModel, "source" | "store">): TimelineLoader {
  let width = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isRetryDue = false;
  let askedAt = 0;

  const answers = createLatestWins<Question, Timeline>(
    ({ runId, range }) => {
      askedAt = performance.now();
      return source.timeline(runId, range);
    },
    (spans, { runId }) => {
      const state = store.getState();
      if (state.runId !== runId) return;
      store.setState({ spans });
      const isBehind = spans.sequence < spans.lastSequence;
      const cost = performance.now() - askedAt;
      if (isBehind) ask(0);
      else if (state.position === "live" && state.lastSequence > spans.sequence) ask(Math.max(REST, cost * 4));
    },
    (error, { runId }) => {
      if (store.getState().runId === runId) store.setState({ notice: toErrorText(error) });
      isRetryDue = true;
    },
  );

  function question({ runId, timeline, selection }: InspectorState): Question | null {
    if (runId === null || width === 0) return null;
    const workItem = selection.kind === "workItem" ? { workItem: selection.workItem } : {};
    const buckets = Math.max(1, Math.round(width / PIXELS_PER_BUCKET));
    return { runId, range: { ...timeline.window, ...workItem, buckets } };
  }

  function ask(delay: number): void {
    if (timer !== null) {
      // What was put off is not put off further.
      if (delay >= REST) return;
      clearTimeout(timer);
    }
    timer = setTimeout(() => {
      timer = null;
      const next = question(store.getState());
      if (next) answers.request(next);
    }, delay);
  }

  const stop = store.subscribe((state, before) => {
    const isOther = state.timeline.window !== before.timeline.window || state.selection !== before.selection;
    const isOtherRun = state.session !== before.session;
    const isBack = state.position === "live" && before.position !== "live";
    if (isOther || isOtherRun || isBack) ask(SETTLE);
    else if (state.position === "live" && state.lastSequence > before.lastSequence) {
      if (!answers.isBusy || isRetryDue) ask(REST);
      isRetryDue = false;
    }
  });

  return {
    setWidth(pixels) {
      if (Math.abs(pixels - width) < PIXELS_PER_BUCKET) return;
      const isFirst = width === 0;
      width = pixels;
      ask(isFirst ? 0 : SETTLE);
    },
    close() {
      stop();
      answers.close();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
