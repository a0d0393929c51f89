/** The examples of the API page, as a user types them, and the mistakes that types must catch. */
import {
  buildGraph,
  constantDelay,
  defineEvent,
  defineWorkflow,
  exponentialBackoff,
  humanResponseEvent,
  inputRequiredEvent,
  resource,
  resume,
  run,
  startEvent,
  StartEvent,
  stopEvent,
  StopEvent,
  toMermaid,
  validate,
  type EventOf,
  type Handler,
  type PublishedEvent,
  type RetryInfo,
  type SerializedContext,
  type WorkflowEvent,
} from "tickwork";
import { connect } from "tickwork/client";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";

const Ingest = startEvent("Ingest", z.object({ urls: z.array(z.string()) }));
const Fetch = defineEvent("Fetch", z.object({ url: z.string() }));
const Page = defineEvent("Page", z.object({ url: z.string(), words: z.number() }));
const Report = stopEvent("Report", z.object({ total: z.number() }));
const Approve = inputRequiredEvent("Approve", z.object({ question: z.string() }));
const Answer = humanResponseEvent("Answer", z.object({ ok: z.boolean() }));
const urls = ["a"];

const ingest = defineWorkflow("ingest", {
  timeout: 60_000,
  state: z.object({
    seen: z.number().default(0),
    profile: z.object({ columns: z.array(z.object({ name: z.string() })) }).default({ columns: [] }),
  }),
  resources: { cache: resource(() => new Map<string, string>()), slow: resource(async () => 5, { cache: false }) },
  numConcurrentRuns: 2,
  description: "Fetch pages and count their words",
  version: "1",
})
  .step("plan", { accepts: Ingest, emits: Fetch, numWorkers: 1 }, (event, ctx) => {
    for (const url of event.data.urls) ctx.sendEvent(Fetch({ url }));
  })
  .step(
    "fetch",
    { accepts: Fetch, emits: Page, numWorkers: 8, retryPolicy: exponentialBackoff({ maximumAttempts: 5 }) },
    async (event, ctx) => {
      const text = await (await fetch(event.data.url, { signal: ctx.signal })).text();
      return Page({ url: event.data.url, words: text.split(/\s+/).length });
    },
  )
  .step("report", { accepts: Page, emits: Report }, async (event, ctx) => {
    const pages = ctx.collectEvents(event, [Page, Page, Page]);
    if (!pages) return;
    return Report({ total: pages.reduce((sum, page) => sum + page.data.words, 0) });
  });

/** A step in which to try things. */
const trial = defineWorkflow("trial", {
  state: z.object({ n: z.number().default(0), list: z.array(z.object({ name: z.string() })).default([]) }),
  resources: { cache: resource(() => new Map<string, string>()), slow: resource(async () => 5) },
});
const config = { accepts: Ingest, emits: [Page, Report] } as const;

describe("events", () => {
  test("are typed by their kind and schema", () => {
    expectTypeOf(Fetch({ url: "a" })).toEqualTypeOf<WorkflowEvent<"Fetch", { url: string }>>();
    expectTypeOf(Fetch.type).toEqualTypeOf<"Fetch">();
    expectTypeOf(Approve.role).toEqualTypeOf<"inputRequired">();
    expectTypeOf<EventOf<[typeof Fetch, typeof Page]>>().toEqualTypeOf<
      WorkflowEvent<"Fetch", { url: string }> | WorkflowEvent<"Page", { url: string; words: number }>
    >();
  });

  test("is narrows", () => {
    const event = {} as unknown;
    if (Fetch.is(event)) expectTypeOf(event.data.url).toEqualTypeOf<string>();
  });

  test("cannot be made of wrong data", () => {
    // @ts-expect-error a field of the wrong type
    Fetch({ url: 5 });
    // @ts-expect-error a missing field
    Fetch({});
    // @ts-expect-error no data
    Fetch();
    StartEvent();
    StopEvent({ any: ["JSON", null] });
  });

  test("take the schema's input and give its output", () => {
    const Length = defineEvent(
      "Length",
      z.string().transform((text) => text.length),
    );
    expectTypeOf(Length("abc").data).toEqualTypeOf<number>();
    const Optional = defineEvent("Optional", z.object({ n: z.number().default(1) }).optional());
    Optional();
  });

  test("are read-only", () => {
    // @ts-expect-error data cannot be replaced
    Fetch({ url: "a" }).data = { url: "b" };
  });
});

describe("run", () => {
  test("takes the start kind's input and gives the stop kind's data", () => {
    const handler = run(ingest, { urls });
    expectTypeOf(handler).toEqualTypeOf<Handler<{ total: number }>>();
    expectTypeOf(handler.result()).resolves.toEqualTypeOf<{ total: number }>();
    expectTypeOf(handler.runId).toEqualTypeOf<string>();
    expectTypeOf(handler.status).toEqualTypeOf<
      "queued" | "running" | "idle" | "completed" | "failed" | "cancelled" | "timedOut"
    >();
  });

  test("refuses wrong input", () => {
    // @ts-expect-error a field of the wrong type
    run(ingest, { urls: [5] });
    // @ts-expect-error no input
    run(ingest);
    // @ts-expect-error an unknown field
    run(ingest, { url: "a", urls });
    // @ts-expect-error something that is no workflow
    run({ name: "ingest" });
  });

  test("lets input be left out where the start kind allows it", () => {
    const plain = defineWorkflow("plain").step("a", { accepts: StartEvent, emits: StopEvent }, () => StopEvent());
    run(plain);
    run(plain, undefined, { runId: "r" });
  });

  test("gives a handler as the API page shows it", async () => {
    const handler = run(ingest, { urls }, { runId: "invoice-17", signal: new AbortController().signal });
    for await (const event of handler.streamEvents({ after: 3, exposeInternal: true }))
      expectTypeOf(event).toEqualTypeOf<PublishedEvent>();
    await handler.sendEvent(Answer({ ok: true }));
    await handler.sendEvent(Answer({ ok: true }), { step: "name" });
    await handler.cancelRun("changed my mind");
    const saved = await handler.snapshot();
    expectTypeOf(saved).toEqualTypeOf<SerializedContext>();
    expectTypeOf(resume(ingest, saved)).toEqualTypeOf<Handler<{ total: number }>>();
    run(ingest, { urls }, { context: saved });
    const { total } = await handler.result();
    expectTypeOf(total).toEqualTypeOf<number>();
    // @ts-expect-error a result that is not there
    void (await handler.result()).words;
    // @ts-expect-error a handler is not thenable
    void handler.then;
  });
});

describe("steps", () => {
  test("get the events they accept", () => {
    trial.step("a", { accepts: [Fetch, Page], emits: Report }, (event) => {
      expectTypeOf(event).toEqualTypeOf<
        WorkflowEvent<"Fetch", { url: string }> | WorkflowEvent<"Page", { url: string; words: number }>
      >();
      if (event.type === "Page") expectTypeOf(event.data.words).toEqualTypeOf<number>();
      // @ts-expect-error a field that only one of them has
      void event.data.words;
    });
  });

  test("return what they declare", () => {
    trial.step("a", config, () => Page({ url: "a", words: 1 }));
    trial.step("a", config, async () => Report({ total: 1 }));
    trial.step("a", config, () => undefined);
    trial.step("a", { accepts: Ingest, emits: [] }, () => undefined);
    // @ts-expect-error an undeclared event returned
    trial.step("a", config, () => Fetch({ url: "a" }));
    // @ts-expect-error an undeclared event returned by an asynchronous step
    trial.step("a", config, async () => Fetch({ url: "a" }));
    // @ts-expect-error something that is no event
    trial.step("a", config, () => 5);
    // @ts-expect-error anything, where nothing is declared
    trial.step("a", { accepts: Ingest, emits: [] }, () => Page({ url: "a", words: 1 }));
    // @ts-expect-error emits is missing
    trial.step("a", { accepts: Ingest }, () => undefined);
  });

  test("send what they declare", () => {
    trial.step("a", config, (_event, ctx) => {
      ctx.sendEvent(Page({ url: "a", words: 1 }), { step: "b" });
      // @ts-expect-error an undeclared event
      ctx.sendEvent(Fetch({ url: "a" }));
      // @ts-expect-error an unknown option
      ctx.sendEvent(Page({ url: "a", words: 1 }), { target: "b" });
      ctx.writeEventToStream(Fetch({ url: "a" }));
    });
  });

  test("collect typed sets", () => {
    trial.step("a", config, (event, ctx) => {
      const set = ctx.collectEvents(event, [Fetch, Page, Fetch], { bufferId: "x" });
      expectTypeOf(set).toEqualTypeOf<
        | [
            WorkflowEvent<"Fetch", { url: string }>,
            WorkflowEvent<"Page", { url: string; words: number }>,
            WorkflowEvent<"Fetch", { url: string }>,
          ]
        | null
      >();
    });
  });

  test("wait for typed answers", () => {
    trial.step("a", config, async (_event, ctx) => {
      const answer = await ctx.waitForEvent(Answer, {
        waiterEvent: Approve({ question: "?" }),
        waiterId: "x",
        requirements: { ok: true },
        timeout: null,
      });
      expectTypeOf(answer).toEqualTypeOf<WorkflowEvent<"Answer", { ok: boolean }>>();
      // @ts-expect-error a field the awaited event does not have
      await ctx.waitForEvent(Answer, { requirements: { okay: true } });
      // @ts-expect-error a required value of the wrong type
      await ctx.waitForEvent(Answer, { requirements: { ok: "yes" } });
      // @ts-expect-error a timeout that is no number
      await ctx.waitForEvent(Answer, { timeout: "1s" });
    });
  });

  test("see the store by the state schema", () => {
    trial.step("a", config, async (_event, { store }) => {
      expectTypeOf(await store.get("n")).toEqualTypeOf<number>();
      expectTypeOf(await store.get("list.0.name")).toEqualTypeOf<string>();
      expectTypeOf(await store.get("n", null)).toEqualTypeOf<number | null>();
      expectTypeOf(await store.getState()).toEqualTypeOf<{ n: number; list: { name: string }[] }>();
      await store.set("n", 5);
      await store.edit((draft) => void draft.list.push({ name: "x" }));
      expectTypeOf(await store.edit(async (draft) => draft.n)).toEqualTypeOf<number>();
      await store.clear();
      // @ts-expect-error a value of the wrong type
      await store.set("n", "five");
      // @ts-expect-error a value of the wrong type below a list
      await store.set("list.0.name", 5);
      // @ts-expect-error a state that is not whole
      await store.setState({ n: 1 });
      // @ts-expect-error a field the state does not have
      await store.edit((draft) => void draft.missing);
    });
  });

  test("without a state schema see a store of anything", () => {
    defineWorkflow("free").step("a", config, async (_event, { store }) => {
      await store.set("any.path", { x: 1 });
      await store.edit((draft) => void (draft["x"] = 1));
    });
  });

  test("see resources by their factories, awaited", () => {
    trial.step("a", config, (_event, { resources }) => {
      expectTypeOf(resources.cache).toEqualTypeOf<Map<string, string>>();
      expectTypeOf(resources.slow).toEqualTypeOf<number>();
      // @ts-expect-error a resource that is not declared
      void resources.missing;
    });
  });

  test("that are isolated see all but what is bound to the engine's thread", () => {
    trial.step("a", { ...config, isolated: true }, async (event, ctx) => {
      expectTypeOf(event.data.urls).toEqualTypeOf<string[]>();
      expectTypeOf(await ctx.store.get("n")).toEqualTypeOf<number>();
      expectTypeOf(ctx.sendEvent).parameter(0).toEqualTypeOf<EventOf<typeof Page> | EventOf<typeof Report>>();
      await ctx.once("key", () => 1);
      // @ts-expect-error it cannot collect
      ctx.collectEvents(event, [Page]);
      // @ts-expect-error it has no resources
      void ctx.resources;
    });
    trial.step("a", { ...config, isolated: false }, (_event, { resources }) => void resources.cache);
  });

  test("see who and where they are", () => {
    trial.step("a", { ...config, retryPolicy: constantDelay({ maximumAttempts: 3, delay: 5_000 }) }, (_event, ctx) => {
      expectTypeOf(ctx.runId).toEqualTypeOf<string>();
      expectTypeOf(ctx.stepName).toEqualTypeOf<string>();
      expectTypeOf(ctx.workerId).toEqualTypeOf<number>();
      expectTypeOf(ctx.signal).toEqualTypeOf<AbortSignal>();
      expectTypeOf(ctx.retryInfo()).toEqualTypeOf<RetryInfo>();
      ctx.log("message", { any: "data" });
    });
  });

  test("cannot take wrong options", () => {
    // @ts-expect-error numWorkers is a number
    trial.step("a", { ...config, numWorkers: "4" }, () => undefined);
    // @ts-expect-error an unknown check
    trial.step("a", { ...config, skipGraphChecks: ["nonsense"] }, () => undefined);
    // @ts-expect-error an unknown policy option
    exponentialBackoff({ attempts: 3 });
  });
});

test("graphs are plain data", () => {
  validate(ingest);
  expectTypeOf(toMermaid(buildGraph(ingest))).toEqualTypeOf<string>();
});

test("a worker's workflows are typed by name on the page", async () => {
  const workflows = { ingest };
  const engine = connect<typeof workflows>(
    () => new Worker(new URL("./engine.worker.ts", import.meta.url), { type: "module" }),
  );
  const handler = await engine.start("ingest", { urls }, { runId: "invoice-17" });
  expectTypeOf((await handler.result()).total).toEqualTypeOf<number>();
  await engine.attach("invoice-17");
  await engine.listRuns({ status: "idle", workflow: "ingest", limit: 5, before: 1 });
  await engine.exportRun("invoice-17");
  await engine.deleteRun("invoice-17");
  await engine.storage();
  engine.inspect("*", () => undefined)();
  await engine.close();
  // @ts-expect-error an unknown workflow
  await engine.start("nope", {});
  // @ts-expect-error wrong input
  await engine.start("ingest", { urls: [5] });
});

test("child workflows are typed by what the step may run", () => {
  const Count = startEvent("Count", z.object({ text: z.string() }));
  const Counted = stopEvent("Counted", z.object({ words: z.number() }));
  const counting = defineWorkflow("count").step("count", { accepts: Count, emits: Counted }, () =>
    Counted({ words: 1 }),
  );
  const plain = defineWorkflow("plain").step("p", { accepts: StartEvent, emits: StopEvent }, () => StopEvent(1));
  defineWorkflow("parent").step(
    "both",
    { accepts: StartEvent, emits: StopEvent, runs: [counting, plain] },
    async (_event, ctx) => {
      expectTypeOf((await ctx.runWorkflow(counting, { text: "" })).words).toEqualTypeOf<number>();
      await ctx.runWorkflow(plain);
      // @ts-expect-error wrong input
      await ctx.runWorkflow(counting, { text: 5 });
      // @ts-expect-error missing input
      await ctx.runWorkflow(counting);
    },
  );
  defineWorkflow("parent").step("none", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) => {
    // @ts-expect-error not declared in `runs`
    await ctx.runWorkflow(counting, { text: "" });
  });
});
