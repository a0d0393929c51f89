/**
 * Fetches addresses of this site and reports what was slow or broken.
 *
 *   Site ─► list ─ Address ─► fetch ─ Checked ─► report ─► SiteReport
 *
 * Each address has its own time limit. What may pass (no answer, too many requests, a server's error) is tried again
 * with growing pauses; what will not (a page that is not there) is not.
 */
import { defineEvent, defineWorkflow, exponentialBackoff, startEvent, stopEvent } from "tickwork";
import { z } from "zod";
import { type CheckResult, checkResult, siteReport } from "./site-report.ts";

const address = z.object({
  index: z.number(),
  /** How many addresses are checked. */
  of: z.number(),
  url: z.string(),
  timeoutMs: z.number(),
  slowMs: z.number(),
});
type Address = z.infer<typeof address>;

export const Site = startEvent(
  "Site",
  z.object({
    origin: z.url().describe("The site, such as https://example.org"),
    urls: z.array(z.string()).min(1).max(500).describe("Addresses on that site, whole or from the root on"),
    timeoutMs: z.number().int().min(50).max(60_000).default(5_000).describe("Milliseconds an address has to answer"),
    slowMs: z.number().int().min(1).default(500).describe("Milliseconds from which on an answer is called slow"),
  }),
);
const Address = defineEvent("Address", address);
const Checked = defineEvent("Checked", z.object({ address, result: checkResult }));
const SiteReport = stopEvent("SiteReport", siteReport);

/** The list names addresses of other sites. Nothing was fetched. */
class OtherOriginError extends Error {
  override readonly name = "OtherOriginError";
  readonly code = "OTHER_ORIGIN";

  constructor(origin: string, others: readonly string[]) {
    const shown = others.slice(0, 3).join(", ") + (others.length > 3 ? ` and ${others.length - 3} more` : "");
    super(
      `Only addresses of ${origin} are checked, and these are not: ${shown}. Take them off the list and start again.`,
    );
  }
}

const maximumAttempts = 4;

export const siteCheck = defineWorkflow("site-check", {
  description: "Find slow and broken pages of this site",
  timeout: 30 * 60_000,
})
  .step(
    "list",
    { accepts: Site, emits: Address, numWorkers: 1, description: "Refuse other sites, then take one address each" },
    (event, ctx) => {
      const { origin, urls, timeoutMs, slowMs } = event.data;
      const wanted = sameOriginUrls(new URL(origin).origin, urls);
      for (const [index, url] of wanted.entries()) {
        ctx.sendEvent(Address({ index, of: wanted.length, url, timeoutMs, slowMs }));
      }
    },
  )
  .step(
    "fetch",
    {
      accepts: Address,
      emits: Checked,
      numWorkers: 4,
      retryPolicy: exponentialBackoff({ initial: 300, factor: 2, maximum: 5_000, jitter: 0.3, maximumAttempts }),
      description: "Fetch one address within its time limit",
    },
    async (event, ctx) => {
      const attempts = ctx.retryInfo().attempt + 1;
      const result = await checkAddress(event.data, attempts, ctx.signal);
      const passing = result.status === null || result.status >= 500 || result.status === 408 || result.status === 429;
      if (passing && attempts < maximumAttempts) throw new Error(result.problem ?? `${event.data.url} did not answer.`);
      return Checked({ address: event.data, result });
    },
  )
  .step(
    "report",
    { accepts: Checked, emits: SiteReport, numWorkers: 1, description: "Count what was slow or broken" },
    (event, ctx) => {
      const all = ctx.collectEvents(
        event,
        Array.from({ length: event.data.address.of }, () => Checked),
      );
      if (!all) return;
      const pages = all
        .map(({ data }) => data)
        .toSorted((a, b) => a.address.index - b.address.index)
        .map(({ address: { url }, result }) => ({ url, ...result }));
      const count = (verdict: CheckResult["verdict"]) => pages.filter((page) => page.verdict === verdict).length;
      const { url, slowMs } = event.data.address;
      return SiteReport({
        origin: new URL(url).origin,
        slowMs,
        ok: count("ok"),
        slow: count("slow"),
        broken: count("broken"),
        pages,
      });
    },
  );

/** Whole addresses, each once. In a browser the site is the one this page came from, whatever the input says. */
function sameOriginUrls(origin: string, urls: readonly string[]): string[] {
  const here = "location" in globalThis ? globalThis.location.origin : origin;
  const whole = [...new Set(urls.map((url) => (URL.canParse(url, origin) ? new URL(url, origin).href : url)))];
  const others = whole.filter((url) => !URL.canParse(url) || new URL(url).origin !== here);
  if (others.length > 0 || here !== origin) throw new OtherOriginError(here, others.length > 0 ? others : [origin]);
  return whole;
}

async function checkAddress(asked: Address, attempts: number, runSignal: AbortSignal): Promise<CheckResult> {
  const timeout = AbortSignal.timeout(asked.timeoutMs);
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  try {
    const response = await fetch(asked.url, {
      signal: AbortSignal.any([runSignal, timeout]),
      cache: "no-store",
      credentials: "omit",
    });
    const bytes = (await response.arrayBuffer()).byteLength;
    const ms = elapsed();
    const problem = problemOf(asked.url, response);
    return {
      verdict: problem !== null ? "broken" : ms >= asked.slowMs ? "slow" : "ok",
      status: response.status,
      ms,
      bytes,
      redirectedTo: response.redirected ? response.url : null,
      attempts,
      problem,
    };
  } catch (error) {
    // The run itself ended: that says nothing about the address.
    runSignal.throwIfAborted();
    const problem = timeout.aborted
      ? `No answer within ${asked.timeoutMs} ms.`
      : `No answer: ${error instanceof Error ? error.message : String(error)}`;
    return { verdict: "broken", status: null, ms: elapsed(), bytes: 0, redirectedTo: null, attempts, problem };
  }
}

function problemOf(url: string, response: Response): string | null {
  if (!response.ok) return `The server answered ${response.status} ${response.statusText}`.trimEnd();
  // Servers of single-page apps answer with the app's page, and “200 OK”, for files that are not there.
  const extension = /\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase();
  const isPage = (response.headers.get("content-type") ?? "").startsWith("text/html");
  return isPage && extension !== undefined && !/^(?:x?html?|php|aspx?)$/.test(extension)
    ? `A web page came instead of a .${extension} file: it is probably missing.`
    : null;
}
