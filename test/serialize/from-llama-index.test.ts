import {
  allOf,
  ContextSerdeError,
  defineEvent,
  defineWorkflow,
  resume,
  run,
  startEvent,
  StartEvent,
  StopEvent,
  WorkflowConfigurationError,
  type StandardSchema,
} from "tickwork";
import { type LlamaIndexOptions, fromLlamaIndex } from "tickwork/llama-index";
import { settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Answer, readAll, throughJson, typesOf } from "../engine/fixtures.ts";
import {
  asking,
  attempt,
  builtIn,
  dictState,
  event,
  ingest,
  instance,
  legacy,
  NOW,
  NOW_SECONDS,
  Page,
  Query,
  version1,
  version2,
  waiter,
  worker,
} from "./llama-index-payloads.ts";

const query = (text: string): string => event("Query", { text });
const page = (words: number): string => event("Page", { words });

function load(payload: object, options: LlamaIndexOptions) {
  const { context, notCarriedOver } = fromLlamaIndex(throughJson(payload), { now: NOW, ...options });
  return { context: throughJson(context), notes: notCarriedOver.map(({ path }) => path), notCarriedOver };
}

describe("version 2", () => {
  test("goes on with what was in progress, then with what was queued, each in its order", async () => {
    const log: string[] = [];
    const workflow = ingest(log);
    const payload = version2({
      plan: worker(),
      fetch: worker({
        in_progress: [attempt(query("one"))],
        queue: [attempt(query("three")), attempt(query("fourth"))],
      }),
      report: worker(),
    });
    const { context, notes } = load(payload, { workflow });
    expect(await resume(workflow, context).result()).toEqual({ total: 14 });
    expect(log).toEqual(["fetch one", "fetch three", "fetch fourth"]);
    expect(notes).toEqual([]);
  });

  test("reads the release's own saved run: a step that waits, and the answer ends it", async () => {
    const log: string[] = [];
    const workflow = asking(log);
    const { context, notes } = load(version2({ ask: worker({ collected_waiters: [waiter()] }) }), { workflow });
    const handler = resume(workflow, context);
    expect(handler.status).toBe("idle");
    await settle();
    expect(log).toEqual([]);
    await handler.sendEvent(Answer({ n: 42 }));
    expect(await handler.result()).toEqual({ total: 42 });
    expect(log).toEqual(["ask {}"]);
    expect(notes).toEqual(["workers.ask.collected_waiters.0.timeout"]);
  });

  test("keeps a wait's own name", async () => {
    const workflow = asking([], { waiterId: "number" });
    const payload = version2({ ask: worker({ collected_waiters: [waiter({ waiter_id: "number" })] }) });
    const handler = resume(workflow, load(payload, { workflow }).context);
    await handler.sendEvent(Answer({ n: 1 }));
    expect(await handler.result()).toEqual({ total: 1 });
  });

  test("keeps two waits of two items apart, and an answer that came already", async () => {
    const Ask = defineEvent("Ask");
    const workflow = defineWorkflow("w", { timeout: null })
      .step("start", { accepts: StartEvent, emits: Ask }, (_, ctx) => [1, 2].forEach((n) => ctx.sendEvent(Ask(n))))
      .step("ask", { accepts: Ask, emits: Page, waitsFor: Answer }, async (ask, ctx) => {
        const first = await ctx.waitForEvent(Answer, { requirements: { of: (ask.data as { n: number }).n } as never });
        const second = await ctx.waitForEvent(Answer, { waiterId: "second" });
        return Page({ words: (first.data as { n: number }).n * 10 + (second.data as { n: number }).n });
      })
      .step("end", { accepts: Page, emits: StopEvent }, (one, ctx) => {
        const both = ctx.collectEvents(one, [Page, Page]);
        return both ? StopEvent(both.map(({ data }) => data.words)) : undefined;
      });
    const ask = (n: number): object => ({ event: event("Ask", { n }), work_item_id: `work_item_${n}` });
    const first = (n: number, more: object = {}): object =>
      waiter({ waiter_id: `waiter_app.events.Answer_{"of":${n}}_work_item_${n}`, ...ask(n), ...more });
    const payload = version2({
      ask: worker({
        queue: [attempt("", ask(1))],
        collected_waiters: [
          first(1, { resolved_event: event("Answer", { of: 1, n: 4 }) }),
          first(2, { resolved_event: event("Answer", { of: 2, n: 5 }) }),
          waiter({ waiter_id: "second", ...ask(2) }),
        ],
      }),
    });
    const { context, notes } = load(payload, { workflow });
    expect(context.memos.map(({ answers, waiters }) => [answers.length, waiters.length])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    const handler = resume(workflow, context);
    await settle();
    await handler.sendEvent(Answer({ n: 7 }));
    // The item that has waited longer is woken first.
    expect(await handler.result()).toEqual([57, 47]);
    expect(notes).toEqual(["workers.ask.collected_waiters.2.timeout"]);
  });

  test("runs a step again whose wait had requirements: they are not saved", async () => {
    const log: string[] = [];
    const workflow = asking(log, { requirements: { user: "u" } });
    const payload = version2({ ask: worker({ collected_waiters: [waiter({ has_requirements: true })] }) });
    const { context, notes } = load(payload, { workflow });
    const handler = resume(workflow, context);
    await settle();
    expect([handler.status, log.length]).toEqual(["idle", 1]);
    await handler.sendEvent(Answer({ user: "other", n: 1 }));
    await handler.sendEvent(Answer({ user: "u", n: 2 }));
    expect(await handler.result()).toEqual({ total: 2 });
    expect(notes).toEqual(["workers.ask.collected_waiters.0.has_requirements"]);
  });

  test("runs a step again whose awaited class, or whose answer, is not known", async () => {
    for (const more of [{ waiting_for_event: "app.events.Other" }, { resolved_event: "gASVCgAAAAAAAAB9lC4=" }]) {
      const workflow = asking();
      const payload = version2({ ask: worker({ collected_waiters: [waiter(more)] }) });
      const { context, notes } = load(payload, { workflow });
      expect(notes).toHaveLength(1);
      const handler = resume(workflow, context);
      await settle();
      await handler.sendEvent(Answer({ n: 3 }));
      expect(await handler.result()).toEqual({ total: 3 });
    }
  });

  test("keeps retries: attempts, times and the last error; a back-off ends when it was to end", async () => {
    const log: string[] = [];
    const workflow = ingest(log);
    const retried = {
      attempts: 2,
      first_attempt_at: NOW_SECONDS - 10,
      last_exception: { exception_type: "httpx.ConnectError", exception_message: "no route" },
      last_failed_at: NOW_SECONDS - 1.5,
    };
    const payload = version2({
      fetch: worker({
        queue: [attempt(query("late"), { ...retried, not_before: NOW_SECONDS + 2.5 }), attempt(query("b"))],
        in_progress: [attempt(query("again"), retried)],
      }),
    });
    const { context, notes } = load(payload, { workflow });
    expect(notes).toEqual([]);
    expect(context.delayed).toMatchObject([{ step: "fetch", due: NOW + 2500 }]);
    expect(context.steps["fetch"]?.queue[0]?.retry).toEqual({
      failures: 2,
      firstAttemptAt: NOW - 10_000,
      lastFailedAt: NOW - 1500,
      lastError: { name: "ConnectError", message: "no route", data: { pythonType: "httpx.ConnectError" } },
    });
    const clock = new SimulatedClock(NOW);
    const handler = resume(workflow, context, { runtime: { clock, journal: null } });
    await clock.advance(2499);
    expect(log).toEqual(["fetch again after 2: no route", "fetch b"]);
    await clock.advance(1);
    expect(await handler.result()).toEqual({ total: 10 });
    expect(log.at(-1)).toBe("fetch late after 2: no route");
  });

  test("keeps gathered events, in the buffer of the kinds the step accepts", async () => {
    const workflow = ingest();
    const payload = version2({
      fetch: worker({ queue: [attempt(query("xyz"))] }),
      report: worker({ collected_events: { default: [page(10), page(20)] } }),
    });
    const { context, notes } = load(payload, { workflow });
    expect(context.buffers).toMatchObject([{ step: "report", bufferId: "Page" }]);
    expect(await resume(workflow, context).result()).toEqual({ total: 33 });
    expect(notes).toEqual([]);
  });

  test("puts gathered events where the caller says, and names a guess", () => {
    const workflow = defineWorkflow("w")
      .step("start", { accepts: StartEvent, emits: [Query, Page] }, () => Query({ text: "" }))
      .step("both", { accepts: [Query, Page], emits: StopEvent }, () => undefined);
    const payload = version2({ both: worker({ collected_events: { default: [page(1)], own: [page(2)] } }) });
    const guessed = load(payload, { workflow });
    expect(guessed.context.buffers.map(({ bufferId }) => bufferId)).toEqual(["Page+Query", "own"]);
    expect(guessed.notes).toEqual(["workers.both.collected_events.default"]);
    const told = load(payload, { workflow, buffers: { both: "Page" } });
    expect(told.context.buffers.map(({ bufferId }) => bufferId)).toEqual(["Page", "own"]);
    expect(told.notes).toEqual([]);
  });

  test("keeps the state of a dict, with its nested values", async () => {
    const workflow = defineWorkflow("w", {
      state: z.object({ seen: z.number().default(0), more: z.number().default(7) }),
    });
    const full = workflow.step("s", { accepts: StartEvent, emits: StopEvent }, async (_, ctx) =>
      StopEvent((await ctx.store.getState()) as never),
    );
    const document = { __is_pydantic: true, value: { text: "x" }, qualified_name: "app.Document" };
    const state = dictState({ seen: 3, user: { name: "u", document, tags: [1, null] } });
    const { context, notCarriedOver } = load(
      version2({ s: worker({ queue: [attempt(builtIn("StartEvent"))] }) }, { state }),
      {
        workflow: full,
      },
    );
    expect(await resume(full, context).result()).toEqual({
      seen: 3,
      more: 7,
      user: { name: "u", document: { text: "x" }, tags: [1, null] },
    });
    expect(notCarriedOver).toEqual([
      {
        path: "state.state_data._data.user.document",
        reason: "the class app.Document; its fields are kept as plain data",
      },
    ]);
  });

  test("keeps the fields of a typed state, and starts another run with them", async () => {
    const workflow = defineWorkflow("w").step("s", { accepts: StartEvent, emits: StopEvent }, async (_, ctx) =>
      StopEvent((await ctx.store.getState()) as never),
    );
    const state = {
      state_type: "AppState",
      state_module: "app",
      state_data: instance("app.AppState", { seen: 3, names: ["a"] }),
    };
    const { context, notes } = load(version2({}, { state, is_running: false }), { workflow });
    expect(await run(workflow, null, { context }).result()).toEqual({ seen: 3, names: ["a"] });
    expect(context.status).toBe("cancelled");
    expect(notes).toEqual(["is_running"]);
  });

  test("tries again what was left of a run that had ended", async () => {
    const workflow = ingest();
    const payload = version2(
      { fetch: worker({ in_progress: ["a", "b", "c"].map((text) => attempt(query(text))) }) },
      { is_running: false },
    );
    const { context, notes } = load(payload, { workflow });
    expect([context.status, notes]).toEqual(["cancelled", ["is_running"]]);
    expect(await resume(workflow, context).result()).toEqual({ total: 3 });
  });

  test("takes the caller's names for steps and events, qualified names first", async () => {
    const log: string[] = [];
    const workflow = ingest(log);
    const payload = version2({
      fetch_page: worker({
        queue: [
          attempt(instance("old.Search", { text: "a" })),
          attempt(instance("app.Search", { text: "bb" })),
          attempt(event("Lookup", { text: "ccc" })),
        ],
      }),
    });
    const { context, notes } = load(payload, {
      workflow,
      steps: { fetch_page: "fetch" },
      events: { Search: "Page", "old.Search": Query, "app.Search": "Query", Lookup: Query },
    });
    expect(notes).toEqual([]);
    expect(await resume(workflow, context).result()).toEqual({ total: 6 });
  });

  test("joins what an event was given beyond its declared fields", () => {
    const payload = version2({
      ask: worker({ queue: [attempt(builtIn("StartEvent", { top: 1, _data: { topic: "t" } }))] }),
    });
    const { context } = load(payload, { workflow: asking() });
    expect(Object.values(context.events)).toEqual([{ type: "StartEvent", data: { top: 1, topic: "t" } }]);
  });

  test("lists what it cannot carry over, and carries the rest", async () => {
    const workflow = ingest();
    const payload = version2(
      {
        unknown_step: worker({ queue: [attempt(query("x"))] }),
        gone_and_empty: worker(),
        fetch: worker({
          queue: [
            attempt("gASVCgAAAAAAAAB9lC4="),
            attempt(event("Mystery")),
            attempt(page(1)),
            attempt(event("Query", { text: 5 })),
            attempt(query("a"), { bound_events: { other: page(1) } }),
            attempt(query("b"), { scope_path: ["s1"], recovery_counts: { rescue: 1 } }),
            attempt(query("c"), { attempts: 1, first_attempt_at: 51.5, surprise: 1 }),
            attempt(query("d"), { work_item_id: "work_item_9" }),
            attempt(query("d"), { work_item_id: "work_item_9" }),
            attempt("{}"),
            attempt(`{"__is_pydantic": true, "value": {"x": NaN}, "qualified_name": "app.Query"}`),
            attempt(event("Query", { text: "n", top: 2 ** 60 })),
          ],
        }),
        report: worker({ static_collect_events: [page(1)] }),
      },
      {
        state: { store_type: "sqlite", run_id: "r", path: "db" },
        streams: { s1: { stream_id: "s1", source_step: "plan", open_work_items: 1 } },
        collection_release_states: { k: { binding_id: "b", stream_id: "s1" } },
        namespace: "later",
      },
    );
    const { context, notes } = load(payload, { workflow });
    expect(notes.toSorted()).toEqual(
      [
        "namespace",
        "workers.unknown_step",
        "workers.fetch.queue.6.surprise",
        ...[0, 1, 2, 3, 4].map((index) => `workers.fetch.queue.${index}`),
        "workers.fetch.queue.5.scope_path",
        "workers.fetch.queue.5.recovery_counts",
        "workers.fetch.queue.6.first_attempt_at",
        "workers.fetch.queue.6.last_exception",
        ...[8, 9, 10].map((index) => `workers.fetch.queue.${index}`),
        "workers.fetch.queue.11.top",
        "workers.report.static_collect_events.0",
        "state",
        "streams.s1",
        "collection_release_states.k",
      ].toSorted(),
    );
    expect(context.steps["fetch"]?.queue.map(({ event: id }) => context.events[id]?.data)).toMatchObject([
      { text: "b" },
      { text: "c" },
      { text: "d" },
      { text: "n" },
    ]);
    expect(await resume(workflow, context).result()).toEqual({ total: 3 });
  });

  test("names a second wait of the same name, and what is no event", () => {
    const workflow = asking();
    const doubled = [waiter({ waiter_id: "mine" }), waiter({ waiter_id: "mine" })];
    const nameless = `{"__is_pydantic": true, "value": {}, "qualified_name": ""}`;
    const payload = version2({
      ask: worker({
        queue: [attempt(nameless), attempt(builtIn("HumanResponseEvent")), attempt("[1]")],
        collected_waiters: doubled,
      }),
    });
    const { context, notes } = load(payload, { workflow });
    expect(context.memos).toHaveLength(1);
    expect(notes).toEqual([
      ...[0, 1, 2].map((index) => `workers.ask.queue.${index}`),
      "workers.ask.collected_waiters.0.timeout",
      "workers.ask.collected_waiters.1",
    ]);
  });

  test("takes fields of a component, and a kind of the caller's own for StartEvent", async () => {
    const workflow = ingest();
    const component = { __is_component: true, value: { text: "abcd" }, qualified_name: "app.Query" };
    const payload = version2({
      plan: worker({ queue: [attempt(builtIn("StartEvent"))] }),
      fetch: worker({ in_progress: [attempt(JSON.stringify(component))] }),
    });
    const { context, notes } = load(payload, { workflow, events: { "workflows.events.StartEvent": StartEvent } });
    expect(notes).toEqual([]);
    expect(await resume(workflow, context).result()).toEqual({ total: 6 });
  });

  test("gives StartEvent to the workflow's own start kind", () => {
    const Begin = startEvent("Begin", z.object({ topic: z.string() }));
    const workflow = defineWorkflow("w").step("s", { accepts: Begin, emits: StopEvent }, () => StopEvent());
    const payload = version2({
      s: worker({ queue: [attempt(builtIn("StartEvent", { _data: { topic: "t" } })), attempt(builtIn("StartEvent"))] }),
    });
    const { context, notes } = load(payload, { workflow });
    expect(Object.values(context.events)).toEqual([{ type: "Begin", data: { topic: "t" } }]);
    expect(notes).toEqual(["workers.s.queue.1"]);
  });

  test("gives a step that joins events no single one", () => {
    const workflow = defineWorkflow("w")
      .step("start", { accepts: StartEvent, emits: [Query, Page] }, () => Query({ text: "" }))
      .step("join", { accepts: allOf(Query, Page), emits: StopEvent }, () => StopEvent());
    const { context, notes } = load(version2({ join: worker({ queue: [attempt(query("a"))] }) }), { workflow });
    expect(notes).toEqual(["workers.join.queue.0"]);
    expect(context.events).toEqual({});
  });

  test("reads no state that is a pickle, and keeps one that does not fit its schema", () => {
    const pickled = load(version2({}, { state: { state_data: "gASVCgAAAAAAAAB9lC4=" } }), { workflow: asking() });
    expect(pickled.context.store).toEqual({});
    expect(pickled.notCarriedOver).toEqual([
      { path: "state.state_data", reason: "a pickled Python value can only be read by Python" },
    ]);
    const workflow = defineWorkflow("w", { state: z.object({ seen: z.number().default(0) }) }).step(
      "s",
      { accepts: StartEvent, emits: StopEvent },
      () => StopEvent(),
    );
    const unfit = load(version2({}, { state: dictState({ seen: "many" }) }), { workflow });
    expect([unfit.context.store, unfit.notes]).toEqual([{ seen: "many" }, ["state"]]);
    const later: StandardSchema = {
      "~standard": { version: 1, vendor: "test", validate: () => Promise.reject(new Error("late")) },
    };
    const asynchronous = { ...workflow, state: later };
    expect(load(version2({}, { state: dictState({ seen: 1 }) }), { workflow: asynchronous }).notes).toEqual(["state"]);
  });

  test("gives a run of its own id and time, or the caller's", () => {
    const workflow = asking();
    const { context } = fromLlamaIndex(version2({}), { workflow });
    expect(context.runId).toMatch(/^[\da-f-]{36}$/);
    expect(Math.abs(context.at - Date.now())).toBeLessThan(60_000);
    const named = load(version2({}), { workflow, runId: "r" }).context;
    expect([named.runId, named.at, named.workflow]).toEqual(["r", NOW, "asking"]);
  });
});

describe("version 1", () => {
  test("has texts in progress, and attempts without ids", async () => {
    const log: string[] = [];
    const workflow = ingest(log);
    const payload = version1({
      fetch: { in_progress: [query("a")], queue: [{ event: query("b"), attempts: 0, first_attempt_at: null }] },
      report: { collected_events: { default: [page(40)] }, collected_waiters: [] },
    });
    const { context, notes } = load(payload, { workflow });
    expect(await resume(workflow, context).result()).toEqual({ total: 42 });
    expect([log, notes]).toEqual([["fetch a", "fetch b"], []]);
  });

  test("keeps the requirements of early waits", async () => {
    const log: string[] = [];
    const workflow = asking(log, { requirements: { user: "u" } });
    const early = {
      waiter_id: "waiter_app.events.Answer_{'user': 'u'}",
      event: builtIn("StartEvent"),
      waiting_for_event: "app.events.Answer",
      requirements: { user: "u" },
      resolved_event: null,
    };
    const { context } = load(version1({ ask: { queue: [], in_progress: [], collected_waiters: [early] } }), {
      workflow,
    });
    const handler = resume(workflow, context);
    await handler.sendEvent(Answer({ user: "other", n: 1 }));
    await settle();
    expect(log).toEqual([]);
    await handler.sendEvent(Answer({ user: "u", n: 2 }));
    expect(await handler.result()).toEqual({ total: 2 });
  });

  test("knows a woken item by its event", async () => {
    const workflow = asking();
    const woken = { ...waiter({ resolved_event: event("Answer", { n: 9 }) }), work_item_id: undefined };
    const payload = version1({ ask: { in_progress: [builtIn("StartEvent")], collected_waiters: [woken] } });
    const { context } = load(payload, { workflow });
    expect(context.nextWorkItem).toBe(2);
    expect(await resume(workflow, context).result()).toEqual({ total: 9 });
  });
});

describe("the form without a version", () => {
  test("goes on with what was in progress, then with what was queued; what a step leaves out is no loss", async () => {
    const log: string[] = [];
    const workflow = ingest(log);
    const everywhere = [query("b"), query("c")];
    const payload = legacy(
      { plan: everywhere, fetch: everywhere, report: [page(5), ...everywhere], _done: everywhere },
      {
        in_progress: { fetch: [query("aaa")], plan: [], _done: [] },
        broker_log: [builtIn("StartEvent"), query("aaa"), ...everywhere, page(5)],
        accepted_events: [
          ["plan", "StartEvent"],
          ["fetch", "Query"],
        ],
        state: { ...dictState({ k: 1 }), store_type: undefined },
        stepwise: false,
      },
    );
    const { context, notes } = load(payload, { workflow });
    expect(context.store).toEqual({ k: 1 });
    expect(await resume(workflow, context).result()).toEqual({ total: 9 });
    expect(log).toEqual(["fetch aaa", "fetch b"]);
    expect(notes).toEqual(["broker_log"]);
  });

  test("asks again where a step waited, and keeps answers that the wait had not seen", async () => {
    const log: string[] = [];
    const workflow = asking(log);
    const id = "waiter_app.events.Answer_{}";
    const answers = [builtIn("StopEvent"), event("Answer", { n: 1 }), event("Answer", { n: 1 })];
    const payload = legacy(
      { ask: answers.slice(1), [id]: answers, "waiter_app.events.Other_{}": answers.slice(1) },
      { in_progress: { ask: [builtIn("StartEvent")] }, waiting_ids: [id] },
    );
    const { context, notes } = load(payload, { workflow });
    expect(context.mailbox).toHaveLength(2);
    expect(await resume(workflow, context).result()).toEqual({ total: 1 });
    expect([log.length, notes]).toEqual([2, ["waiting_ids.0"]]);
  });

  test("knows waits without a telling name by what no step accepts", () => {
    const workflow = asking();
    const uuid = "0b8f1c1e-6d9d-4a51-9a44-0d7c3f6f0a55";
    const all = [builtIn("StartEvent"), event("Answer", { n: 1 })];
    const payload = legacy({ ask: [], [uuid]: all, mine: all }, { waiting_ids: ["mine"] });
    expect(load(payload, { workflow }).context.mailbox).toHaveLength(1);
  });

  test("keeps gathered events by step, by kinds, or by a name of their own", async () => {
    const workflow = ingest();
    const pages = { "app.events.Page": [page(10), page(20)] };
    for (const [id, bufferId] of [
      ["report", "Page"],
      ["app.events.Page:app.events.Page:app.events.Page", "Page"],
      ["mine", "mine"],
    ] as const) {
      const { context, notes } = load(legacy({ fetch: [query("a")] }, { event_buffers: { [id]: pages } }), {
        workflow,
      });
      expect([context.buffers.map((buffer) => [buffer.step, buffer.bufferId]), notes]).toEqual([
        [["report", bufferId]],
        [],
      ]);
      if (bufferId === "Page") expect(await resume(workflow, context).result()).toEqual({ total: 31 });
    }
  });

  test("also as its first release wrote it: globals, and one buffer", async () => {
    const workflow = ingest();
    const payload = {
      globals: { user: '"u"', pickled: "gASVCgAAAAAAAAB9lC4=" },
      streaming_queue: JSON.stringify([page(1), "null"]),
      queues: { fetch: JSON.stringify([instance("llama_index.core.workflow.events.StartEvent"), query("a")]) },
      stepwise: true,
      events_buffer: { "app.events.Page": [page(10), page(20)], "app.events.Query": [] },
      in_progress: {},
      accepted_events: [],
      broker_log: [],
      is_running: true,
    };
    const { context, notes } = load(payload, { workflow });
    expect(context.store).toEqual({ user: "u" });
    expect(await resume(workflow, context).result()).toEqual({ total: 31 });
    expect(notes).toEqual(["globals.pickled", "streaming_queue", "stepwise"]);
  });

  test("gives the result of a run that had ended, or was about to", async () => {
    const workflow = ingest();
    const stop = event("Report", { total: 5 });
    const ended = legacy(
      { fetch: [query("a")] },
      { is_running: false, broker_log: [builtIn("StartEvent"), stop, query("a")] },
    );
    const { context, notes } = load(ended, { workflow });
    expect(await resume(workflow, context).result()).toEqual({ total: 5 });
    expect(notes).toEqual(["broker_log", "queues"]);
    const ending = load(legacy({ fetch: [stop], _done: [query("a"), stop] }), { workflow });
    expect([await resume(workflow, ending.context).result(), ending.notes]).toEqual([{ total: 5 }, []]);
    const again = legacy({}, { is_running: false, broker_log: [stop, builtIn("StartEvent")] });
    expect(load(again, { workflow }).context.status).toBe("cancelled");
  });

  test("gives the bare result of a StopEvent", async () => {
    const workflow = defineWorkflow("w").step("s", { accepts: StartEvent, emits: StopEvent }, () => StopEvent());
    for (const [value, result] of [
      [{ result: [1, { a: 2 }] }, [1, { a: 2 }]],
      [{}, null],
    ] as const) {
      const payload = legacy({}, { is_running: false, broker_log: [builtIn("StopEvent", value)] });
      expect(await resume(workflow, load(payload, { workflow }).context).result()).toEqual(result);
    }
  });

  test("names what a step accepted there and does not accept here, and what nobody takes", () => {
    const workflow = ingest();
    const payload = legacy(
      {
        fetch: [page(1), event("Answer", { n: 1 })],
        report: [event("Answer", { n: 1 })],
        other: [query("a")],
        "waiter_app.events.X_{}": ["gA=="],
      },
      { accepted_events: [["fetch", "Page"]], event_buffers: { lost: { "app.events.Query": [query("q"), page(1)] } } },
    );
    const { notCarriedOver } = load(payload, { workflow, events: { Answer } });
    expect(notCarriedOver.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      "queues.fetch.0: step fetch does not accept Page",
      'queues.other: the workflow has no step other; name ours in "steps"',
      "queues.waiter_app.events.X_{}.0: a pickled Python value can only be read by Python",
      "queues.fetch.1: no step accepts Answer",
      "event_buffers.lost: 2 gathered events: no step accepts all of them",
    ]);
  });

  test("publishes the question again, once", async () => {
    const workflow = asking();
    const payload = legacy({ ask: [] }, { in_progress: { ask: [builtIn("StartEvent")] } });
    const handler = resume(workflow, load(payload, { workflow }).context);
    await settle();
    await handler.sendEvent(Answer({ n: 1 }));
    expect(typesOf(await readAll(handler.streamEvents()))).toEqual(["Question", "Report"]);
  });
});

describe("what is no LlamaIndex context", () => {
  const workflow = ingest();
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;

  test.each([
    ["nothing", undefined, /an object was expected/],
    ["a text", "{}", /JSON\.parse/],
    ["a list", [], /an object was expected/],
    ["an empty object", {}, /none of the fields queues/],
    ["something with a version only", { version: 1 }, /none of the fields workers/],
    ["a saved run of ours", { format: "tickwork/context", version: 1 }, /resume\(\)/],
    ["a cycle", cycle, /no JSON value/],
    ["a bigint", { is_running: 1n }, /no JSON value/],
    ["a later version", { version: 3, workers: {} }, /version 3; this tickwork reads up to 2/],
    ["a version in a text", { version: "2", workers: {} }, /version is "2"/],
    ["half a version", { version: 1.5, workers: {} }, /version is 1\.5/],
    ["workers that are a list", { version: 2, workers: [] }, /damaged at workers/],
    ["an event that is an object", version2({ fetch: { queue: [{ event: {} }] } }), /workers\.fetch\.queue\.0\.event/],
    ["a queue that is no list", { queues: { fetch: "not a list" } }, /damaged at queues\.fetch: it is no JSON/],
    ["a queue of numbers", { queues: { fetch: "[1]" } }, /queues\.fetch: a list of texts/],
    ["a state of another form", version2({}, { state: { state_data: [1] } }), /state\.state_data/],
    ["a state without data", version2({}, { state: { some: 1 } }), /damaged at state/],
    ["a state of a bare value", version2({}, { state: { state_data: "5" } }), /state\.state_data/],
  ])("%s is refused by name", (_, payload, message) => {
    const failure = (() => {
      try {
        return fromLlamaIndex(payload, { workflow });
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(ContextSerdeError);
    expect((failure as Error).message).toMatch(message);
  });

  test("a later version has a code of its own", () => {
    expect(() => fromLlamaIndex({ version: 9, workers: {} }, { workflow })).toThrow(
      expect.objectContaining({ code: "CONTEXT_FROM_FUTURE", data: { version: 9, supported: 2 } }),
    );
  });

  test("options that lead nowhere are the caller's mistake", () => {
    for (const options of [{ steps: { fetch: "nowhere" } }, { events: { Query: 5 as never } }, { now: Number.NaN }]) {
      expect(() => fromLlamaIndex(version2({}), { workflow, ...options })).toThrow(WorkflowConfigurationError);
    }
  });
});
