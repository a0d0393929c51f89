/** Plays a run: goes through its ticks, so many per second. */
import type { StoreApi } from "zustand/vanilla";
import type { InspectorState } from "./inspector-state.ts";
import { shownTick } from "./inspector-state.ts";

export interface Player {
  /** From the tick shown, or from the first again; pauses at the last. */
  play(): void;
  pause(): void;
}

interface PlayerPorts {
  readonly store: StoreApi<InspectorState>;
  /** The first and last tick to go through, now. */
  readonly range: () => { readonly first: number; readonly last: number };
  readonly goTo: (sequence: number) => void;
}

/** Frames per second; faster speeds show several ticks per frame. */
const FRAMES = 20;

export function createPlayer({ store, range, goTo }: PlayerPorts): Player {
  let timer: ReturnType<typeof setInterval> | null = null;

  const isAtEnd = (): boolean => shownTick(store.getState()) >= range().last;

  function pause(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
    if (store.getState().isPlaying) store.setState({ isPlaying: false });
  }

  function play(): void {
    const { lastSequence, runId } = store.getState();
    if (runId === null || lastSequence === 0 || range().first === range().last) return;
    if (isAtEnd()) goTo(range().first);
    store.setState({ isPlaying: true });
    // Of a tick, in parts of a frame: whole numbers, where fractions would fall behind.
    let due = 0;
    if (timer !== null) clearInterval(timer);
    timer = setInterval(() => {
      due += store.getState().speed;
      const whole = Math.floor(due / FRAMES);
      if (whole === 0) return;
      due -= whole * FRAMES;
      goTo(shownTick(store.getState()) + whole);
      if (isAtEnd()) pause();
    }, 1_000 / FRAMES);
  }

  return { play, pause };
}
