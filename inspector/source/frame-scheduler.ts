/** Runs `flush` once, soon. Several calls before it runs are one. */
export interface Scheduler {
  schedule(flush: () => void): () => void;
}

/**
 * Once per animation frame while the page is shown; by a slow timer while it is hidden, where frames stop.
 * Both are armed, because a page may be hidden after the frame was asked for.
 */
export function createFrameScheduler(hiddenInterval = 500): Scheduler {
  return {
    schedule(flush) {
      let isDone = false;
      const run = (): void => {
        if (isDone) return;
        cancel();
        flush();
      };
      const timer = setTimeout(run, hiddenInterval);
      const frame = typeof requestAnimationFrame === "function" ? requestAnimationFrame(run) : undefined;
      const cancel = (): void => {
        isDone = true;
        clearTimeout(timer);
        if (frame !== undefined) cancelAnimationFrame(frame);
      };
      return cancel;
    },
  };
}
