import type { Page } from "@playwright/test";

/** What the Content-Security-Policy blocked in a page and its workers so far. Only Chromium tells: elsewhere nothing. */
export async function policyViolations(page: Page): Promise<string[]> {
  if (page.context().browser()?.browserType().name() !== "chromium") return [];
  const found = await Promise.all([
    page.evaluate(observeViolations),
    ...page.workers().map((worker) => worker.evaluate(observeViolations)),
  ]);
  return found.flat();
}

/** Runs in the page or in a worker. A worker's violations show nowhere else. */
function observeViolations(): string[] {
  const observer = new ReportingObserver(() => {}, { buffered: true, types: ["csp-violation"] });
  observer.observe();
  return observer.takeRecords().map((report) => JSON.stringify(report.body));
}
