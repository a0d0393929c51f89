import { expect, test } from "@playwright/test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MarathonEnd, MarathonNews } from "./app/marathon.ts";
import { createRandom } from "./app/random.ts";
import { BrowserProcess } from "./browser-process.ts";
import { effort, isTorture } from "./effort.ts";

const LANES = 4;
/** Enough that each browser finds some left to run. */
const LAPS = Math.max(100, effort.browserKills * 20);
/** One for each lap of a lane, and the end. */
const EVENTS = LANES * LAPS + 1;

test("a browser killed in the middle of a run goes on with it: nothing lost, doubled or repeated", async ({
  browserName,
}) => {
  test.skip(browserName !== "chromium" || process.platform === "win32", "kills a process group of Chromium");
  test.setTimeout(60_000 + effort.browserKills * 15_000);
  const profile = await mkdtemp(join(tmpdir(), "tickwork-kill-"));
  const draw = createRandom(effort.seed);
  const report = new MarathonReport();
  let end: MarathonEnd | null = null;
  try {
    for (let kill = 1; end === null; kill++) {
      const isLast = kill > effort.browserKills;
      // Spread over what is left of the run; some browsers die before they get anywhere.
      const share = (EVENTS - report.seen) / (effort.browserKills + 2 - kill);
      const enough = draw(5) === 0 ? 0 : report.seen + draw(Math.ceil(share));
      end = await watch(profile, report, isLast ? null : { enough, more: draw(40) });
      if (isTorture && !isLast) console.log(`  killed ${kill} times, ${report.seen} of ${EVENTS} events`);
    }
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  expect(report.faults).toEqual([]);
  expect(report.seen).toBe(EVENTS);
  expect(report.places.size).toBe(LANES * LAPS);
  expect(end).toEqual({ result: { laps: LANES * LAPS }, repeated: [] });
});

/** One browser's life: to the end of the run, or so many milliseconds after enough events were seen. */
async function watch(
  profile: string,
  report: MarathonReport,
  death: { enough: number; more: number } | null,
): Promise<MarathonEnd | null> {
  const browser = await BrowserProcess.start(profile);
  try {
    const { page } = browser;
    const isEnough = new Promise<void>((resolve) => {
      if (death && report.seen >= death.enough) resolve();
      report.onNews = () => death && report.seen >= death.enough && resolve();
    });
    await page.exposeFunction("tellMarathon", (news: MarathonNews) => report.note(news));
    await page.goto(process.env["TICKWORK_PROOFS"]!);
    const ended = page.evaluate((options) => window.proofs.marathon(options), { laps: LAPS, after: report.seen });
    if (!death) return await ended;
    ended.catch(() => undefined); // It is cut off.
    await Promise.race([isEnough, ended]);
    await new Promise((resolve) => setTimeout(resolve, death.more));
    return null;
  } finally {
    await browser.kill();
    report.onNews = () => undefined;
  }
}

/** What the test was told, over all browsers: the world outside. */
class MarathonReport {
  /** Sequence of the last event that was seen. */
  seen = 0;
  readonly places = new Set<string>();
  readonly faults: string[] = [];
  onNews: () => void = () => undefined;

  note(news: MarathonNews): void {
    if (news.kind === "began") {
      if (this.places.has(news.place)) this.faults.push(`Lap ${news.place} was run again after it was reported.`);
      return;
    }
    const { sequence, place } = news;
    if (sequence !== this.seen + 1) this.faults.push(`Event ${sequence} came after event ${this.seen}.`);
    if (place !== null && this.places.has(place)) this.faults.push(`Lap ${place} was reported twice.`);
    if (place !== null) this.places.add(place);
    this.seen = sequence;
    this.onNews();
  }
}
