/** What pictures depend on beside the code: where it is another, comparing them would say nothing. */
import type { Browser } from "@playwright/test";
import { readFileSync, writeFileSync } from "node:fs";

export interface MadeWith {
  /** Name and major version. */
  readonly browser: string;
  readonly platform: string;
  /** How wide a line of text is in each of the inspector's fonts: tells which of them are installed, and how they are set. */
  readonly lineWidths: string;
}

const file = new URL("pictures/made-with.json", import.meta.url);
const tokens = new URL("../../inspector/ui/tokens.css", import.meta.url);

export async function madeHere(browser: Browser): Promise<MadeWith> {
  const fonts = Array.from(
    readFileSync(tokens, "utf8").matchAll(/--tw-(?:font|mono): ([^;]+);/g),
    ([, font]) => font ?? "",
  );
  const page = await browser.newPage();
  const lineWidths = (await page.evaluate(measure, fonts)).join(" ");
  await page.close();
  const [major] = browser.version().split(".");
  return { browser: `${browser.browserType().name()} ${major}`, platform: process.platform, lineWidths };
}

/** In the page. */
function measure(fonts: readonly string[]): number[] {
  const context = document.createElement("canvas").getContext("2d");
  return fonts.flatMap((font) =>
    ["400", "600"].map((weight) => {
      if (context === null) return 0;
      context.font = `${weight} 13px ${font}`;
      return Math.round(context.measureText("Why is it waiting? 0123456789 × · → Ελ ü").width * 100) / 100;
    }),
  );
}

export function keepMadeWith(here: MadeWith): void {
  writeFileSync(file, `${JSON.stringify(here, null, 2)}\n`);
}

/** Why the pictures cannot be compared here; null: they can. */
export function whyNotCompared(here: MadeWith): string | null {
  const kept = JSON.parse(readFileSync(file, "utf8")) as MadeWith;
  if (JSON.stringify(kept) === JSON.stringify(here)) return null;
  const words = ({ browser, platform, lineWidths }: MadeWith) => `${browser} on ${platform}, ${lineWidths} px`;
  return (
    `The pictures of the inspector were made with ${words(kept)} for a line; here is ${words(here)}. Where pictures are ` +
    "to be compared, take them anew with npm run pictures -- --proofs, look at each, and commit them."
  );
}
