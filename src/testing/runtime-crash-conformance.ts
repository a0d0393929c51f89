/** What outlives a host's end. */
import type { PublishedEvent } from "../engine/event-stream.ts";
import { assertEqual, assertRejects, readAll } from "./assertions.ts";
import { Answer, conformanceWorkflows } from "./conformance-workflows.ts";
import { expectNoRepeatedWork } from "./history.ts";
import { replayRunFile, ticksOfRunFile } from "./replay-run-file.ts";
import { assertNotes, crashCheck, type RuntimeCheck, untilDurable, untilView } from "./runtime-check.ts";

export const crashChecks: readonly RuntimeCheck[] = [
  crashCheck("a run that was started is there after a crash and comes to its end", async (engine, crash) => {
    const runId = await engine.startRun("fan", { items: 9, pause: 2 });
    const next = await crash();
    assertEqual(((await next.result(runId)) as { total: number }).total, 204, "The result");
    expectNoRepeatedWork(ticksOfRunFile(await next.exportRun(runId)));
  }),

  crashCheck("a crash neither repeats a finished step nor loses a wait or an answer", async (engine, crash) => {
    const runId = await engine.startRun("journey", null);
    await untilDurable(engine, await untilView(engine, runId, ({ waiters }) => waiters.length === 1));
    let next = await crash();
    const view = await untilView(next, runId, ({ waiters }) => waiters.length === 1);
    assertEqual(view.store, { before: 1 }, "How often the first step ran");
    await next.sendEvent(runId, Answer({ who: "", yes: true }));
    next = await crash();
    assertEqual(await next.result(runId), { yes: true, before: 1 }, "The result");
    const events = await readAll((await next.attach(runId)).streamEvents());
    assertEqual(
      events.map(({ type, sequence }) => [type, sequence]),
      [
        ["Note", 1],
        ["Question", 2],
        ["Note", 3],
        ["StopEvent", 4],
      ],
      "The stream",
    );
    expectNoRepeatedWork(ticksOfRunFile(await next.exportRun(runId)));
  }),

  crashCheck("the published stream has no gap and no duplicate over several crashes", async (engine, crash) => {
    const count = 60;
    let current = engine;
    const runId = await current.startRun("notes", { count, pause: 2 });
    const seen: PublishedEvent[] = [];
    for (const crashAt of [1, 10, 25, 40]) {
      const events = (await current.attach(runId)).streamEvents({ after: seen.length });
      while (seen.length < crashAt) {
        const { value } = await events.next();
        if (!value) break;
        seen.push(value);
      }
      current = await crash();
      await events.return?.();
    }
    seen.push(...(await readAll((await current.attach(runId)).streamEvents({ after: seen.length }))));
    assertNotes(seen, 1, count);
    assertNotes(await readAll((await current.attach(runId)).streamEvents()), 1, count);
    expectNoRepeatedWork(ticksOfRunFile(await current.exportRun(runId)));
    assertEqual(replayRunFile(await current.exportRun(runId), conformanceWorkflows.notes).differences, [], "Replay");
  }),

  crashCheck("delays and limits go on over a crash", async (engine, crash) => {
    const flaky = await engine.startRun("flaky", { failures: 3 });
    const ask = await engine.startRun("ask", { who: "Ada", limit: 30 });
    const next = await crash();
    assertEqual(((await next.result(flaky)) as { attempt: number }).attempt, 3, "The attempt that succeeded");
    assertEqual(((await next.result(ask)) as { gaveUp: string }).gaveUp, "WaiterTimeoutError", "The wait");
  }),

  crashCheck("runs that ended stay as they ended", async (engine, crash) => {
    const [good, bad, cancelled] = [
      await engine.startRun("echo", { text: "a" }),
      await engine.startRun("broken", { how: "error" }),
      await engine.startRun("endless", null),
    ];
    await engine.result(good);
    await engine.result(bad).catch(() => undefined);
    await engine.cancelRun(cancelled, "enough");
    const next = await crash();
    assertEqual(await next.result(good), { text: "a", length: 1 }, "The result");
    await assertRejects(() => next.result(bad), { name: "TypeError", message: "not a number" }, "The failure");
    await assertRejects(() => next.result(cancelled), { name: "WorkflowCancelledByUser" }, "The cancelled run");
    const { runs } = await next.listRuns();
    assertEqual(
      Object.fromEntries(runs.map(({ runId, status }) => [runId, status])),
      { [good]: "completed", [bad]: "failed", [cancelled]: "cancelled" },
      "The list",
    );
  }),
];
