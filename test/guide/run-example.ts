import { format } from "node:util";
import { vi } from "vitest";
import { listen, type Printed } from "./listen.ts";

const realTimeout = globalThis.setTimeout;

/** Runs an example in simulated time: nothing is slept for, and dates are always the same. */
export async function runExample(load: () => Promise<unknown>): Promise<Printed> {
  vi.useFakeTimers({
    now: Date.UTC(2026, 0, 1),
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
  try {
    return await listen(async () => {
      let isOver = false;
      const running = load().finally(() => {
        isOver = true;
      });
      // So that a failure while the clock is moved is not taken for one that nobody handles.
      running.catch(() => undefined);
      while (!isOver) {
        // Whatever can go on without time does so first.
        for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
        // Without a timer it waits for something real, such as a module that is loaded.
        if (vi.getTimerCount() === 0) await new Promise((resolve) => realTimeout(resolve, 1));
        else await vi.advanceTimersToNextTimerAsync();
      }
      await running;
    }, format);
  } finally {
    vi.useRealTimers();
  }
}
