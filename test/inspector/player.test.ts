import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import type { InspectorState } from "../../inspector/store/inspector-state.ts";
import { initialState } from "../../inspector/store/inspector-state.ts";
import { createPlayer } from "../../inspector/store/player.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A run of ten ticks, at one of them. */
function open(position: number, lastSequence = 10) {
  const store = createStore<InspectorState>(() => ({ ...initialState(0), runId: "r", position, lastSequence }));
  const shown: number[] = [];
  const player = createPlayer({
    store,
    range: () => ({ first: 1, last: lastSequence }),
    goTo: (sequence) => {
      shown.push(sequence);
      store.setState({ position: sequence });
    },
  });
  return { store, player, shown, isPlaying: () => store.getState().isPlaying };
}

test("goes on from the tick shown, so many ticks per second, and pauses at the last", () => {
  const { store, player, shown, isPlaying } = open(6);
  store.setState({ speed: 2 });
  player.play();
  vi.advanceTimersByTime(1_000);
  expect(shown).toEqual([7, 8]);
  expect(isPlaying()).toBe(true);
  vi.advanceTimersByTime(1_000);
  expect(shown).toEqual([7, 8, 9, 10]);
  expect(isPlaying()).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test("begins with the first tick again where it is at the last", () => {
  const { player, shown } = open(10);
  player.play();
  expect(shown).toEqual([1]);
  vi.advanceTimersByTime(200);
  expect(shown).toEqual([1, 2]);
});

test("a speed beyond the frames shows several ticks at once, and takes effect while it plays", () => {
  const { store, player, shown } = open(1, 100);
  player.play();
  vi.advanceTimersByTime(200);
  store.setState({ speed: 200 });
  vi.advanceTimersByTime(100);
  expect(shown).toEqual([2, 12, 22]);
});

test("paused, or asked twice, it leaves no timer more than it needs", () => {
  const { player, shown } = open(1);
  player.play();
  player.play();
  expect(vi.getTimerCount()).toBe(1);
  player.pause();
  vi.advanceTimersByTime(5_000);
  expect(shown).toEqual([]);
});

test("without ticks there is nothing to play", () => {
  const { player, isPlaying } = open(1, 0);
  player.play();
  expect(isPlaying()).toBe(false);
});
