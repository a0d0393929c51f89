/** Contexts as LlamaIndex writes them, made by hand, and a workflow like those they come from. */
import { defineEvent, defineWorkflow, exponentialBackoff, StartEvent, stopEvent } from "tickwork";
import { z } from "zod";
import { Answer, Question } from "../engine/fixtures.ts";

export const NOW = Date.UTC(2026, 7, 1);
/** The same in Python's seconds. */
export const NOW_SECONDS = NOW / 1000;

export const Query = defineEvent("Query", z.object({ text: z.string(), top: z.number().optional() }));
export const Page = defineEvent("Page", z.object({ words: z.number() }));
const Report = stopEvent("Report", z.object({ total: z.number() }));

/** What the serializer makes of an instance of a class. */
export const instance = (qualified: string, value: object = {}): string =>
  JSON.stringify({ __is_pydantic: true, value, qualified_name: qualified });
export const event = (name: string, value: object = {}): string => instance(`app.events.${name}`, value);
export const builtIn = (name: string, value: object = {}): string => instance(`workflows.events.${name}`, value);
export const attempt = (text: string, more: object = {}): object => ({
  event: text,
  bound_events: null,
  attempts: 0,
  first_attempt_at: null,
  last_exception: null,
  last_failed_at: null,
  recovery_counts: {},
  not_before: null,
  scope_path: [],
  collection_release_payload: null,
  work_item_id: null,
  ...more,
});
export const waiter = (more: object = {}): object => ({
  waiter_id: "waiter_app.events.Answer_{}_work_item_1",
  event: builtIn("StartEvent"),
  bound_events: null,
  waiting_for_event: "app.events.Answer",
  has_requirements: false,
  resolved_event: null,
  scope_path: [],
  collection_release_payload: null,
  work_item_id: "work_item_1",
  ...more,
});
export const worker = (more: object = {}): object => ({
  queue: [],
  in_progress: [],
  collected_events: {},
  static_collect_events: [],
  collected_waiters: [],
  ...more,
});
export const dictState = (values: Record<string, unknown>): object => ({
  store_type: "in_memory",
  state_type: "DictState",
  state_module: "workflows.context.state_store",
  state_data: {
    _data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)])),
  },
});
export const version2 = (workers: object, more: object = {}): object => ({
  version: 2,
  state: dictState({}),
  is_running: true,
  workers,
  stream_seq: 0,
  work_item_seq: 1,
  streams: {},
  collection_release_states: {},
  ...more,
});
export const version1 = (workers: object, more: object = {}): object => ({
  version: 1,
  state: {},
  is_running: true,
  workers,
  ...more,
});
/** Queues are given as lists of texts. */
export const legacy = (queues: Record<string, string[]>, more: object = {}): object => ({
  state: {},
  streaming_queue: "[]",
  queues: Object.fromEntries(Object.entries(queues).map(([name, texts]) => [name, JSON.stringify(texts)])),
  event_buffers: {},
  in_progress: {},
  accepted_events: [],
  broker_log: [],
  is_running: true,
  waiting_ids: [],
  ...more,
});

/** Counts words: a plan sends queries, workers fetch pages, a report adds up three of them. */
export function ingest(log: string[] = []) {
  return defineWorkflow("ingest", { timeout: null })
    .step("plan", { accepts: StartEvent, emits: Query }, (_, ctx) => {
      log.push("plan");
      for (const text of ["a", "b", "c"]) ctx.sendEvent(Query({ text }));
    })
    .step(
      "fetch",
      {
        accepts: Query,
        emits: Page,
        numWorkers: 1,
        retryPolicy: exponentialBackoff({ initial: 1000, maximumAttempts: 5 }),
      },
      ({ data }, ctx) => {
        const { attempt: failures, lastError } = ctx.retryInfo();
        log.push(`fetch ${data.text}${failures > 0 ? ` after ${failures}: ${lastError?.message}` : ""}`);
        return Page({ words: data.text.length });
      },
    )
    .step("report", { accepts: Page, emits: Report }, (page, ctx) => {
      const pages = ctx.collectEvents(page, [Page, Page, Page]);
      return pages ? Report({ total: pages.reduce((sum, { data }) => sum + data.words, 0) }) : undefined;
    });
}

/** Asks and reports the answer's number. */
export function asking(log: string[] = [], options: { requirements?: object; waiterId?: string } = {}) {
  return defineWorkflow("asking", { timeout: null }).step(
    "ask",
    { accepts: StartEvent, emits: Report, waitsFor: Answer },
    async (start, ctx) => {
      log.push(`ask ${JSON.stringify(start.data)}`);
      const answer = await ctx.waitForEvent(Answer, {
        waiterEvent: Question("?"),
        timeout: null,
        ...(options as object),
      });
      return Report({ total: (answer.data as { n: number }).n });
    },
  );
}
