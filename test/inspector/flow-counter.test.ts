import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { createFlowCounter } from "../../inspector/graph/flow-counter.ts";
import { readEvent } from "../../inspector/graph/node-facts.ts";
import { initialState } from "../../inspector/store/inspector-state.ts";
import { tick } from "./fixtures/tick.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sent = (type: string, ...to: readonly string[]) => ({ type, mode: "send", to, preview: "" }) as const;

function count(isAlwaysShown: boolean) {
  const store = createStore(() => initialState(0));
  const counter = createFlowCounter(store, isAlwaysShown);
  const shown = (type: string): string => readEvent(store.getState(), type).passed;
  return { counter, store, shown, aSecond: () => vi.advanceTimersByTime(1_000) };
}

test("an event counts once, however many steps take it and whether it waits in their queues", () => {
  const { counter, shown, aSecond } = count(true);
  counter.add([tick(1, { step: "a", events: [sent("Page", "b", "c"), sent("Page", "b")], eventCount: 2 })], 0);
  // What waited in a queue begins.
  counter.add([tick(2, { step: "b", input: "Page", started: [{ step: "b", workItem: 9, workerId: 0 }] })], 0);
  expect(shown("Page")).toBe("");
  aSecond();
  expect([shown("Page"), shown("Other")]).toEqual(["+2", ""]);
  aSecond();
  expect(shown("Page")).toBe("");
});

test.each([
  ["ticks were skipped on the way", 1_200, 1],
  ["a tick has more events than it lists", 0, 10_000],
])("where %s, the number is the least that passed", (_, skipped, eventCount) => {
  const { counter, shown, aSecond } = count(true);
  counter.add([tick(1, { step: "a", events: [sent("Page", "b")], eventCount })], skipped);
  aSecond();
  expect(shown("Page")).toBe("≥1");
  counter.add([tick(2, { step: "a", events: [sent("Page", "b")], eventCount: 1 })], 0);
  aSecond();
  expect(shown("Page")).toBe("+1");
});

test("where dots may move, only a second that they could not show is counted out", () => {
  const { counter, store, shown, aSecond } = count(false);
  const { flow } = store.getState();
  const more = () => counter.add([tick(1, { step: "a", events: [sent("Page", "b")], eventCount: 1 })], 0);
  more();
  aSecond();
  expect(store.getState().flow).toBe(flow);
  more();
  counter.showNext();
  aSecond();
  expect(shown("Page")).toBe("+1");
  more();
  aSecond();
  expect(shown("Page")).toBe("");
});

test("closed, it leaves nothing behind", () => {
  const { counter, shown, aSecond } = count(true);
  counter.add([tick(1, { step: "a", events: [sent("Page", "b")], eventCount: 1 })], 0);
  aSecond();
  counter.close();
  expect(shown("Page")).toBe("");
  expect(vi.getTimerCount()).toBe(0);
});
