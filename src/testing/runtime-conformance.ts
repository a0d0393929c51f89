/** What every host of an engine must do, as checks for any test runner: in process, in a worker, on a server. */
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { PublishedEvent } from "../engine/event-stream.ts";
import type { Handler } from "../engine/handler.ts";
import { resume } from "../engine/resume-run.ts";
import type { EngineControl } from "../inspection/engine-control.ts";
import type { InspectionBatch, RunView } from "../inspection/inspection-event.ts";
import { assertEqual, assertRejects, assertTrue, readAll, show } from "./assertions.ts";
import { Answer, conformanceWorkflows, RETRY_DELAY } from "./conformance-workflows.ts";
import { expectNoRepeatedWork } from "./history.ts";
import { replayRunFile, ticksOfRunFile } from "./replay-run-file.ts";

/** What `createEngine` and `connect` give. */
export interface ConformanceEngine extends EngineControl {
  attach(runId: string): Promise<Handler>;
  close(): Promise<void>;
}

/** One engine with nothing in its storage, that serves `conformanceWorkflows`. */
export interface RuntimeUnderTest {
  readonly engine: ConformanceEngine;
  /**
   * Ends the engine as a crash would, without telling it, and gives the one to go on with when it answers: a new
   * one on the same storage, or the same when it restarts by itself. Needed if `storage()` says durable.
   */
  crash?(): Promise<ConformanceEngine>;
}

export type OpenRuntime = () => RuntimeUnderTest | Promise<RuntimeUnderTest>;

/** One behaviour. */
export interface RuntimeCheck {
  /** A sentence about what holds. */
  readonly name: string;
  /** Rejects with an Error that says what does not hold. Opens a runtime of its own and closes its engine. */
  readonly run: (open: OpenRuntime) => Promise<void>;
}

/** A check that takes longer hangs. */
const DEADLINE = 30_000;

/**
 * Every behaviour, for any runner:
 *
 *     test.each(runtimeConformance)("$name", ({ run }) => run(() => ({ engine: myEngine(conformanceWorkflows) })));
 */
export const runtimeConformance: readonly RuntimeCheck[] = [
  check("a run takes input of its start kind and gives its stop event's data", async (engine) => {
    const handler = await start(engine, "echo", { text: "hello" });
    assertEqual(await handler.result(), { text: "hello", length: 5 }, "The result");
    assertEqual(await engine.result(handler.runId), { text: "hello", length: 5 }, "The engine's result");
    await until(() => handler.status === "completed", "The handler's status becomes completed");
  }),

  check("a run id may be chosen, and is taken then", async (engine) => {
    assertEqual(await engine.startRun("echo", { text: "" }, { runId: "mine" }), "mine", "The run id");
    await assertRejects(
      () => engine.startRun("echo", { text: "" }, { runId: "mine" }),
      { name: "WorkflowRuntimeError", code: "RUN_EXISTS" },
      "A second run of that id",
    );
    assertEqual(await engine.result("mine"), { text: "", length: 0 }, "The first run's result");
  }),

  check("what cannot begin is refused and leaves no run", async (engine) => {
    const unknown = await assertRejects(
      () => engine.startRun("nope", {}),
      { name: "WorkflowRuntimeError", code: "WORKFLOW_UNKNOWN" },
      "An unknown workflow",
    );
    assertTrue(String(unknown["message"]).includes("echo"), "The refusal names the workflows that are served");
    await assertRejects(
      () => engine.startRun("echo", { text: 5 }),
      { name: "EventValidationError", code: "EVENT_INVALID" },
      "Input that does not fit",
    );
    assertEqual((await engine.listRuns()).runs.length, 0, "Runs in the list");
  }),

  check("an unknown run is refused by every call", async (engine) => {
    const calls: { readonly [name: string]: () => unknown } = {
      attach: () => engine.attach("nope"),
      result: () => engine.result("nope"),
      sendEvent: () => engine.sendEvent("nope", Answer({ who: "", yes: true })),
      cancelRun: () => engine.cancelRun("nope"),
      deleteRun: () => engine.deleteRun("nope"),
      stateAt: () => engine.stateAt("nope"),
      readTicks: () => engine.readTicks("nope", { from: 1, limit: 1 }),
      describeRun: () => engine.describeRun("nope"),
      exportRun: () => engine.exportRun("nope"),
    };
    for (const [name, call] of Object.entries(calls)) {
      await assertRejects(call, { name: "WorkflowRuntimeError", code: "RUN_UNKNOWN" }, `${name} of an unknown run`);
    }
  }),

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

  check("what waits for a person is listed across runs, page by page, until it is answered", async (engine) => {
    const ids = ["c", "a", "b"];
    for (const runId of ids) {
      await engine.startRun("ask", { who: runId, limit: null }, { runId });
      await untilView(engine, runId, ({ waiters }) => waiters.length === 1);
    }
    await engine.startRun("echo", { text: "" });
    const whole = await engine.listWaiters();
    assertEqual(whole.waiters.map(({ runId }) => runId).toSorted(), ["a", "b", "c"], "The runs that wait");
    const first = await engine.listWaiters({ limit: 2 });
    const rest = await engine.listWaiters({ limit: 2, before: first.nextBefore ?? "" });
    assertEqual([...first.waiters, ...rest.waiters], whole.waiters, "Two pages");
    assertEqual(rest.nextBefore, undefined, "The next page after the last");
    const [one] = (await engine.listWaiters({ runId: "a" })).waiters;
    assertEqual(
      [one?.workflow, one?.waiter.type, one?.waiter.requirements, one?.waiter.prompt?.data],
      ["ask", "Answer", { who: "a" }, { who: "a" }],
      "What a wait says of itself",
    );
    assertEqual((await engine.listWaiters({ role: "event" })).waiters, [], "Waits for events of another role");
    const waiter = one?.waiter.waiter ?? 0;
    await assertRejects(
      () => engine.sendEvent("a", Answer({ who: "other", yes: true }), { waiter }),
      { name: "EventValidationError", code: "EVENT_INVALID" },
      "An answer with other values than the wait requires",
    );
    await engine.sendEvent("a", Answer({ who: "a", yes: true }), { waiter });
    await engine.result("a");
    assertEqual((await engine.listWaiters({ runId: "a" })).waiters, [], "What an answered run waits for");
    await assertRejects(
      () => engine.listWaiters({ before: "?" }),
      { code: "CURSOR_INVALID" },
      "A page of another list",
    );
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

  check("a snapshot is plain JSON, and any process can take it up", async (engine) => {
    const handler = await start(engine, "journey", null);
    await untilView(engine, handler.runId, ({ waiters }) => waiters.length === 1);
    const saved = await handler.snapshot();
    assertEqual(JSON.parse(JSON.stringify(saved)), saved, "The snapshot through JSON");
    const elsewhere = resume(conformanceWorkflows.journey, saved);
    await elsewhere.sendEvent(Answer({ who: "", yes: true }));
    assertEqual(await elsewhere.result(), { yes: true, before: 1 }, "Its result elsewhere");
    assertEqual((await engine.stateAt(handler.runId)).waiters.length, 1, "Waiters of the run itself");
  }),

  check(
    "child runs are listed under their parent, answered one by one, and their results are its own",
    async (engine) => {
      const handler = await start(engine, "family", { names: ["Ada", "Bob"] }, "family");
      await untilChildrenWait(engine, "family", 2);
      const children = await handler.childRuns();
      assertEqual(children.map(({ runId }) => runId).toSorted(), ["family/1/Ada", "family/1/Bob"], "The children");
      for (const child of children) {
        const who = child.runId.slice(-3);
        await child.sendEvent(Answer({ who, yes: who === "Ada" }));
      }
      assertEqual(await handler.result(), 1, "The parent's result");
      const { runs } = await engine.listRuns({ parent: "family" });
      assertEqual(
        runs.map(({ status, parent }) => [status, parent?.step]),
        [
          ["completed", "askAll"],
          ["completed", "askAll"],
        ],
        "The children in the list",
      );
      assertEqual((await engine.listRuns({ parent: null })).runs.length, 1, "Runs that are part of no other");
    },
  ),

  check("child runs are cancelled and deleted with their parent", async (engine) => {
    const handler = await start(engine, "family", { names: ["Ada", "Bob"] }, "family");
    await untilChildrenWait(engine, "family", 2);
    await handler.cancelRun();
    await until(async () => {
      const { runs } = await engine.listRuns({ parent: "family" });
      return runs.length === 2 && runs.every(({ status }) => status === "cancelled");
    }, "Both children are cancelled");
    await engine.deleteRun("family");
    assertEqual((await engine.listRuns()).runs.length, 0, "Runs in the list");
  }),

  check("an event that cannot arrive is refused, with what is wrong", async (engine) => {
    const handler = await start(engine, "journey", null);
    const answer = Answer({ who: "", yes: true });
    const send = (event: unknown, step?: string) => () =>
      handler.sendEvent(event as WorkflowEvent, step === undefined ? {} : { step });
    await assertRejects(send(answer, "nope"), { code: "STEP_UNKNOWN" }, "An event for an unknown step");
    await assertRejects(send(answer, "after"), { code: "EVENT_NOT_ACCEPTED" }, "An event for a step that takes others");
    const misfit = { type: "Answer", data: { who: "", yes: "perhaps" } };
    await assertRejects(send(misfit), { name: "EventValidationError" }, "An event that does not fit its schema");
    await assertRejects(send({ type: 5 }), { name: "EventValidationError" }, "Something that is no event");
    await handler.sendEvent(answer);
    await handler.result();
    await assertRejects(
      send(answer),
      { name: "WorkflowRuntimeError", code: "RUN_ENDED" },
      "An event for a run that ended",
    );
  }),

  check("runs are listed newest first, by status and workflow, page by page", async (engine) => {
    const ids = ["r1", "r2", "r3", "r4", "r5"];
    for (const [index, runId] of ids.entries()) {
      const workflow = index % 2 === 0 ? "echo" : "journey";
      await engine.startRun(workflow, workflow === "echo" ? { text: runId } : null, { runId });
      if (workflow === "echo") await engine.result(runId);
      else await untilView(engine, runId, ({ waiters }) => waiters.length === 1);
    }
    const listed: string[] = [];
    let page = await engine.listRuns({ limit: 2 });
    for (;;) {
      listed.push(...page.runs.map(({ runId }) => runId));
      if (page.nextBefore === undefined) break;
      page = await engine.listRuns({ limit: 2, before: page.nextBefore });
    }
    assertEqual(listed, ids.toReversed(), "All runs");
    const find = async (query: Parameters<EngineControl["listRuns"]>[0]) =>
      (await engine.listRuns(query)).runs.map(({ runId }) => runId);
    assertEqual(await find({ workflow: "journey" }), ["r4", "r2"], "Runs of one workflow");
    assertEqual(await find({ status: "completed" }), ["r5", "r3", "r1"], "Completed runs");
    assertEqual(await find({ status: ["idle", "failed"] }), ["r4", "r2"], "Idle or failed runs");
    await assertRejects(() => find({ before: "nonsense" }), { code: "CURSOR_INVALID" }, "A place that is none");
  }),

  check("a deleted run is forgotten, and its id is free", async (engine) => {
    const handler = await start(engine, "journey", null, "gone");
    const result = handler.result().catch(() => "rejected");
    await engine.deleteRun("gone");
    assertEqual(await result, "rejected", "The result of a run deleted on its way");
    await assertRejects(() => engine.attach("gone"), { code: "RUN_UNKNOWN" }, "The deleted run");
    assertEqual((await engine.listRuns()).runs.length, 0, "Runs in the list");
    const again = await start(engine, "echo", { text: "new" }, "gone");
    assertEqual(await again.result(), { text: "new", length: 3 }, "A new run of that id");
    assertEqual((await readAll(again.streamEvents())).length, 1, "Its published events");
  }),

  check("what is served describes itself", async (engine) => {
    const workflows = await engine.describeWorkflows();
    assertEqual(
      workflows.map(({ name }) => name).toSorted(),
      Object.keys(conformanceWorkflows).toSorted(),
      "The workflows",
    );
    const description = workflows.find(({ name }) => name === "echo");
    assertEqual([description?.startEvent, description?.stopEvent], ["Echo", "Echoed"], "Start and stop of echo");
    const runId = await engine.startRun("echo", { text: "" });
    assertEqual((await engine.describeRun(runId)).graph, description?.graph, "The graph of a run");
  }),

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

  check("after it was closed every call is refused", async (engine) => {
    const runId = await engine.startRun("journey", null);
    const handler = await engine.attach(runId);
    const result = handler.result().catch((error: unknown) => (error as Error).name);
    await engine.close();
    assertEqual(await result, "EngineUnavailableError", "A result that was waited for");
    for (const call of [
      () => engine.listRuns(),
      () => engine.startRun("echo", { text: "" }),
      () => engine.attach(runId),
    ]) {
      await assertRejects(call, { name: "EngineUnavailableError" }, "A call after close");
    }
  }),

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

type Body = (engine: ConformanceEngine, runtime: RuntimeUnderTest) => Promise<void>;

function check(name: string, body: Body): RuntimeCheck {
  return {
    name,
    async run(open) {
      const runtime = await open();
      try {
        await withDeadline(body(runtime.engine, runtime));
      } finally {
        await runtime.engine.close();
      }
    },
  };
}

function crashCheck(
  name: string,
  body: (engine: ConformanceEngine, crash: () => Promise<ConformanceEngine>) => Promise<void>,
): RuntimeCheck {
  return {
    name,
    async run(open) {
      const runtime = await open();
      let current = runtime.engine;
      try {
        if (runtime.crash) {
          await withDeadline(body(current, async () => (current = (await runtime.crash?.()) ?? current)));
        } else {
          const { durable } = await current.storage();
          assertTrue(!durable, "This engine says that it is durable: give `crash`, so that it can be checked");
        }
      } finally {
        await current.close();
      }
    },
  };
}

async function withDeadline(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done within ${DEADLINE} ms: something hangs.`)), DEADLINE);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function start(engine: ConformanceEngine, workflow: string, input: unknown, runId?: string): Promise<Handler> {
  return engine.attach(await engine.startRun(workflow, input, runId === undefined ? {} : { runId }));
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; waited < 5_000; waited += 5) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${what}: not within 5 seconds.`);
}

async function untilView(
  engine: ConformanceEngine,
  runId: string,
  condition: (view: RunView) => boolean,
): Promise<RunView> {
  let view = await engine.stateAt(runId);
  await until(async () => condition((view = await engine.stateAt(runId))), `The run gets as far as it should`);
  return view;
}

const heldIn = (steps: RunView["graph"]["steps"]): number =>
  Object.values(steps).reduce((sum, { held = 0 }) => sum + held, 0);

async function untilChildrenWait(engine: ConformanceEngine, runId: string, count: number): Promise<void> {
  await until(async () => {
    const { runs } = await engine.listRuns({ parent: runId, status: "idle" });
    return runs.length === count;
  }, "The children wait");
}

async function untilDurable(engine: ConformanceEngine, { graph }: RunView): Promise<void> {
  await until(async () => (await engine.storage()).lastDurableSequence >= graph.sequence, "The ticks become durable");
}

const bare = (event: PublishedEvent | undefined | void): unknown => event && { type: event.type, data: event.data };

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

/** Events `from` … `count` are notes of that number; the one after them is the last. */
function assertNotes(events: readonly PublishedEvent[], from: number, count: number): void {
  const expected = Array.from({ length: Math.max(0, count + 2 - from) }, (_, index) => {
    const sequence = from + index;
    return sequence <= count ? ["Note", sequence, sequence] : ["StopEvent", count, sequence];
  });
  assertEqual(
    events.map(({ type, data, sequence }) => [type, data, sequence]),
    expected,
    `The stream from event ${from} on`,
  );
}
