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

/** The machine's clock may be put right by so many milliseconds without anybody noticing. */
const TOLERANCE = 1000;

/**
 * Milliseconds since the epoch, by the machine's clock as long as that goes on. Where it is set back, by a person or a time
 * server, this one goes on from where it was: what is due in a minute is due in a minute, not in a day and a minute. It
 * is set forward with the machine's, for that is also what sleep looks like.
 */
export function createSteadyTime(wall: () => number, sinceStart: () => number): () => number {
  let ahead = 0;
  let [lastWall, lastSteady] = [wall(), sinceStart()];
  return () => {
    const [nowWall, nowSteady] = [wall(), sinceStart()];
    const setBack = nowSteady - lastSteady - (nowWall - lastWall);
    if (setBack > TOLERANCE) ahead += Math.round(setBack);
    [lastWall, lastSteady] = [nowWall, nowSteady];
    return nowWall + ahead;
  };
}

const now = createSteadyTime(
  () => Date.now(),
  () => performance.now(),
);

/** The machine's clock, steadied. Far timers are set in pieces; one that fires early by the clock is set again. */
export const systemClock: Clock = {
  now,
  setTimer(due, callback, isBackground = false) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const remaining = due - now();
      if (remaining <= 0) timer = setTimeout(callback, 0);
      else timer = setTimeout(() => (now() >= due ? callback() : arm()), Math.min(remaining, LONGEST_TIMER));
      if (isBackground) (timer as { unref?: () => void }).unref?.();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/**
 * The same clock for somebody whose last known time is `last`: where that lies ahead, since the machine's clock was set
 * back meanwhile, time goes on from there.
 */
export function notBefore(clock: Clock, last: number): Clock {
  const ahead = last - clock.now();
  if (ahead <= 0) return clock;
  return {
    now: () => clock.now() + ahead,
    setTimer: (due, callback, isBackground) => clock.setTimer(due - ahead, callback, isBackground),
  };
}
