import { test } from "@playwright/test";

/** What only Chromium or its driver can do. */
const ABILITIES = {
  policy: "tells what a worker's policy blocked",
  clipboard: "grants the clipboard to tests",
  forcedColors: "draws with forced colours when asked to",
  heap: "counts what is left in memory",
  installing: "says what keeps an app from being installed",
} as const;

/** Skips a test in browsers that cannot do what it needs, and says what that is. */
export function onlyChromium(browserName: string, ability: keyof typeof ABILITIES): void {
  test.skip(browserName !== "chromium", `only Chromium ${ABILITIES[ability]}`);
}
