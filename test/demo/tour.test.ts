import { expect, test } from "vitest";
import { createTourStore } from "../../inspector/demo/tour-store.ts";
import type { Tour, TourFacts, TourStep } from "../../inspector/demo/tour.ts";
import { afterReload, decodeTour, encodeTour, follow, isOnTour, TOUR_STEPS } from "../../inspector/demo/tour.ts";

const at = (step: TourStep): Tour => ({ runId: "r", step });
const facts = (change: Partial<TourFacts> = {}): TourFacts => ({
  runId: "r",
  position: "live",
  status: "running",
  ...change,
});

test.each<[TourStep, Partial<TourFacts>, TourStep]>([
  ["watch", {}, "watch"],
  ["watch", { position: 4 }, "live"],
  ["back", {}, "back"],
  ["back", { position: 4 }, "live"],
  ["live", { position: 4 }, "live"],
  ["live", {}, "reload"],
  ["live", { status: "completed" }, "end"],
  ["reload", { status: "completed" }, "end"],
  ["answer", { status: "idle" }, "answer"],
  ["answer", { status: "completed" }, "end"],
  ["end", { position: 4 }, "end"],
])("%s, seeing %o, is %s", (step, change, next) => {
  expect(follow(at(step), facts(change)).step).toBe(next);
});

test("another run moves nothing, and the path is not shown there, nor for a run that did not end well", () => {
  expect(follow(at("back"), facts({ runId: "other", position: 3 }))).toEqual(at("back"));
  expect(isOnTour(at("back"), facts())).toBe(true);
  expect(isOnTour(null, facts())).toBe(false);
  expect(isOnTour(at("back"), facts({ runId: "other" }))).toBe(false);
  for (const status of ["failed", "cancelled", "timedOut"] as const) {
    expect(isOnTour(at("back"), facts({ status }))).toBe(false);
  }
});

test("a reload is what its step asked for; it changes no other", () => {
  for (const step of TOUR_STEPS) expect(afterReload(at(step)).step).toBe(step === "reload" ? "answer" : step);
});

test("what was kept is read again; anything else is none", () => {
  for (const step of TOUR_STEPS) expect(decodeTour(encodeTour(at(step)))).toEqual(at(step));
  for (const text of [null, "", "{", "[]", "1", '{"runId":1,"step":"back"}', '{"runId":"r","step":"fly"}']) {
    expect(decodeTour(text)).toBeNull();
  }
});

test("it is kept over a reload of the tab, until it is ended; without storage it is not", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  } as unknown as Storage;
  createTourStore(storage).setState({ tour: at("reload") });
  const reloaded = createTourStore(storage);
  expect(reloaded.getState().tour).toEqual(at("answer"));
  reloaded.setState({ tour: null });
  expect(createTourStore(storage).getState().tour).toBeNull();
  const none = createTourStore(null);
  none.setState({ tour: at("reload") });
  expect(createTourStore(null).getState().tour).toBeNull();
});
