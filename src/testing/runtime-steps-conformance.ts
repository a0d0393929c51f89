/** What steps do, and what comes of a run, wherever it is hosted. */
import type { Handler } from "../engine/handler.ts";
import { assertEqual, assertRejects, assertTrue, readAll, show } from "./assertions.ts";
import { Answer, RETRY_DELAY } from "./conformance-workflows.ts";
import {
  assertNotes,
  bare,
  check,
  type ConformanceEngine,
  type RuntimeCheck,
  start,
  until,
  untilView,
} from "./runtime-check.ts";

export const stepChecks: readonly RuntimeCheck[] = [
  check("data that JSON cannot hold passes through events, store, stream and result", async (engine) => {
    const data = {
      date: new Date(5),
      map: new Map<unknown, unknown>([["a", new Set([1n, "b"])]]),
      bytes: Uint8Array.of(0, 127, 255),
      big: 2n ** 70n,
      tag: { $tickwork: "Date", value: 1 },
      text: "\u0000 \u2028 😀",
      empty: [{}, [], "", null],
    };
    const handler = await start(engine, "keep", data);
    assertEqual(await handler.result(), { sent: data, stored: data }, "The result");
    const [note] = await readAll(handler.streamEvents());
    assertEqual(note?.data, data, "The published data");
  }),

  check("fan-out runs side by side, at most numWorkers, and fan-in gets everything", async (engine) => {
    const handler = await start(engine, "fan", { items: 12, pause: 5 });
    assertEqual(await handler.result(), { total: 506, peak: 3 }, "Sum of the squares, and most at once");
  }),

  check("collected sets come whole, in the order asked for", async (engine) => {
    const handler = await start(engine, "gather", null);
    assertEqual(
      await handler.result(),
      [
        [3, 1, 2],
        [5, 4, 6],
      ],
      "The two sets",
    );
  }),

  check("a step that waits asks once, and only the answer it asked for lets it go on", async (engine) => {
    const handler = await start(engine, "ask", { who: "Ada", limit: null });
    const events = handler.streamEvents();
    assertEqual(bare((await events.next()).value), { type: "Question", data: { who: "Ada" } }, "The question");
    await until(() => handler.status === "idle", "The run becomes idle");
    await handler.sendEvent(Answer({ who: "Bob", yes: false }));
    const view = await engine.stateAt(handler.runId);
    assertEqual(
      view.waiters.map(({ step, type, requirements }) => [step, type, requirements]),
      [["ask", "Answer", { who: "Ada" }]],
      "Who still waits",
    );
    await handler.sendEvent(Answer({ who: "Ada", yes: true }));
    assertEqual(await handler.result(), { yes: true, calls: 2 }, "The result");
    assertEqual((await readAll(events)).map(bare), [{ type: "StopEvent", data: { yes: true, calls: 2 } }], "The rest");
  }),

  check("an answer may be meant for one waiter, once", async (engine) => {
    const { runId } = await start(engine, "ask", { who: "Ada", limit: null });
    const [waiter] = (await untilView(engine, runId, ({ waiters }) => waiters.length === 1)).waiters;
    const answer = (id: number) => engine.sendEvent(runId, Answer({ who: "Ada", yes: true }), { waiter: id });
    await assertRejects(() => answer(99), { code: "WAITER_GONE" }, "An answer for nobody");
    await answer(waiter?.waiter ?? 0);
    assertEqual(await engine.result(runId), { yes: true, calls: 2 }, "The result");
  }),

  check("a wait that runs out of time throws in the step", async (engine) => {
    const handler = await start(engine, "ask", { who: "Ada", limit: 20 });
    assertEqual(await handler.result(), { gaveUp: "WaiterTimeoutError", calls: 2 }, "The result");
  }),

  check("an event that comes early is kept for the wait", async (engine) => {
    const handler = await start(engine, "hesitant", null);
    await handler.sendEvent(Answer({ who: "early", yes: true }));
    assertEqual(await handler.result(), { who: "early", yes: true }, "The result");
  }),

  check("a failed step is tried again after its delay, and what it streamed is not seen", async (engine) => {
    const handler = await start(engine, "flaky", { failures: 2 });
    const { attempt, elapsed, lastError } = (await handler.result()) as Record<string, unknown>;
    assertEqual([attempt, lastError], [2, "attempt 1"], "Attempt and last error");
    assertTrue(Number(elapsed) >= 2 * RETRY_DELAY, `Two delays of ${RETRY_DELAY} ms passed, not ${show(elapsed)} ms`);
    assertEqual((await readAll(handler.streamEvents())).length, 1, "Published events");
  }),

  check("a step that fails for good fails the run with its last error", async (engine) => {
    const handler = await start(engine, "flaky", { failures: 9 });
    await assertRejects(() => handler.result(), { name: "RangeError", message: "attempt 3" }, "The result");
    const events = await readAll(handler.streamEvents());
    assertEqual(
      events.map(({ type }) => type),
      ["WorkflowFailedEvent"],
      "The stream",
    );
    assertEqual((events[0]?.data as { step?: unknown } | undefined)?.step, "try", "The step that failed");
    await until(() => handler.status === "failed", "The status becomes failed");
  }),

  check("an error keeps class, message, code, fields and cause", async (engine) => {
    const handler = await start(engine, "broken", { how: "error" });
    const error = await assertRejects(
      () => handler.result(),
      { name: "TypeError", message: "not a number", code: "E_TYPE" },
      "The result",
    );
    assertTrue((error as unknown) instanceof TypeError, "The error is a TypeError");
    assertEqual(error["detail"], { field: "age" }, "Its own field");
    assertEqual((error["cause"] as Error | undefined)?.message, "deep", "Its cause");
    const thrown = await (await start(engine, "broken", { how: "text" })).result().catch((reason: unknown) => reason);
    assertEqual(thrown, "just text", "A text that was thrown");
  }),

  check("an undeclared output fails the run and names step and event", async (engine) => {
    const handler = await start(engine, "broken", { how: "undeclared" });
    const error = await assertRejects(
      () => handler.result(),
      { name: "WorkflowRuntimeError", code: "OUTPUT_UNDECLARED" },
      "The result",
    );
    assertEqual(error["data"], { step: "break", event: "Note" }, "What the error names");
  }),

  check("a run that takes too long ends, names what it was doing, and its steps are told", async (engine) => {
    const handler = await start(engine, "limited", null);
    const error = await assertRejects(() => handler.result(), { name: "WorkflowTimeoutError" }, "The result");
    assertEqual((error["data"] as { activeSteps?: unknown }).activeSteps, ["work"], "The active steps");
    await assertEnd(engine, handler, "WorkflowTimedOutEvent", "timedOut");
  }),

  check("a cancelled run ends with the reason, and its steps are told", async (engine) => {
    const handler = await start(engine, "endless", null);
    await untilView(engine, handler.runId, ({ graph }) => graph.busy === 1);
    await handler.cancelRun("changed my mind");
    await assertRejects(() => handler.result(), { name: "WorkflowCancelledByUser" }, "The result");
    await assertEnd(engine, handler, "WorkflowCancelledEvent", "cancelled");
    const [last] = await readAll(handler.streamEvents());
    assertEqual(last?.data, { reason: "changed my mind" }, "The reason");
    await handler.cancelRun("again");
  }),

  check("every reader sees every event in order, from where it asks", async (engine) => {
    const handler = await start(engine, "notes", { count: 100, pause: 0 });
    const early = handler.streamEvents();
    const first = (await early.next()).value;
    assertEqual(first && [first.type, first.data, first.sequence], ["Note", 1, 1], "The first event");
    const others = [0, 1, 50, 100, 101].map(async (after) => {
      assertNotes(await readAll(handler.streamEvents({ after })), after + 1, 100);
    });
    // One that leaves disturbs nobody.
    const leaving = handler.streamEvents();
    await leaving.next();
    await leaving.return?.();
    assertNotes(await readAll(early), 2, 100);
    await Promise.all(others);
    assertNotes(await readAll((await engine.attach(handler.runId)).streamEvents()), 1, 100);
  }),

  check("internal events come when asked for, and count for nothing", async (engine) => {
    const handler = await start(engine, "notes", { count: 20, pause: 1 });
    const events = await readAll(handler.streamEvents({ exposeInternal: true }));
    assertTrue(
      events.some(({ internal }) => internal === true),
      "There are internal events",
    );
    assertNotes(
      events.filter(({ internal }) => internal !== true),
      1,
      20,
    );
  }),

  check("the store has defaults, paths, and edits that are rolled back", async (engine) => {
    const handler = await start(engine, "ledger", null);
    assertEqual(
      await handler.result(),
      { byDefault: 7, nested: 2, thrown: "rolled back", afterThrow: 7, edited: 8, missing: -1 },
      "What the step saw",
    );
    assertEqual(
      (await engine.stateAt(handler.runId)).store,
      { count: 8, deep: { a: { b: [1, { c: 2 }] } } },
      "The store as seen from outside",
    );
  }),
];

async function assertEnd(engine: ConformanceEngine, handler: Handler, type: string, status: string): Promise<void> {
  const events = await readAll(handler.streamEvents());
  assertEqual(
    events.map((event) => [event.type, event.sequence]),
    [[type, 1]],
    "The stream",
  );
  await until(() => handler.status === status, `The status becomes ${status}`);
  assertEqual(await (await start(engine, "wasAborted", handler.runId)).result(), true, "The step was told to stop");
}
