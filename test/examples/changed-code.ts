import { z } from "zod";
import { defineEvent, defineWorkflow, resume, run, startEvent, stopEvent } from "tickwork";

const Begin = startEvent("Begin", z.object({ pages: z.number() }));
const Page = defineEvent("Page", z.object({ number: z.number() }));
const Done = stopEvent("Done", z.object({ by: z.string() }));

/** As it was, and as it is now: the step that reads pages has another name. */
const reading = (version: string, step: string, wait: Promise<unknown>) =>
  defineWorkflow("reading", { version, timeout: null })
    .step("plan", { accepts: Begin, emits: Page }, ({ data }, ctx) => {
      for (let number = 1; number <= data.pages; number++) ctx.sendEvent(Page({ number }));
    })
    .step(step, { accepts: Page, emits: Done, numWorkers: 1 }, async ({ data }) => {
      await wait;
      return data.number === 3 ? Done({ by: `${step} of version ${version}` }) : undefined;
    });

// Version 1 is in the middle of three pages when the tab is closed.
const handler = run(reading("1", "read", new Promise(() => {})), { pages: 3 });
await new Promise((resolve) => setTimeout(resolve, 10));
const saved = await handler.snapshot();

// Version 2 has no step "read".
const changed = reading("2", "readPage", Promise.resolve());
try {
  resume(changed, saved);
} catch (error) {
  const { code, data } = error as { code: string; data: { mismatch: { steps: unknown } } };
  console.log(code, data.mismatch.steps);
}

// Version 3 has it again, and goes on where version 1 stopped.
const mended = reading("3", "read", Promise.resolve());
console.log(await resume(mended, saved).result());
