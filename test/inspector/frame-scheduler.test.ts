import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFrameScheduler } from "../../inspector/source/frame-scheduler.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page of 60 frames per second whose updates take so long each. */
function open(cost: number) {
  let wanted = new Set<() => void>();
  const drawn: (() => void)[] = [];
  const scheduler = createFrameScheduler({
    now: Date.now,
    onFrame(call) {
      wanted.add(call);
      return () => wanted.delete(call);
    },
    afterDrawing: (call) => void drawn.push(call),
  });
  let isInFrame = false;
  const frame = (): void => {
    vi.advanceTimersByTime(16);
    const calls = wanted;
    wanted = new Set();
    isInFrame = true;
    for (const call of calls) call();
    isInFrame = false;
    // What is sent outside of a frame comes at once.
    for (let call = drawn.shift(); call; call = drawn.shift()) call();
  };
  let updates = 0;
  const update = (): void => {
    updates += 1;
    vi.setSystemTime(Date.now() + cost);
  };
  return { scheduler, frame, update, updates: () => updates, isInFrame: () => isInFrame };
}

function updatesIn(milliseconds: number, cost: number): number {
  const { scheduler, frame, update, updates } = open(cost);
  const end = Date.now() + milliseconds;
  let isWanted = false;
  while (Date.now() < end) {
    if (!isWanted) {
      isWanted = true;
      scheduler.schedule(() => {
        isWanted = false;
        update();
      });
    }
    frame();
  }
  return updates();
}

test("cheap updates come with each frame", () => {
  expect(updatesIn(1_600, 0)).toBe(100);
});

test("dear ones take about a tenth of the time, and come at least twice per second", () => {
  expect(updatesIn(10_000, 20)).toBeGreaterThan(40);
  expect(updatesIn(10_000, 20)).toBeLessThan(55);
  expect(updatesIn(10_000, 400)).toBeGreaterThanOrEqual(10);
});

test("a dear update is no part of a frame, whose drawing is a task by itself; the first cannot be known to be dear", () => {
  const { scheduler, frame, update, isInFrame } = open(20);
  const wasInFrame: boolean[] = [];
  const next = (): void =>
    void scheduler.schedule(() => {
      wasInFrame.push(isInFrame());
      update();
      next();
    });
  next();
  for (let frames = 0; frames < 100; frames++) frame();
  // Wanted anew at once, it comes no earlier: what the last one cost is known only when that is drawn.
  expect(wasInFrame.length).toBeGreaterThan(3);
  expect(wasInFrame.length).toBeLessThan(10);
  expect(wasInFrame).toEqual(wasInFrame.map((_, index) => index === 0));
});

test("while frames stand still, it is done by the slow timer; what is cancelled is not done", () => {
  const { scheduler, frame, update, updates } = open(0);
  scheduler.schedule(update);
  vi.advanceTimersByTime(499);
  expect(updates()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(updates()).toBe(1);
  scheduler.schedule(update)();
  vi.advanceTimersByTime(1_000);
  frame();
  expect(updates()).toBe(1);
});

test("schedulers of one page share a channel: a port that listens would outlive the inspector it is of", () => {
  const channels: unknown[] = [];
  class Channel {
    readonly port1: { onmessage: (() => void) | null } = { onmessage: null };
    readonly port2 = { postMessage: () => this.port1.onmessage?.() };
    constructor() {
      channels.push(this);
    }
  }
  vi.stubGlobal("MessageChannel", Channel);
  vi.stubGlobal("requestAnimationFrame", (call: () => void) => setTimeout(call, 16));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  let flushed = 0;
  for (let mounts = 0; mounts < 3; mounts++) createFrameScheduler().schedule(() => (flushed += 1));
  vi.advanceTimersByTime(16);
  expect([flushed, channels.length]).toEqual([3, 1]);
});

test("after a page was hidden the first frame shows what had come, and the second what is new, whatever they cost", () => {
  const { scheduler, frame, update, updates } = open(50);
  scheduler.schedule(update);
  vi.advanceTimersByTime(500);
  expect(updates()).toBe(1);
  for (const count of [2, 3, 3]) {
    scheduler.schedule(update);
    frame();
    expect(updates()).toBe(count);
  }
});
