/** Whatever is given: a refusal by `ContextSerdeError`, or a saved run that is whole and can be carried on. */
import fc from "fast-check";
import { ContextSerdeError, resume } from "tickwork";
import { fromLlamaIndex } from "tickwork/llama-index";
import { settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { parseContext } from "../../src/serialize/serialized-context.ts";
import { decodeState } from "../../src/serialize/decode-state.ts";
import { compile } from "../../src/workflow/compile.ts";
import { throughJson } from "../engine/fixtures.ts";
import {
  asking,
  attempt,
  builtIn,
  dictState,
  event,
  ingest,
  legacy,
  NOW,
  NOW_SECONDS,
  version1,
  version2,
  waiter,
  worker,
} from "./llama-index-payloads.ts";

const workflows = [ingest(), asking()];

/** Undefined when it was refused. */
function load(payload: unknown, workflow: (typeof workflows)[number]) {
  try {
    const { context, notCarriedOver } = fromLlamaIndex(payload, { workflow, now: NOW, runId: "r" });
    const saved = throughJson(context);
    expect(parseContext(saved)).toEqual(context);
    decodeState(compile(workflow).program, saved);
    expect(throughJson(notCarriedOver)).toEqual(notCarriedOver);
    return { saved, notCarriedOver };
  } catch (error) {
    if (!(error instanceof ContextSerdeError)) throw error;
    return undefined;
  }
}

const text = fc.oneof(
  fc.constantFrom(
    builtIn("StartEvent"),
    builtIn("StartEvent", { _data: { topic: "t" } }),
    builtIn("StopEvent", { result: 1 }),
    event("Query", { text: "abc" }),
    event("Query", { text: 5 }),
    event("Page", { words: 2 }),
    event("Answer", { n: 1 }),
    event("Report", { total: 1 }),
    event("Question"),
    event("Mystery"),
    "gASVCgAAAAAAAAB9lC4=",
    "null",
    "",
    "__proto__",
    '{"__is_pydantic": true, "value": {"text": "x", "__proto__": {"a": 1}}, "qualified_name": "app.Query"}',
    '{"__is_component": true, "value": {"text": "x", "top": 1e999}, "qualified_name": "app.Query"}',
  ),
  fc.json({ maxDepth: 2 }),
);
const time = fc.constantFrom(null, 51.5, NOW_SECONDS - 5, NOW_SECONDS + 5, 1e300, -1);
const name = fc.constantFrom("plan", "fetch", "report", "ask", "_done", "lost", "__proto__", "constructor", "default");
const anAttempt = fc
  .record({
    attempts: fc.nat(3),
    first_attempt_at: time,
    last_failed_at: time,
    not_before: time,
    last_exception: fc.constantFrom(null, { exception_type: "app.NonError", exception_message: "no" }),
    recovery_counts: fc.constantFrom({}, { rescue: 1 }),
    work_item_id: fc.constantFrom(null, "work_item_1", "work_item_2"),
    text,
  })
  .map(({ text: of, ...more }) => attempt(of, more));
const aWaiter = fc
  .record({
    waiter_id: fc.constantFrom("waiter_app.events.Answer_{}_work_item_1", "mine", "Answer#0"),
    event: text,
    waiting_for_event: fc.constantFrom("app.events.Answer", "app.events.Page", "x.Unknown", ""),
    has_requirements: fc.boolean(),
    requirements: fc.constantFrom(
      undefined,
      {},
      { user: "u" },
      { __is_pydantic: true, qualified_name: "a.B", value: 5 },
    ),
    resolved_event: fc.option(text),
    work_item_id: fc.constantFrom(null, "work_item_1", "work_item_2"),
  })
  .map(waiter);
const lists = (of: fc.Arbitrary<string>) => fc.dictionary(name, fc.array(of, { maxLength: 3 }), { maxKeys: 3 });
const state = fc.oneof(
  fc.constantFrom(
    {},
    null,
    dictState({ seen: 1 }),
    { state_data: "gASV" },
    { store_type: "sqlite" },
    { state_data: "{}" },
  ),
  fc.json({ maxDepth: 2 }).map((value) => dictState({ value })),
);
const aWorker = fc
  .record({
    queue: fc.array(anAttempt, { maxLength: 4 }),
    in_progress: fc.array(fc.oneof(anAttempt, text), { maxLength: 3 }),
    collected_events: lists(text),
    static_collect_events: fc.array(text, { maxLength: 1 }),
    collected_waiters: fc.array(aWaiter, { maxLength: 4 }),
  })
  .map(worker);
const workers = fc.dictionary(name, aWorker, { maxKeys: 4 });
const payload = fc.oneof(
  fc
    .record({ workers, state, isRunning: fc.boolean() })
    .map((of) => version2(of.workers, { state: of.state, is_running: of.isRunning })),
  fc.record({ workers, state }).map((of) => version1(of.workers, { state: of.state })),
  fc
    .record({
      queues: fc.dictionary(
        fc.oneof(name, fc.constantFrom("waiter_app.events.Answer_{}", "mine")),
        fc.array(text, { maxLength: 4 }),
      ),
      more: fc.record({
        in_progress: lists(text),
        event_buffers: fc.dictionary(
          fc.oneof(name, fc.constantFrom("app.events.Page:app.events.Page", "mine")),
          lists(text),
          { maxKeys: 2 },
        ),
        events_buffer: fc.option(lists(text)),
        broker_log: fc.array(text, { maxLength: 4 }),
        is_running: fc.boolean(),
        waiting_ids: fc.constantFrom([], ["mine"]),
        state,
      }),
    })
    .map(({ queues, more }) => legacy(queues, more)),
);
const workflow = fc.constantFrom(...workflows);

test("any JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), workflow, (value, of) => void load(value, of)),
    { numRuns: 300 },
  );
});

test("any value there is", () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
      workflow,
      (value, of) => void load(value, of),
    ),
    { numRuns: 300 },
  );
});

test("payloads put together from what LlamaIndex writes", () => {
  let read = 0;
  fc.assert(
    fc.property(payload, workflow, (value, of) => {
      if (load(value, of)) read += 1;
    }),
    { numRuns: 500 },
  );
  expect(read).toBeGreaterThan(300);
});

test("payloads of which one value was replaced", () => {
  fc.assert(
    fc.property(payload, workflow, fc.nat(), fc.jsonValue({ maxDepth: 2 }), (value, of, at, other) => {
      const places = [...placesIn(value)];
      const place = places[at % places.length];
      const damaged: unknown = place ? replaced(value, place, other) : other;
      load(damaged, of);
    }),
    { numRuns: 500 },
  );
});

test("what is read can be carried on, to the end or until it waits", async () => {
  await fc.assert(
    fc.asyncProperty(payload, workflow, async (value, of) => {
      const loaded = load(value, of);
      if (!loaded) return;
      const clock = new SimulatedClock(NOW);
      const handler = resume(of, loaded.saved, { runtime: { clock, journal: null } });
      handler.result().catch(() => undefined);
      await settle();
      await clock.advance(60_000);
      expect(["idle", "completed", "failed", "running"]).toContain(handler.status);
      if (handler.status === "running") expect(loaded.saved.delayed).not.toEqual([]);
      parseContext(throughJson(await handler.snapshot()));
      await handler.cancelRun().catch(() => undefined);
    }),
    { numRuns: 200 },
  );
});

test("deep nesting, in the payload and in its texts, is no hang and no overflow", () => {
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  for (const depth of [400, 5000, 200_000]) {
    const deep = `{"__is_pydantic": true, "value": {"text": "x", "_data": {"more": ${nested(depth)}}}, "qualified_name": "a.StartEvent"}`;
    const deepState = { state_data: { _data: { deep: nested(depth) } } };
    const loaded = load(version2({ ask: worker({ queue: [attempt(deep)] }) }, { state: deepState }), workflows[1]!);
    if (loaded) expect(loaded.notCarriedOver).not.toEqual([]);
    let inside: unknown = [];
    for (let count = 0; count < depth; count++) inside = [inside];
    load({ ...version2({}), streams: { inside } }, workflows[1]!);
  }
});

function* placesIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) yield* placesIn(item, [...path, key]);
}

function replaced(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...(value as object) };
  Object.defineProperty(copy, key, {
    value: replaced((value as Record<string, unknown>)[key], rest, other),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}
