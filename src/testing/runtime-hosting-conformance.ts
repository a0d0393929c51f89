/** What a host does with its runs: names, lists, families, refusals, their end. */
import type { WorkflowEvent } from "../core/event-ref.ts";
import { resume } from "../engine/resume-run.ts";
import type { EngineControl } from "../inspection/engine-control.ts";
import { assertEqual, assertRejects, assertTrue, readAll } from "./assertions.ts";
import { Answer, conformanceWorkflows } from "./conformance-workflows.ts";
import { check, type ConformanceEngine, type RuntimeCheck, start, until, untilView } from "./runtime-check.ts";

export const hostingChecks: readonly RuntimeCheck[] = [
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
];

async function untilChildrenWait(engine: ConformanceEngine, runId: string, count: number): Promise<void> {
  await until(async () => {
    const { runs } = await engine.listRuns({ parent: runId, status: "idle" });
    return runs.length === count;
  }, "The children wait");
}
