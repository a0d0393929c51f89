import type { EngineControl, Timeline, TimelineRange } from "tickwork/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import type { TimelineLoader } from "../../inspector/store/timeline-loader.ts";
import { openTimeline } from "../../inspector/store/timeline-loader.ts";
import { goToTime, openSpan } from "../../inspector/timeline/open-span.ts";
import { createManualScheduler } from "./fixtures/manual-scheduler.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";
import { timeline, timelineSpan } from "./fixtures/timeline.ts";

const script = scriptRun({ runId: "a", chunks: 20, startsAt: 1_000, asks: true });
let loader: TimelineLoader | undefined;
let stop: () => void = () => undefined;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  loader?.close();
  stop();
  vi.useRealTimers();
});

/** The run is open and shown up to tick 30; `asked` holds what the timeline was asked for. */
async function open(answers: readonly Partial<Timeline>[] = []) {
  const scripted = createScriptedSource({ runs: [{ script, shown: 30 }] });
  const asked: TimelineRange[] = [];
  const source: EngineControl & typeof scripted = Object.assign(scripted, {
    timeline: async (_runId: string, range: TimelineRange) => {
      asked.push(range);
      const { lastSequence } = model.store.getState();
      const given = answers[asked.length - 1] ?? { sequence: lastSequence, lastSequence };
      return timeline(given);
    },
  });
  const scheduler = createManualScheduler();
  const model = createInspectorModel(source, { scheduler, now: () => 5_000 });
  stop = model.start();
  model.navigation.openRun("a");
  await vi.advanceTimersByTimeAsync(0);
  loader = openTimeline(model);
  loader.setWidth(900);
  await vi.advanceTimersByTimeAsync(0);
  const reveal = async (to: number): Promise<void> => {
    source.advance("a", to);
    scheduler.frame();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { asked, model, reveal };
}

test("asks for the whole run, as finely as there are pixels", async () => {
  const { asked, model } = await open();
  expect(asked).toEqual([{ buckets: 300 }]);
  expect(model.store.getState().spans).toMatchObject({ runId: "a" });
});

test("a history that comes in parts is read on at once", async () => {
  const { asked } = await open([
    { sequence: 10, lastSequence: 30 },
    { sequence: 20, lastSequence: 30 },
  ]);
  await vi.advanceTimersByTimeAsync(20);
  expect(asked).toHaveLength(3);
});

test("while the run is followed, new ticks are asked for at most a few times a second", async () => {
  const { asked, reveal } = await open();
  for (let sequence = 31; sequence <= 50; sequence += 1) {
    await reveal(sequence);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(asked.length).toBeGreaterThanOrEqual(2);
  expect(asked.length).toBeLessThanOrEqual(4);
});

test("nothing moves while the past is looked at; going back asks again", async () => {
  const { asked, model, reveal } = await open();
  model.navigation.setPosition(10);
  await reveal(60);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveLength(1);
  model.navigation.setPosition("live");
  await vi.advanceTimersByTimeAsync(100);
  expect(asked).toHaveLength(2);
});

test("a zoom by many small steps asks once, for where it stops", async () => {
  const { asked, model } = await open();
  for (let from = 10; from <= 50; from += 10) model.navigation.setTimeline({ window: { from, to: 100 } });
  await vi.advanceTimersByTimeAsync(100);
  expect(asked.slice(1)).toEqual([{ from: 50, to: 100, buckets: 300 }]);
});

test("the way of the selected work item is asked for with it", async () => {
  const { asked, model } = await open();
  model.navigation.select({ kind: "workItem", workItem: 7 });
  await vi.advanceTimersByTimeAsync(100);
  expect(asked.at(-1)).toEqual({ workItem: 7, buckets: 300 });
});

test("after it is closed nothing is asked", async () => {
  const { asked, model } = await open();
  loader?.close();
  model.navigation.setTimeline({ window: { from: 1, to: 9 } });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(1);
});

const running = (from: number, to: number | null, more = {}) => ({
  ...timelineSpan(from, to, more),
  phase: "running" as const,
  step: "profile",
  slot: 0,
});

test("choosing a span selects its work item and goes to the tick that began it", async () => {
  const { model } = await open();
  openSpan(model, timeline(), running(10, 20, { workItem: 4, begin: 12 }));
  expect(model.store.getState()).toMatchObject({ position: 12, selection: { kind: "workItem", workItem: 4 } });
});

test("what still goes on is selected, and the run followed as before", async () => {
  const { model } = await open();
  openSpan(model, timeline(), running(10, null, { workItem: 4 }));
  expect(model.store.getState()).toMatchObject({ position: "live", selection: { kind: "workItem", workItem: 4 } });
});

test("choosing a block looks closer; one that cannot be told apart selects its step", async () => {
  const { model } = await open();
  openSpan(model, timeline({ end: 1_000 }), running(100, 200, { count: 9 }));
  expect(model.store.getState()).toMatchObject({ position: "live", timeline: { window: { from: 90, to: 210 } } });
  openSpan(model, timeline({ end: 1_000, resolution: 500 }), running(100, 200, { count: 9, begin: 5 }));
  expect(model.store.getState()).toMatchObject({ position: 5, selection: { kind: "step", step: "profile" } });
});

test("going to a moment shows the newest tick of that time", async () => {
  const { model } = await open();
  const { at, sequence } = script.ticks[19]!;
  await goToTime(model, at + 0.5);
  expect(model.store.getState().position).toBe(sequence);
});

test("another run is shown whole again", async () => {
  const { model } = await open();
  model.navigation.setTimeline({ window: { from: 1, to: 9 }, isTable: true });
  model.navigation.openRun(null);
  expect(model.store.getState()).toMatchObject({ timeline: { window: null, isTable: true }, spans: null });
});
