import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineEvent, defineWorkflow, exponentialBackoff, resource, run, startEvent, stopEvent } from "tickwork";

const Ingest = startEvent("Ingest", z.object({ urls: z.array(z.string()) }));
const Fetch = defineEvent("Fetch", z.object({ url: z.string() }));
const Page = defineEvent("Page", z.object({ url: z.string(), words: z.number() }));
const Report = stopEvent("Report", z.object({ total: z.number() }));

const ingest = defineWorkflow("ingest", {
  timeout: 60_000,
  state: z.object({ seen: z.number().default(0) }),
  resources: { cache: resource(() => new Map<string, string>()) },
  numConcurrentRuns: 2,
  description: "Fetch pages and count their words",
  version: "1",
})
  .step("plan", { accepts: Ingest, emits: Fetch, numWorkers: 1 }, (event, ctx) => {
    for (const url of event.data.urls) ctx.sendEvent(Fetch({ url }));
  })
  .step(
    "fetch",
    { accepts: Fetch, emits: Page, numWorkers: 8, retryPolicy: exponentialBackoff({ maximumAttempts: 5, initial: 1 }) },
    async (event, ctx) => {
      await ctx.store.edit((draft) => {
        draft.seen += 1;
      });
      if (ctx.retryInfo().attempt < 1) throw new Error("first time");
      return Page({ url: event.data.url, words: 3 });
    },
  )
  .step("report", { accepts: Page, emits: Report }, async (event, ctx) => {
    const pages = ctx.collectEvents(event, [Page, Page, Page]);
    if (!pages) return;
    return Report({ total: pages.reduce((sum, page) => sum + page.data.words, 0) });
  });

describe("run", () => {
  test("a workflow with fan-out, retries and fan-in gives its result", async () => {
    const handler = run(ingest, { urls: ["a", "b", "c"] });
    const events: string[] = [];
    for await (const event of handler.streamEvents()) events.push(event.type);
    expect(await handler.result()).toEqual({ total: 9 });
    expect(events).toEqual(["Report"]);
    expect(handler.status).toBe("completed");
  });
});
