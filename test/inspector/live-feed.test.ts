import type { InspectionBatch, RunSummary } from "tickwork/client";
import { expect, test } from "vitest";
import { MAX_TICKS_PER_FRAME, mergeBatches, openLiveFeed } from "../../inspector/source/live-feed.ts";
import type { Arrival, News } from "../../inspector/source/live-feed.ts";
import { createManualScheduler } from "./fixtures/manual-scheduler.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";
import { ticks } from "./fixtures/tick.ts";

const script = scriptRun({ runId: "a", chunks: 20, startsAt: 0 });

test("batches of one frame arrive as one piece of news", () => {
  const source = createScriptedSource({ runs: [{ script, shown: 1 }] });
  const scheduler = createManualScheduler();
  const heard: News[] = [];
  const close = openLiveFeed(source, "a", scheduler, (news) => heard.push(news));
  for (const sequence of [2, 3, 4]) source.advance("a", sequence);
  expect(heard).toEqual([]);
  scheduler.frame();
  expect(heard).toHaveLength(1);
  expect(heard[0]?.run?.graph.sequence).toBe(4);
  expect(heard[0]?.run?.ticks.map((each) => each.sequence)).toEqual([2, 3, 4]);
  close();
  source.advance("a", 5);
  scheduler.frame();
  expect(heard).toHaveLength(1);
});

test("how news came is told with it: batches made one, ticks left out, batches that never came", () => {
  const source = createScriptedSource({ runs: [] });
  const scheduler = createManualScheduler();
  const heard: Arrival[] = [];
  let send: (batch: InspectionBatch) => void = () => undefined;
  const close = openLiveFeed(
    { ...source, inspect: (_runId, listener) => ((send = listener), () => undefined) },
    "a",
    scheduler,
    (_news, arrival) => heard.push(arrival),
  );
  const graph = script.views[1]?.graph;
  if (graph === undefined) throw new Error("no state");
  const batch = (number: number, count: number, skipped: number): InspectionBatch => ({
    number,
    runs: [],
    deletedRuns: [],
    run: { runId: "a", graph, ticks: ticks(1, count), skipped },
  });
  send(batch(1, 10, 5));
  send(batch(2, MAX_TICKS_PER_FRAME, 0));
  scheduler.frame();
  send(batch(5, 1, 0));
  scheduler.frame();
  // The engine was started anew, and counts anew.
  send(batch(1, 1, 0));
  scheduler.frame();
  expect(heard).toEqual([
    { batches: 2, lost: 0, skippedTicks: 15 },
    { batches: 1, lost: 2, skippedTicks: 0 },
    { batches: 1, lost: 0, skippedTicks: 0 },
  ]);
  close();
});

test("a backlog of a hidden page stays bounded", () => {
  const graph = script.views[1]?.graph;
  if (graph === undefined) throw new Error("no state");
  const batches = Array.from({ length: 100 }, (_, index): InspectionBatch => ({
    number: index + 1,
    runs: [],
    deletedRuns: [],
    run: { runId: "a", graph, ticks: ticks(index * 100 + 1, index * 100 + 100), skipped: 0 },
  }));
  const news = mergeBatches(batches);
  expect(news.run?.ticks).toHaveLength(MAX_TICKS_PER_FRAME);
  expect(news.run?.ticks.at(-1)?.sequence).toBe(10_000);
});

test("a run deleted and made again in one frame is there", () => {
  const run = { runId: "a" } as RunSummary;
  const news = mergeBatches([
    { number: 1, runs: [run], deletedRuns: [] },
    { number: 2, runs: [], deletedRuns: ["a"] },
    { number: 3, runs: [run], deletedRuns: [] },
  ]);
  expect(news).toEqual({ runs: [run], deletedRuns: [] });
});
