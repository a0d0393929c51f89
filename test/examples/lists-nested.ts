import { z } from "zod";
import { defineEvent, defineWorkflow, listOf, run, startEvent, stopEvent } from "tickwork";

const Site = startEvent("Site", z.object({ pages: z.array(z.array(z.string())) }));
const Page = defineEvent("Page", z.object({ links: z.array(z.string()) }));
const Link = defineEvent("Link", z.object({ url: z.string() }));
const Checked = defineEvent("Checked", z.object({ url: z.string() }));
const PageDone = defineEvent("PageDone", z.object({ links: z.number() }));
const SiteDone = stopEvent("SiteDone", z.object({ links: z.array(z.number()) }));

const crawling = defineWorkflow("crawling")
  .step("pages", { accepts: Site, emits: listOf(Page) }, ({ data }) =>
    data.pages.map((links) => Page({ links })),
  )
  .step("links", { accepts: Page, emits: listOf(Link) }, ({ data }) =>
    data.links.map((url) => Link({ url })),
  )
  .step("check", { accepts: Link, emits: Checked }, ({ data }) => Checked(data))
  // Once for each page …
  .step("page", { accepts: listOf(Checked), emits: PageDone }, (links) =>
    PageDone({ links: links.length }),
  )
  // … and then once for the site.
  .step("site", { accepts: listOf(PageDone), emits: SiteDone }, (pages) =>
    SiteDone({ links: pages.map(({ data }) => data.links) }),
  );

console.log(await run(crawling, { pages: [["/a", "/b"], [], ["/c"]] }).result());
