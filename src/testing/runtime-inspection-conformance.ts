/** What a host tells of the past and the presence of its runs, and what it holds when asked to. */
import type { InspectionBatch, RunView } from "../inspection/inspection-event.ts";
import { assertEqual, assertRejects, assertTrue } from "./assertions.ts";
import { Answer, conformanceWorkflows } from "./conformance-workflows.ts";
import { replayRunFile } from "./replay-run-file.ts";
import { check, type RuntimeCheck, start, until, untilView } from "./runtime-check.ts";

export const inspectionChecks: readonly RuntimeCheck[] = [
  check("a run's past can be looked at, tick by tick", async (engine) => {
    const handler = await start(engine, "notes", { count: 30, pause: 0 });
    await handler.result();
    const { ticks, lastSequence } = await engine.readTicks(handler.runId, { from: 1, limit: 1000 });
    assertEqual(
      ticks.map(({ sequence }) => sequence),
      Array.from({ length: lastSequence }, (_, index) => index + 1),
      "The ticks",
    );
    const detail = await engine.readTick(handler.runId, 1);
    assertEqual([detail.summary.kind, detail.tick["kind"]], ["StartRun", "StartRun"], "The first tick");
    for (const sequence of [1, Math.floor(lastSequence / 2), lastSequence]) {
      assertEqual((await engine.stateAt(handler.runId, sequence)).graph.sequence, sequence, "The sequence of a state");
    }
    assertEqual((await engine.stateAt(handler.runId, lastSequence)).graph.status, "completed", "The last status");
    await assertRejects(
      () => engine.readTick(handler.runId, lastSequence + 1),
      { code: "TICK_UNKNOWN" },
      "A tick that is not there",
    );
    assertTrue((await engine.depthOverTime(handler.runId, 10)).length > 0, "There is a depth series");
    const timeline = await engine.timeline(handler.runId, { buckets: 100, workItem: 1 });
    assertEqual([timeline.sequence, timeline.isLive], [lastSequence, false], "How far the timeline goes");
    const outcomes = timeline.trail.map(({ phase, outcome }) => `${phase} ${outcome}`);
    assertEqual(outcomes, ["running returned"], "The way of the first work item");
    const first = ticks.flatMap(({ sequence, started }) => started.map(({ step }) => ({ step, sequence })))[0];
    assertTrue(first !== undefined, "Something was started");
    const logs = await engine.runningLogs(handler.runId, { step: "none" });
    assertEqual([logs.sequence, logs.attempts], [lastSequence, []], "What is logged by what is under way");
    const lanes = await engine.readWorkItems(handler.runId, { ...first, from: 0, limit: 1 });
    assertEqual([lanes.sequence, lanes.total > 0, lanes.items.length], [first.sequence, true, 1], "Its work items");
    const newest = await engine.edgeTraffic(handler.runId);
    assertEqual(newest.sequence, lastSequence, "The sequence of the traffic");
    const { edges } = await engine.edgeTraffic(handler.runId, 1);
    assertEqual(
      Object.values(edges).map(({ count, last }) => [count, last]),
      Object.keys(edges).map(() => [1, 1]),
      "What passed with the first tick",
    );
    assertTrue(
      Object.keys(edges).length > 1 && Object.keys(newest.edges).length > 2,
      "The edges that something passed",
    );
  }),

  check(
    "two moments of a run can be compared, and a tick left out in a sandbox that touches nothing",
    async (engine) => {
      const handler = await start(engine, "notes", { count: 5, pause: 0 });
      const { runId } = handler;
      await handler.result();
      const { ticks, lastSequence } = await engine.readTicks(runId, { from: 1, limit: 1000 });
      const whole = await engine.stateDifference(runId, { from: 1, to: lastSequence });
      assertEqual([whole.from.sequence, whole.to.sequence], [1, lastSequence], "The moments compared");
      assertEqual([whole.from.status, whole.to.status], ["running", "completed"], "Their status");
      const same = await engine.stateDifference(runId, { from: 2, to: 2 });
      assertEqual([same.storeCount, same.steps, same.workItemCount], [0, [], 0], "A moment and itself");

      const kept = await engine.exportRun(runId);
      const last = ticks.findLast(({ kind }) => kind === "StepResult")?.sequence ?? 0;
      const skipped = await engine.whatIf(runId, { atSequence: last, change: { kind: "skip" } });
      assertEqual(
        [skipped.view.graph.status, skipped.openWorkCount, skipped.difference.to.status],
        ["running", 1, "running"],
        "Without its last result the run goes on",
      );
      const earlier = await engine.whatIf(runId, { atSequence: last, change: { kind: "skip" }, viewAt: last });
      assertEqual(
        [earlier.view.graph.sequence, earlier.lastSequence],
        [last, lastSequence],
        "The sandbox seen earlier",
      );
      const { tick } = await engine.readTick(runId, last);
      const again = await engine.whatIf(runId, { atSequence: last, change: { kind: "replace", tick } });
      assertEqual([again.view.graph.status, again.difference.workItemCount], ["completed", 0], "The same tick again");
      await assertRejects(
        () => engine.whatIf(runId, { atSequence: last, change: { kind: "replace", tick: { kind: "Nonsense" } } }),
        { code: "WHAT_IF_INVALID" },
        "What is no tick",
      );
      assertEqual(await engine.exportRun(runId), kept, "The run afterwards");
    },
  ),

  check(
    "a run that is held begins nothing until it may, one by one or all at once, and ends as any other",
    async (engine) => {
      if (!engine.debugRun) return;
      const runId = await engine.startRun("journey", null);
      await untilView(engine, runId, ({ graph }) => graph.status === "idle");
      await engine.debugRun(runId, { kind: "pause" });
      await engine.sendEvent(runId, Answer({ who: "", yes: true }));
      const { graph, workItems } = await untilView(engine, runId, ({ graph: { steps } }) => heldIn(steps) > 0);
      assertEqual(graph.status, "running", "The status of a run that is held");
      assertEqual(workItems.filter(({ isHeld }) => isHeld).length, heldIn(graph.steps), "The work items that are held");
      const { held } = (await engine.listRuns()).runs[0] ?? {};
      assertEqual([held?.isPaused, held?.steps.length], [true, 1], "What the list says of it");
      await engine.debugRun(runId, { kind: "step" });
      await until(async () => (await engine.stateAt(runId)).graph.sequence > graph.sequence, "One step is made");
      await engine.debugRun(runId, { kind: "resume" });
      await engine.result(runId);
      assertEqual((await engine.listRuns()).runs[0]?.held, undefined, "What holds it after its end");
      await assertRejects(
        async () => engine.debugRun?.(runId, { kind: "pause" }),
        { code: "RUN_ENDED" },
        "A hold after the end",
      );
      const report = replayRunFile(await engine.exportRun(runId), conformanceWorkflows.journey);
      assertEqual(report.differences, [], "Differences when it is folded again");
    },
  ),

  check("runs are compared by what they did", async (engine) => {
    const [first, same, other] = [
      await start(engine, "keep", { name: "a" }),
      await start(engine, "keep", { name: "a" }),
      await start(engine, "keep", { name: "b" }),
    ];
    for (const handler of [first, same, other]) await handler.result();
    const alike = await engine.compareRuns(first.runId, same.runId);
    assertEqual(
      [alike.parting, alike.different, alike.onlyA, alike.onlyB],
      [null, 0, 0, 0],
      "What two equal runs differ in",
    );
    assertTrue(alike.alike > 1, "Their ticks are alike");
    const { parting } = await engine.compareRuns(first.runId, other.runId);
    assertEqual(
      [parting?.reason, parting?.a?.sequence, parting?.b?.sequence],
      ["content", 1, 1],
      "Where two runs part",
    );
    assertEqual(
      parting?.differences.map(({ path }) => path.at(-1)),
      ["name"],
      "What the difference is",
    );
    await assertRejects(
      () => engine.compareRuns(first.runId, "nobody"),
      { code: "RUN_UNKNOWN" },
      "A run that is not there",
    );
  }),

  check("an exported run folds to what it was", async (engine) => {
    const handler = await start(engine, "keep", { date: new Date(5), big: 1n });
    await handler.result();
    const file = await engine.exportRun(handler.runId);
    const text = JSON.stringify(file);
    assertEqual(JSON.stringify(JSON.parse(text)), text, "The file through JSON");
    const report = replayRunFile(JSON.parse(text), conformanceWorkflows.keep);
    assertEqual(report.differences, [], "Differences");
    assertTrue(report.ticks > 2, "The file holds the ticks");
  }),

  check("news of a run comes while it goes on, the newest at the end, until one leaves", async (engine) => {
    const batches: InspectionBatch[] = [];
    const runId = await engine.startRun("journey", null);
    const stop = engine.inspect(runId, (batch) => batches.push(batch));
    await until(() => batches.length > 0, "News come");
    await engine.sendEvent(runId, Answer({ who: "", yes: true }));
    await engine.result(runId);
    await until(() => batches.at(-1)?.run?.graph.status === "completed", "The news say that the run completed");
    const sequences = batches.flatMap(({ run }) => run?.graph.sequence ?? []);
    assertEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
      "The sequences of the news",
    );
    stop();
  }),
];

const heldIn = (steps: RunView["graph"]["steps"]): number =>
  Object.values(steps).reduce((sum, { held = 0 }) => sum + held, 0);
