/** Runs `flush` once, soon. Several calls before it runs are one. */
export interface Scheduler {
  schedule(flush: () => void): () => void;
}

/** Where time and frames come from; default: the page. */
export interface FramePorts {
  readonly now: () => number;
  /** Calls with the next frame; absent: there are no frames. */
  readonly onFrame?: (call: () => void) => () => void;
  /** Calls when what was changed in this frame has been drawn; absent: nothing is drawn. */
  readonly afterDrawing?: (call: () => void) => void;
}

/** While the page is hidden, where frames stop. */
const HIDDEN_INTERVAL = 500;
/** An update that takes less, in ms, leaves the frame time enough: there is one with each frame. */
const FREE = 6;
/** What takes more happens so seldom that this many frames' time lies between. */
const REST = 9;
/** Shorter than the slow timer: while the page is shown, updates come with frames. */
const LONGEST_REST = 400;

/**
 * Once per animation frame while the page is shown; by a slow timer while it is hidden. Both are armed, because a page
 * may be hidden after the frame was asked for. What an update costs is measured until it is drawn: where that is more
 * than a part of a frame, updates come so seldom that nine of ten frames stay free of them, however large the graph and
 * however slow the machine; and they come between two frames, so that updating and drawing are a task each.
 */
export function createFrameScheduler(ports: FramePorts = pagePorts()): Scheduler {
  const { now, onFrame, afterDrawing } = ports;
  let isDear = false;
  /** The last one is not drawn yet: what it costs, and so when the next may come, is not known. */
  let isMeasured = true;
  let restsUntil = -Infinity;
  /** Frames stood still for the last update: what the next draws may be old, and the newest is not to wait for it. */
  let wasHidden = false;

  const note = (cost: number): void => {
    isMeasured = true;
    isDear = cost > FREE;
    restsUntil = isDear ? now() + Math.min(cost * REST, LONGEST_REST) : -Infinity;
  };
  const measure = (begin: number, isInFrame: boolean): void => {
    isMeasured = isInFrame;
    afterDrawing?.(() => {
      const worked = now() - begin;
      if (isInFrame) return note(worked);
      onFrame?.(() => {
        const drawing = now();
        afterDrawing(() => note(worked + now() - drawing));
      });
    });
  };
  return {
    schedule(flush) {
      let isDone = false;
      let cancelFrame: (() => void) | undefined;
      const run = (): void => {
        if (isDone) return;
        cancel();
        flush();
      };
      const update = (isInFrame: boolean): void => {
        const begin = now();
        run();
        if (!wasHidden) measure(begin, isInFrame);
        wasHidden = false;
      };
      const toFrame = (): void => {
        if (now() < restsUntil || !(isMeasured || wasHidden)) cancelFrame = onFrame?.(toFrame);
        else if (!isDear || wasHidden) update(true);
        else afterDrawing?.(betweenTwo);
      };
      const betweenTwo = (): void => {
        if (!isDone) update(false);
      };
      const timer = setTimeout(() => {
        wasHidden = true;
        run();
      }, HIDDEN_INTERVAL);
      cancelFrame = onFrame?.(toFrame);
      const cancel = (): void => {
        isDone = true;
        clearTimeout(timer);
        cancelFrame?.();
      };
      return cancel;
    },
  };
}

function pagePorts(): FramePorts {
  const now = () => performance.now();
  if (typeof requestAnimationFrame !== "function") return { now };
  return {
    now,
    onFrame(call) {
      const frame = requestAnimationFrame(call);
      return () => cancelAnimationFrame(frame);
    },
    afterDrawing: callAfterDrawing,
  };
}

const drawn: (() => void)[] = [];
/** One for all: a port that listens is never collected, nor is what it holds. */
let channel: MessageChannel | null = null;

/** A message sent during a frame comes after what was changed in it has been laid out and painted. */
function callAfterDrawing(call: () => void): void {
  if (channel === null) {
    channel = new MessageChannel();
    // One with each message: what several want to do is a task each.
    channel.port1.onmessage = () => drawn.shift()?.();
  }
  drawn.push(call);
  channel.port2.postMessage(null);
}

/** Calls once, between two frames: a task by itself beside what the frame draws. Returns how to take that back. */
export function betweenFrames(call: () => void): () => void {
  let isOver = false;
  const frame = requestAnimationFrame(() =>
    callAfterDrawing(() => {
      if (!isOver) call();
    }),
  );
  return () => {
    isOver = true;
    cancelAnimationFrame(frame);
  };
}
