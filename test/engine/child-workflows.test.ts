import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  buildGraph,
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  resume,
  run,
  startEvent,
  stopEvent,
  toMermaid,
  WorkflowCancelledByUser,
  WorkflowTimeoutError,
  type Handler,
  type StepContext,
} from "tickwork";
import { createEngine, MemoryJournal, runToEnd, settle, SimulatedClock } from "tickwork/testing";
import { failureOf } from "./fixtures.ts";

const Count = startEvent("Count", z.object({ text: z.string() }));
const Counted = stopEvent("Counted", z.object({ words: z.number() }));
const Begin = startEvent("Begin", z.object({ texts: z.array(z.string()) }));
const Total = stopEvent("Total", z.object({ words: z.number() }));
const Ask = inputRequiredEvent("Ask", z.object({ text: z.string() }));
const Other = humanResponseEvent("Other");
const Reply = humanResponseEvent("Reply", z.object({ words: z.number() }));

const counting = defineWorkflow("count").step("count", { accepts: Count, emits: Counted }, ({ data }) =>
  Counted({ words: data.text.split(" ").length }),
);

const asking = defineWorkflow("ask", { timeout: null }).step(
  "ask",
  { accepts: Count, emits: Counted, waitsFor: Reply },
  async ({ data }, ctx) => Counted((await ctx.waitForEvent(Reply, { waiterEvent: Ask({ text: data.text }) })).data),
);

/** A parent of one step, which may run both. */
type Body = (texts: readonly string[], ctx: StepContext<never, unknown, object, typeof counting>) => unknown;
const parent = (body: Body, config: { retryPolicy?: ReturnType<typeof constantDelay> } = {}) =>
  defineWorkflow("total", { timeout: null }).step(
    "add",
    { accepts: Begin, emits: Total, runs: [counting, asking], ...config },
    async ({ data }, ctx) => Total({ words: (await body(data.texts, ctx as never)) as number }),
  );

const summing = parent(async (texts, ctx) => {
  const counts = await Promise.all(texts.map((text) => ctx.runWorkflow(counting, { text })));
  return counts.reduce((sum, { words }) => sum + words, 0);
});
const askingOnce = parent(async ([text = ""], ctx) => (await ctx.runWorkflow(asking, { text })).words);

const engineFor = (workflow: ReturnType<typeof parent>, journal = new MemoryJournal(), clock = new SimulatedClock()) =>
  createEngine({ total: workflow }, { journal, clock });

const onlyChild = async (handler: Handler): Promise<Handler> => {
  await settle();
  const [child] = await handler.childRuns();
  if (!child) throw new Error("There is no child.");
  return child;
};

describe("ctx.runWorkflow", () => {
  test("gives the child's result, side by side with others", async () => {
    const handler = run(summing, { texts: ["a b", "c", "d e f"] });
    expect(await handler.result()).toEqual({ words: 6 });
  });

  test("a child is a run of its own: listed, with a history, and where it belongs", async () => {
    const engine = await engineFor(summing);
    const handler = await engine.start("total", { texts: ["a b"] }, { runId: "sum" });
    await handler.result();
    const { runs } = await engine.listRuns({ parent: "sum" });
    expect(runs).toMatchObject([
      {
        runId: "sum/1/count#0",
        workflow: "count",
        status: "completed",
        parent: { runId: "sum", step: "add", workItem: 1 },
      },
    ]);
    expect((await engine.listRuns({ parent: null })).runs.map(({ runId }) => runId)).toEqual(["sum"]);
    expect((await engine.readTicks("sum/1/count#0", { from: 1, limit: 9 })).ticks.map(({ kind }) => kind)).toEqual([
      "StartRun",
      "StepResult",
    ]);
    const { ticks } = await engine.readTicks("sum", { from: 1, limit: 9 });
    expect(ticks.map(({ kind, causedBy }) => [kind, causedBy])).toEqual([
      ["StartRun", "external"],
      ["StartChild", 1],
      ["EndChild", 2],
      ["StepResult", 1],
    ]);
  });

  test("readers who ask for internal events hear of it", async () => {
    const handler = run(summing, { texts: ["a b"] });
    const events = [];
    for await (const event of handler.streamEvents({ exposeInternal: true })) events.push(event);
    expect(events.filter(({ type }) => type.startsWith("ChildRun")).map(({ type, data }) => [type, data])).toEqual([
      ["ChildRunStarted", { step: "add", workItem: 1, workflow: "count", runId: `${handler.runId}/1/count#0` }],
      ["ChildRunEnded", { step: "add", workItem: 1, runId: `${handler.runId}/1/count#0`, outcome: "completed" }],
    ]);
  });

  test("an undeclared workflow is refused, naming the remedy", async () => {
    const workflow = defineWorkflow("total").step("add", { accepts: Begin, emits: Total }, async (_event, ctx) => {
      await (ctx as unknown as StepContext).runWorkflow(counting, { text: "" });
    });
    expect(await failureOf(run(workflow, { texts: [] }))).toMatchObject({
      code: "WORKFLOW_UNDECLARED",
      message: expect.stringContaining("Add it to its `runs`"),
    });
  });

  test("input that does not fit throws in the step and starts nothing", async () => {
    const workflow = parent(async (_texts, ctx) => ctx.runWorkflow(counting, { text: 5 } as never));
    const engine = await engineFor(workflow);
    const handler = await engine.start("total", { texts: [] }, { runId: "sum" });
    expect(await failureOf(handler)).toMatchObject({ name: "EventValidationError" });
    expect((await engine.listRuns({ parent: "sum" })).runs).toEqual([]);
  });

  test("two workflows of one name in one family are a mistake in the graph", () => {
    const other = defineWorkflow("count").step("other", { accepts: Count, emits: Counted }, () =>
      Counted({ words: 1 }),
    );
    const workflow = defineWorkflow("total").step(
      "add",
      { accepts: Begin, emits: Total, runs: [counting, other] },
      () => Total({ words: 0 }),
    );
    expect(() => run(workflow, { texts: [] })).toThrow("Two different workflows are named count");
  });
});

describe("a child that fails", () => {
  const boom = defineWorkflow("boom").step("boom", { accepts: Count, emits: Counted }, ({ data }) => {
    throw new RangeError(data.text);
  });
  const failing = (handle: (error: unknown) => number) =>
    defineWorkflow("total").step("add", { accepts: Begin, emits: Total, runs: boom }, async (_event, ctx) => {
      try {
        return Total(await ctx.runWorkflow(boom, { text: "no" }));
      } catch (error) {
        return Total({ words: handle(error) });
      }
    });

  test("rejects with the error of the child's step, which the step may catch", async () => {
    const workflow = failing((error) => (error instanceof RangeError && error.message === "no" ? 7 : 0));
    expect(await run(workflow, { texts: [] }).result()).toEqual({ words: 7 });
  });

  test("fails the run with that error if nobody does", async () => {
    const workflow = failing((error) => {
      throw error;
    });
    expect(await failureOf(run(workflow, { texts: [] }))).toEqual(new RangeError("no"));
  });

  test("goes to the step's error handler like any failure", async () => {
    const workflow = defineWorkflow("total")
      .step("add", { accepts: Begin, emits: Total, runs: boom }, async (_event, ctx) => {
        return Total(await ctx.runWorkflow(boom, { text: "no" }));
      })
      .catchError("rescue", { emits: Total }, ({ error }) => Total({ words: error.message.length }));
    expect(await run(workflow, { texts: [] }).result()).toEqual({ words: 2 });
  });

  test("is run anew by a retry, while one that completed is not", async () => {
    const runs: string[] = [];
    const flaky = defineWorkflow("flaky").step("try", { accepts: Count, emits: Counted }, ({ data }) => {
      runs.push(data.text);
      if (data.text === "bad" && runs.filter((text) => text === "bad").length < 3) throw new Error("not yet");
      return Counted({ words: 1 });
    });
    const workflow = defineWorkflow("total").step(
      "add",
      { accepts: Begin, emits: Total, runs: flaky, retryPolicy: constantDelay({ delay: 10, maximumAttempts: 5 }) },
      async (_event, ctx) => {
        const good = await ctx.runWorkflow(flaky, { text: "good" });
        const bad = await ctx.runWorkflow(flaky, { text: "bad" });
        return Total({ words: good.words + bad.words });
      },
    );
    const journal = new MemoryJournal();
    const { result } = await runToEnd(workflow, { texts: [] }, { journal });
    expect(result).toEqual({ words: 2 });
    expect(runs).toEqual(["good", "bad", "bad", "bad"]);
  });

  test("a child's own time limit is its failure", async () => {
    const slow = defineWorkflow("slow", { timeout: 50 }).step(
      "wait",
      { accepts: Count, emits: Counted, waitsFor: Reply },
      async (_event, ctx) => Counted((await ctx.waitForEvent(Reply)).data),
    );
    const workflow = defineWorkflow("total").step(
      "add",
      { accepts: Begin, emits: Total, runs: slow },
      async (_e, ctx) => Total(await ctx.runWorkflow(slow, { text: "" })),
    );
    const { error } = await runToEnd(workflow, { texts: [] }, { journal: new MemoryJournal() });
    expect(error).toBeInstanceOf(WorkflowTimeoutError);
  });
});

describe("the end of a child", () => {
  test("it is cancelled with its parent", async () => {
    const handler = run(askingOnce, { texts: ["how many?"] });
    const child = await onlyChild(handler);
    await handler.cancelRun("enough");
    expect(await failureOf(child)).toBeInstanceOf(WorkflowCancelledByUser);
    expect(child.status).toBe("cancelled");
  });

  test("it is cancelled when its parent's time is up", async () => {
    const workflow = defineWorkflow("total", { timeout: 100 }).step(
      "add",
      { accepts: Begin, emits: Total, runs: asking },
      async (_event, ctx) => Total(await ctx.runWorkflow(asking, { text: "" })),
    );
    const journal = new MemoryJournal();
    const { status } = await runToEnd(workflow, { texts: [] }, { journal });
    await settle();
    expect(status).toBe("timedOut");
    expect((await journal.listRuns({ limit: 9 })).map((record) => record.status).toSorted()).toEqual([
      "cancelled",
      "timedOut",
    ]);
  });

  test("it is cancelled when its step is done without it", async () => {
    let child: Handler | undefined;
    const Go = defineEvent("Go");
    const workflow = defineWorkflow("total", { timeout: null })
      .step("add", { accepts: Begin, emits: Go, runs: asking }, async (_event, ctx) => {
        void ctx.runWorkflow(asking, { text: "" });
        await settle();
        child = (await handler.childRuns())[0];
        return Go();
      })
      .step("end", { accepts: Go, emits: Total, waitsFor: Reply }, async (_event, ctx) => {
        return Total((await ctx.waitForEvent(Reply)).data);
      });
    const handler = run(workflow, { texts: [] });
    await settle();
    await settle();
    expect(child?.status).toBe("cancelled");
    expect(handler.status).toBe("idle");
    await handler.cancelRun();
  });

  test("cancelled by itself, it rejects in the step that waits for it", async () => {
    const handler = run(askingOnce, { texts: [""] });
    await (await onlyChild(handler)).cancelRun("not this one");
    expect(await failureOf(handler)).toMatchObject({
      name: "WorkflowCancelledByUser",
      data: { reason: "not this one" },
    });
    expect(handler.status).toBe("failed");
  });

  test("deleting a run deletes its children", async () => {
    const engine = await engineFor(askingOnce);
    const handler = await engine.start("total", { texts: [""] }, { runId: "sum" });
    await onlyChild(handler);
    await engine.deleteRun("sum");
    expect((await engine.listRuns()).runs).toEqual([]);
  });
});

describe("a child that waits", () => {
  test("is answered through its own handler", async () => {
    const handler = run(askingOnce, { texts: ["how many?"] });
    const child = await onlyChild(handler);
    expect((await child.streamEvents().next()).value).toMatchObject({ type: "Ask", data: { text: "how many?" } });
    await child.sendEvent(Reply({ words: 12 }));
    expect(await handler.result()).toEqual({ words: 12 });
  });

  test("goes on after a restart of the engine, and only its waiting steps run again", async () => {
    const journal = new MemoryJournal();
    const first = await engineFor(askingOnce, journal);
    await onlyChild(await first.start("total", { texts: [""] }, { runId: "sum" }));
    await first.close();

    const second = await engineFor(askingOnce, journal);
    const handler = await second.attach("sum");
    await (await onlyChild(handler)).sendEvent(Reply({ words: 3 }));
    expect(await handler.result()).toEqual({ words: 3 });
    expect((await second.listRuns({ parent: "sum" })).runs).toHaveLength(1);
  });

  test("goes on by itself after a restart while its parent waits for something else", async () => {
    const both = parent(async ([text = ""], ctx) => {
      const [child] = await Promise.all([
        ctx.runWorkflow(asking, { text }),
        (ctx as unknown as StepContext).waitForEvent(Other, { timeout: null }),
      ]);
      return child.words;
    });
    const journal = new MemoryJournal();
    const first = await engineFor(both, journal);
    await onlyChild(await first.start("total", { texts: [""] }, { runId: "sum" }));
    expect((await first.attach("sum")).status).toBe("idle");
    await first.close();

    const second = await engineFor(both, journal);
    // Nobody has touched the parent: its child is there all the same, and does its work.
    await second.sendEvent("sum/1/ask#0", Reply({ words: 6 }));
    expect(await second.result("sum/1/ask#0")).toEqual({ words: 6 });
    await second.sendEvent("sum", Other());
    expect(await second.result("sum")).toEqual({ words: 6 });
  });

  test("at work when the engine stopped is at work again, although its parent only waits", async () => {
    let attempts = 0;
    const working = defineWorkflow("ask", { timeout: null }).step(
      "work",
      { accepts: Count, emits: Counted },
      async () => {
        attempts += 1;
        if (attempts === 1) await new Promise(() => undefined);
        return Counted({ words: attempts });
      },
    );
    const both = defineWorkflow("total", { timeout: null }).step(
      "add",
      { accepts: Begin, emits: Total, runs: working, waitsFor: Other },
      async (_event, ctx) => {
        const [child] = await Promise.all([
          ctx.runWorkflow(working, { text: "" }),
          ctx.waitForEvent(Other, { timeout: null }),
        ]);
        return Total(child);
      },
    );
    const journal = new MemoryJournal();
    const open = () => createEngine({ total: both }, { journal, clock: new SimulatedClock() });
    const first = await open();
    await first.start("total", { texts: [] }, { runId: "sum" });
    await settle();
    await first.close();

    const second = await open();
    await settle();
    expect((await second.listRuns({ parent: "sum" })).runs).toMatchObject([{ status: "completed" }]);
    expect(attempts).toBe(2);
    await second.sendEvent("sum", Other());
    expect(await second.result("sum")).toEqual({ words: 2 });
  });

  test("is saved and resumed with its parent", async () => {
    const handler = run(askingOnce, { texts: [""] });
    await onlyChild(handler);
    const saved = JSON.parse(JSON.stringify(await handler.snapshot()));
    await handler.cancelRun();
    const later = resume(askingOnce, saved);
    const child = await onlyChild(later);
    expect(child.runId).toBe(`${handler.runId}/1/ask#0`);
    await child.sendEvent(Reply({ words: 4 }));
    expect(await later.result()).toEqual({ words: 4 });
  });

  test("that was cancelled with its parent goes on when its parent is resumed", async () => {
    const clock = new SimulatedClock();
    const journal = new MemoryJournal();
    const handler = run(askingOnce, { texts: [""] }, { runtime: { clock, journal } });
    await onlyChild(handler);
    await handler.cancelRun();
    await settle();
    const later = resume(askingOnce, await handler.snapshot(), { runtime: { clock, journal } });
    await (await onlyChild(later)).sendEvent(Reply({ words: 5 }));
    expect(await later.result()).toEqual({ words: 5 });
  });

  test("whose parent ended before it was told is cancelled at the next start of the engine", async () => {
    const journal = new MemoryJournal();
    const first = await engineFor(askingOnce, journal);
    await onlyChild(await first.start("total", { texts: [""] }, { runId: "sum" }));
    await first.close();
    // As if the parent's end had been written, and the process had died before the child's.
    const record = await journal.getRun("sum");
    if (record)
      journal.append(
        "sum",
        { from: record.sequence + 1, ticks: [], published: [] },
        { ...record, status: "cancelled" },
      );
    const second = await engineFor(askingOnce, journal);
    expect((await second.listRuns({ parent: "sum" })).runs).toMatchObject([{ status: "cancelled" }]);
  });
});

describe("in the graph", () => {
  test("a step names the workflows it runs, and their graphs are part of its workflow's", () => {
    const graph = buildGraph(summing);
    expect(graph.nodes.find(({ id }) => id === "step:add")).toMatchObject({ runs: ["count", "ask"] });
    expect(graph.children?.map(({ name }) => name)).toEqual(["count", "ask"]);
  });

  test("Mermaid text draws them as subgraphs", () => {
    const text = toMermaid(buildGraph(summing));
    expect(text).toContain("subgraph");
    expect(text).toMatch(/-\.->\|"runs"\|/);
  });
});
