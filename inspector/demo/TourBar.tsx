import { Footprints, X } from "lucide-react";
import type { ReactNode } from "react";
import { useEffect } from "react";
import { useStore } from "zustand";
import type { InspectorModel } from "../store/inspector-model.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import type { Tour, TourStep } from "./tour.ts";
import { follow, isOnTour, TOUR_STEPS } from "./tour.ts";
import type { TourStore } from "./tour-store.ts";

/** One line above the views: what to try next, and a button that does it. Covers nothing, and moves no focus. */
export function TourBar({ store, helpUrl }: { readonly store: TourStore; readonly helpUrl: string }) {
  const model = useModel();
  const tour = useStore(store, (state) => state.tour);
  const runId = useInspector((state) => state.runId);
  const position = useInspector((state) => state.position);
  const status = useInspector((state) => (state.runId === null ? undefined : state.runs[state.runId]?.status));
  const isAsked = useInspector((state) => (state.runs[state.runId ?? ""]?.waiting ?? 0) > 0);
  const facts = { runId, position, status };
  useEffect(() => {
    store.setState(({ tour: before }) => ({ tour: before && follow(before, { runId, position, status }) }));
  }, [store, runId, position, status]);
  if (!isOnTour(tour, facts)) return null;
  const go = (step: TourStep): void => store.setState({ tour: { ...tour, step } });
  const { text, action, does } = guideTo(tour, isAsked, model, go);
  return (
    <section className="tw-tour" aria-label="First steps">
      <Footprints size={14} aria-hidden="true" />
      <p role="status">
        <span className="tw-muted tw-num">
          {TOUR_STEPS.indexOf(tour.step) + 1}/{TOUR_STEPS.length}
        </span>{" "}
        {text}
      </p>
      {tour.step === "end" && (
        <a className="tw-button" href={helpUrl} target="_blank">
          Read the guide
        </a>
      )}
      {action !== null && (
        <button type="button" className="tw-button tw-button-primary" onClick={does}>
          {action}
        </button>
      )}
      <button
        type="button"
        className="tw-button tw-button-icon tw-button-quiet"
        aria-label="End the first steps"
        onClick={() => store.setState({ tour: null })}
      >
        <X size={13} aria-hidden="true" />
      </button>
    </section>
  );
}

interface Guidance {
  readonly text: ReactNode;
  readonly action: string | null;
  readonly does: () => void;
}

function guideTo(tour: Tour, isAsked: boolean, model: InspectorModel, go: (step: TourStep) => void): Guidance {
  const { navigation, store } = model;
  const showQuestion = (): void => {
    navigation.setPosition("live");
    navigation.select({ kind: "run" });
    navigation.setTab("overview");
    if (store.getState().isNarrow) navigation.setPanel("detail");
  };
  switch (tour.step) {
    case "watch":
      return {
        text: "Eight slots of profile read the file, a piece each. What waits for a slot is in its queue.",
        action: "Next",
        does: () => go("back"),
      };
    case "back":
      return {
        text: "Every moment is kept. Drag the curve below, or press ←, and all views show that moment.",
        action: "Go back",
        does: () => navigation.setPosition(Math.max(1, Math.round(store.getState().lastSequence / 3))),
      };
    case "live":
      return {
        text: "So it stood then, while the run went on. L, or Live, follows it again.",
        action: "Live",
        does: () => navigation.setPosition("live"),
      };
    case "reload":
      return {
        text: "Now reload the page in the middle of it. The run goes on where it was.",
        action: "Reload",
        does: () => location.reload(),
      };
    case "answer":
      return isAsked
        ? {
            text: "It has a question for you, and waits as long as it takes. The form is in the detail.",
            action: "Show it",
            does: showQuestion,
          }
        : {
            text: "It went on: nothing lost, nothing done twice. Soon it asks you something.",
            action: null,
            does: () => undefined,
          };
    case "end":
      return {
        text: "That is the whole idea: runs that survive, and can be looked into. The report is beside the graph.",
        action: "See the report",
        does: () => navigation.setPanel("report"),
      };
  }
}
