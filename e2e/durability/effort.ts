/** How hard the proofs try: a little in every run of the tests, and for long in `npm run torture`. */
import type { Page } from "@playwright/test";

export interface Effort {
  /** Of all chance. */
  readonly seed: number;
  /** Workers killed at a write. */
  readonly crashPoints: number;
  /** Milliseconds after which no more of them are tried; 0: none. */
  readonly crashLimit: number;
  /** Browsers killed during one run. */
  readonly browserKills: number;
  /** Milliseconds for which tabs are closed, frozen and reloaded. */
  readonly tabsFor: number;
}

const asked = process.env["TICKWORK_TORTURE"];

export const isTorture = asked !== undefined;

export const effort: Effort = asked
  ? (JSON.parse(asked) as Effort)
  : { seed: 1, crashPoints: 1000, crashLimit: 0, browserKills: 5, tabsFor: 30_000 };

/** Lets the page say how far it is, a line every ten seconds; and each difference at once, for the end may be far. */
export async function showProgress(page: Page): Promise<void> {
  let next = performance.now() + 10_000;
  await page.exposeFunction("tellProgress", (points: number, differences: number, found: readonly string[]) => {
    for (const difference of found) console.log(`  ${difference}`);
    if (!isTorture || performance.now() < next) return;
    next = performance.now() + 10_000;
    console.log(`  ${points} of ${effort.crashPoints} crash points, ${differences} differences`);
  });
}
