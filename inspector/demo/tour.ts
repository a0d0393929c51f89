/** The short guided path after the first run: what comes when. Pure; the bar above the views shows it. */
import type { RunStatus } from "tickwork/client";

export const TOUR_STEPS = ["watch", "back", "live", "reload", "answer", "end"] as const;
export type TourStep = (typeof TOUR_STEPS)[number];

/** Where somebody is on the path, and in which run. */
export interface Tour {
  readonly runId: string;
  readonly step: TourStep;
}

/** What the path goes by. */
export interface TourFacts {
  readonly runId: string | null;
  readonly position: "live" | number;
  readonly status: RunStatus | undefined;
}

/** Where somebody is now: what a step asks for may have been done, or not be possible any more. */
export function follow(tour: Tour, { runId, position, status }: TourFacts): Tour {
  if (runId !== tour.runId) return tour;
  const isLive = position === "live";
  if ((tour.step === "watch" || tour.step === "back") && !isLive) return { ...tour, step: "live" };
  if (tour.step === "live" && isLive) return { ...tour, step: status === "completed" ? "end" : "reload" };
  if ((tour.step === "reload" || tour.step === "answer") && status === "completed") return { ...tour, step: "end" };
  return tour;
}

/** The page was loaded anew. */
export function afterReload(tour: Tour): Tour {
  return tour.step === "reload" ? { ...tour, step: "answer" } : tour;
}

/** The path is about one run: with another one open, or one that did not end well, it has nothing to say. */
export function isOnTour(tour: Tour | null, { runId, status }: TourFacts): tour is Tour {
  if (tour === null || tour.runId !== runId) return false;
  return status !== "failed" && status !== "cancelled" && status !== "timedOut";
}

export function encodeTour(tour: Tour): string {
  return JSON.stringify(tour);
}

/** Null for what is none. */
export function decodeTour(text: string | null): Tour | null {
  try {
    const { runId, step } = JSON.parse(text ?? "null") as Partial<Tour>;
    const known = TOUR_STEPS.find((each) => each === step);
    return typeof runId === "string" && known !== undefined ? { runId, step: known } : null;
  } catch {
    return null;
  }
}
