import {
  allOf,
  buildExecutionGraph,
  constantDelay,
  defineEvent,
  defineWorkflow,
  initialState,
  listOf,
  replay,
  StartEvent,
  StopEvent,
  toMermaid,
  type ExecutionGraph,
  type Workflow,
} from "tickwork";
import { createEngine, executionOfRunFile, MemoryJournal, runToEnd, settle, ticksOfRunFile } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { graphStatus } from "../../src/graph/graph-status.ts";
import { compile } from "../../src/workflow/compile.ts";
import { Fold, noRetry, program, wait } from "../core/fold.ts";
import { Answer, Question, throughJson } from "../engine/fixtures.ts";

const A = defineEvent<"A">("A");
const B = defineEvent<"B">("B");
const C = defineEvent("C");
const D = defineEvent("D");

const drawn = async (workflow: Workflow, input: unknown = null) =>
  buildExecutionGraph(workflow, (await runToEnd(workflow, input, { journal: new MemoryJournal() })).ticks);
/** "from TYPE to" by the names of the nodes. */
const arrows = ({ nodes, edges }: ExecutionGraph) => {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return edges.map(
    ({ source, target, label, events }) =>
      `${names.get(source)} -${label}${events.length > 1 ? `×${events.length}` : ""}> ${names.get(target)}`,
  );
};
const states = ({ nodes }: ExecutionGraph) =>
  Object.fromEntries(nodes.flatMap((node) => (node.kind === "workItem" ? [[node.name, node.state]] : [])));

describe("what led to a work item (63, C-39)", () => {
  test("is the work item whose event it is, not whose slot it got", async () => {
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2, 3].forEach((n) => ctx.sendEvent(A(n))))
      .step("work", { accepts: A, emits: B, numWorkers: 1 }, ({ data }) => B(data))
      .step("end", { accepts: B, emits: StopEvent }, (event, ctx) =>
        ctx.collectEvents(event, [B, B, B]) ? StopEvent() : undefined,
      );
    const graph = await drawn(workflow);
    // The set was full with the third B; the other two are part of it.
    expect(arrows(graph).toSorted()).toEqual([
      "Outside -StartEvent> split #1",
      "end #7 -StopEvent> StopEvent",
      "split #1 -A> work #2",
      "split #1 -A> work #3",
      "split #1 -A> work #4",
      "work #2 -B> end #5",
      "work #2 -B> end #7",
      "work #3 -B> end #6",
      "work #3 -B> end #7",
      "work #4 -B> end #7",
    ]);
  });

  test("are all inputs of a join, and all members of a list", async () => {
    const workflow = defineWorkflow("w")
      .step("begin", { accepts: StartEvent, emits: [A, B] }, (_event, ctx) => {
        ctx.sendEvent(A());
        ctx.sendEvent(B());
      })
      .step("both", { accepts: allOf(A, B), emits: listOf(C) }, () => [C(1), C(2)])
      .step("work", { accepts: C, emits: D }, () => D())
      .step("gather", { accepts: listOf(D), emits: StopEvent }, () => StopEvent());
    expect(arrows(await drawn(workflow))).toEqual([
      "Outside -StartEvent> begin #1",
      "begin #1 -A> both #2",
      "begin #1 -B> both #2",
      "both #2 -C> work #3",
      "both #2 -C> work #4",
      "work #3 -D> gather #5",
      "work #4 -D> gather #5",
      "gather #5 -StopEvent> StopEvent",
    ]);
  });

  test("of an empty list is what returned it", async () => {
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: listOf(A) }, () => [])
      .step("join", { accepts: listOf(A), emits: StopEvent }, () => StopEvent());
    expect(arrows(await drawn(workflow))).toContain("split #1 -A[]> join #2");
  });

  test("is the step that failed, for its error handler", async () => {
    const workflow = defineWorkflow("w")
      .step("try", { accepts: StartEvent, emits: StopEvent }, () => Promise.reject(new Error("no")))
      .catchError("rescue", { emits: StopEvent }, () => StopEvent("rescued"));
    const graph = await drawn(workflow);
    expect(arrows(graph)).toEqual([
      "Outside -StartEvent> try #1",
      "try #1 -StepFailedEvent> rescue #2",
      "rescue #2 -StopEvent> StopEvent",
    ]);
    expect(states(graph)).toEqual({ "try #1": "failed", "rescue #2": "done" });
  });
});

describe("a work item", () => {
  test("tells its attempts, and how long it took from the first to the end", async () => {
    let failures = 0;
    const workflow = defineWorkflow("w").step(
      "flaky",
      { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ maximumAttempts: 3, delay: 500 }) },
      () => {
        if (failures++ < 2) throw new Error("again");
        return StopEvent();
      },
    );
    const { nodes } = await drawn(workflow);
    const item = nodes.find(({ kind }) => kind === "workItem");
    expect(item).toMatchObject({ id: "item:1", step: "flaky", workItem: 1, state: "done", attempts: 3 });
    expect(item).toMatchObject({ endedAt: (item as { startedAt: number }).startedAt + 1000 });
  });

  test("stands where it is after the last tick given", () => {
    const fold = new Fold(program({ a: ["Start", 2], b: "X" })).start(1);
    fold.returned("a", "X", "X").send("Start", 2).waits("a", wait("Answer")).send("Start", 3);
    const at = (sequence: number) => states(buildExecutionGraph(fold.state.program, fold.ticks.slice(0, sequence)));
    expect(at(1)).toEqual({ "a #1": "running" });
    expect(at(2)).toEqual({ "a #1": "done", "b #2": "running", "b #3": "queued" });
    expect(at(5)).toMatchObject({ "a #4": "waiting", "a #5": "running" });
    fold.cancel();
    expect(at(6)).toEqual({
      "a #1": "done",
      "b #2": "interrupted",
      "b #3": "queued",
      "a #4": "interrupted",
      "a #5": "interrupted",
    });
  });

  test("that failed the run, was resumed and done, is done, and the end before is gone", () => {
    const fold = new Fold(program({ a: "Start" })).start().failed("a", noRetry);
    const { nodes, edges } = buildExecutionGraph(fold.state.program, fold.ticks);
    expect(nodes.at(-1)).toEqual({ id: "end", kind: "end", name: "failed", status: "failed" });
    expect(edges.at(-1)).toMatchObject({ source: "item:1", target: "end", label: "fails" });
    fold.resume();
    const resumed = buildExecutionGraph(fold.state.program, fold.ticks);
    expect(resumed.nodes.map(({ id }) => id)).toEqual(["external", "item:1"]);
    fold.returned("a");
    expect(states(buildExecutionGraph(fold.state.program, fold.ticks))).toEqual({ "a #1": "done" });
  });

  test("is not changed by a result that came too late", () => {
    const fold = new Fold(program({ a: "Start" })).start();
    const id = fold.running("a");
    fold.cancel().returned(id);
    expect(states(buildExecutionGraph(fold.state.program, fold.ticks))).toEqual({ "a #1": "interrupted" });
  });
});

describe("of a run file (63, C-39)", () => {
  const workflow = defineWorkflow("asks", { timeout: null })
    .step("split", { accepts: StartEvent, emits: listOf(A) }, () => [A(1), A(2), A(3)])
    .step("ask", { accepts: A, emits: B, waitsFor: Answer, numWorkers: 2 }, async (event, ctx) => {
      if (event.data !== 2) return B(event.data);
      const { data } = await ctx.waitForEvent(Answer, { waiterEvent: Question("?") });
      return B(data);
    })
    .step("join", { accepts: listOf(B), emits: StopEvent }, (members) => StopEvent(members.length));

  const exported = async () => {
    const engine = await createEngine({ asks: workflow }, { journal: new MemoryJournal() });
    const runId = await engine.startRun("asks", null, { runId: "r-1" });
    await settle();
    await engine.sendEvent(runId, Answer("!"));
    await engine.result(runId);
    const file = throughJson(await engine.exportRun(runId));
    await engine.close();
    return file;
  };

  test("the questions go out, the answer comes in, and all else is joined by what was sent", async () => {
    const graph = executionOfRunFile(await exported());
    expect(graph).toMatchObject({ runId: "r-1", workflow: "asks", status: "completed" });
    expect(arrows(graph).toSorted()).toEqual([
      "Outside -Answer> ask #3",
      "Outside -StartEvent> split #1",
      "ask #2 -B> join #5",
      "ask #3 -B> join #5",
      "ask #3 -Question> Outside",
      "ask #4 -B> join #5",
      "join #5 -StopEvent> StopEvent",
      "split #1 -A> ask #2",
      "split #1 -A> ask #3",
      "split #1 -A> ask #4",
    ]);
  });

  test("nodes and events are known by ids: it survives JSON, and is the same from the workflow's code", async () => {
    const file = await exported();
    const graph = executionOfRunFile(file);
    expect(throughJson(graph)).toEqual(graph);
    expect(buildExecutionGraph(workflow, ticksOfRunFile(file))).toEqual(graph);
    const ids = new Set(graph.nodes.map(({ id }) => id));
    expect(graph.edges.every(({ source, target }) => ids.has(source) && ids.has(target))).toBe(true);
    expect(new Set(graph.edges.map(({ id }) => id)).size).toBe(graph.edges.length);
    expect(graph.edges.every(({ events }) => events.every((id) => /^\d+\.-?\d+$/.test(id)))).toBe(true);
  });

  test("as Mermaid it is a line for each node and edge, with names that are safe", async () => {
    const graph = executionOfRunFile(await exported());
    const text = toMermaid(graph);
    expect(text.match(/-->/g)?.length).toBe(graph.edges.length);
    expect(text.match(/:::/g)?.length).toBe(graph.nodes.length);
    expect(text).toContain('["ask #35;3"]:::done');
    expect(text).toContain('-->|"Answer"|');
    const odd = await drawn(
      defineWorkflow("w").step("a/b [c]", { accepts: StartEvent, emits: StopEvent }, () => StopEvent()),
    );
    expect(toMermaid(odd)).toMatch(/^ {2}n1\["a\/b \[c\] #35;1"\]:::done$/m);
  });
});

test("several events of one type between two nodes are one arrow", async () => {
  const workflow = defineWorkflow("w")
    .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2].forEach((n) => ctx.sendEvent(A(n))))
    .step("pair", { accepts: allOf(A, A), emits: StopEvent }, () => StopEvent());
  const graph = await drawn(workflow);
  expect(arrows(graph)).toContain("split #1 -A×2> pair #2");
  expect(toMermaid(graph)).toContain('-->|"A ×2"|');
});

test("a history with a gap is refused", () => {
  const fold = new Fold(program({ a: "Start" })).start().send("Start");
  expect(() => buildExecutionGraph(fold.state.program, fold.ticks.slice(1))).toThrow(
    expect.objectContaining({ code: "HISTORY_GAP" }) as Error,
  );
});

test("agrees with the folded state on what is busy and queued, at every tick", async () => {
  const workflow = defineWorkflow("w")
    .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2, 3, 4].forEach((n) => ctx.sendEvent(A(n))))
    .step("work", { accepts: A, emits: B, numWorkers: 2 }, ({ data }) => B(data))
    .step("end", { accepts: B, emits: StopEvent, numWorkers: 1 }, ({ data }) => (data === 4 ? StopEvent() : undefined));
  const { ticks } = await runToEnd(workflow, null, { journal: new MemoryJournal() });
  let mostQueued = 0;
  for (let count = 1; count < ticks.length; count++) {
    const graph = buildExecutionGraph(workflow, ticks.slice(0, count));
    const of = (state: string) => Object.values(states(graph)).filter((known) => known === state).length;
    const { busy, queued } = graphStatus(replay(initialState(compile(workflow).program), ticks.slice(0, count)));
    expect([of("running"), of("queued")]).toEqual([busy, queued]);
    mostQueued = Math.max(mostQueued, queued);
  }
  expect(mostQueued).toBeGreaterThan(1);
});
