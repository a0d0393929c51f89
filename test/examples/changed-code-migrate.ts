import { z } from "zod";
import { defineEvent, defineWorkflow, resume, run, startEvent, stopEvent } from "tickwork";

const Begin = startEvent("Begin", z.object({ pages: z.number() }));
const Page = defineEvent("Page", z.object({ number: z.number() }));
const Sheet = defineEvent("Sheet", z.object({ number: z.number(), book: z.string() }));
const Done = stopEvent("Done", z.object({ read: z.string() }));

// Version 1: the step "read" takes pages. The tab is closed while it is at work.
const before = defineWorkflow("reading", { version: "1", timeout: null })
  .step("plan", { accepts: Begin, emits: Page }, ({ data }, ctx) => {
    for (let number = 1; number <= data.pages; number++) ctx.sendEvent(Page({ number }));
  })
  .step(
    "read",
    { accepts: Page, emits: Done, numWorkers: 1 },
    () => new Promise<never>(() => {}),
  );

const handler = run(before, { pages: 3 });
await new Promise((resolve) => setTimeout(resolve, 10));
const saved = await handler.snapshot();

// Version 2: the step and its event have other names, and the event has a field more.
const after = defineWorkflow("reading", {
  version: "2",
  timeout: null,
  migrate: ({ from, to }) => {
    console.log(`from version ${from} to ${to}`);
    return {
      steps: { read: "readSheet" },
      events: { Page: "Sheet" },
      rewrite: ({ type, data }) =>
        type === "Page" ? Sheet({ ...(data as { number: number }), book: "one" }) : null,
    };
  },
})
  .step("plan", { accepts: Begin, emits: Sheet }, ({ data }, ctx) => {
    for (let number = 1; number <= data.pages; number++) {
      ctx.sendEvent(Sheet({ number, book: "one" }));
    }
  })
  .step("readSheet", { accepts: Sheet, emits: Done, numWorkers: 1 }, ({ data }) =>
    data.number === 3
      ? Done({ read: `sheet ${data.number} of book ${data.book}` })
      : undefined,
  );

console.log(await resume(after, saved).result());
