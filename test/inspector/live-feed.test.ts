import type { InspectionBatch, RunSummary } from "tickwork/client";
import { expect, test } from "vitest";
import { MAX_TICKS_PER_FRAME, mergeBatches, openLiveFeed } from "../../inspector/source/live-feed.ts";
import type { News } from "../../inspector/source/live-feed.ts";
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
