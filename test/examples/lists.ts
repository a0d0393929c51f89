import { z } from "zod";
import { defineEvent, defineWorkflow, listOf, run, startEvent, stopEvent } from "tickwork";

const Check = startEvent("Check", z.object({ urls: z.array(z.string()) }));
const Fetch = defineEvent("Fetch", z.object({ url: z.string() }));
const Page = defineEvent("Page", z.object({ url: z.string() }));
const Report = stopEvent("Report", z.object({ good: z.array(z.string()) }));

const checking = defineWorkflow("checking")
  // Returning a list opens a stream of its elements.
  .step("plan", { accepts: Check, emits: listOf(Fetch) }, ({ data }) =>
    data.urls.map((url) => Fetch({ url })),
  )
  // Works on one element; it may also drop it.
  .step("fetch", { accepts: Fetch, emits: Page }, ({ data: { url } }) =>
    url.startsWith("/bad") ? undefined : Page({ url }),
  )
  // Runs once, when everything that came of the list is done.
  .step("report", { accepts: listOf(Page), emits: Report }, (pages) =>
    Report({ good: pages.map(({ data }) => data.url) }),
  );

console.log(await run(checking, { urls: ["/a", "/bad", "/b"] }).result());
console.log(await run(checking, { urls: [] }).result());
