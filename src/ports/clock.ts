/** Time, injected, so that tests and replays own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Calls back once `now()` has reached `due`, never before; returns a function that takes it back. `isBackground`: it
   * is no reason to keep a process alive.
   */
  setTimer(due: number, callback: () => void, isBackground?: boolean): () => void;
}

/** Timers overflow above 2^31 - 1 ms and would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's clock. Far timers are set in pieces; one that fires early by the clock is set again. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(due, callback, isBackground = false) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const remaining = due - Date.now();
      if (remaining <= 0) timer = setTimeout(callback, 0);
      else timer = setTimeout(() => (Date.now() >= due ? callback() : arm()), Math.min(remaining, LONGEST_TIMER));
      if (isBackground) (timer as { unref?: () => void }).unref?.();
    };
    arm();
    return () => clearTimeout(timer);
  },
};
