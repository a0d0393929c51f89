// The installed app's icons, drawn from its logo.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tools.mjs";

/**
 * @param {import("playwright").Browser} browser
 */
export async function drawIcons(browser) {
  const logo = readFileSync(join(root, "inspector/ui/favicon.svg"), "utf8");
  await drawIcon(browser, logo, 192, "icon-192.png");
  await drawIcon(browser, logo, 512, "icon-512.png");
  // Systems cut their own form out of it: the colour goes to the edge, the line stays in the middle.
  const whole = logo.replace('rx="4.5"', "").replace("<path ", '<path transform="translate(3 3) scale(.7)" ');
  await drawIcon(browser, whole, 512, "icon-maskable-512.png");
}

/**
 * @param {import("playwright").Browser} browser
 * @param {string} svg
 * @param {number} size in pixels
 * @param {string} name
 */
async function drawIcon(browser, svg, size, name) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<body style="margin:0">${svg.replace("<svg ", `<svg width="${size}" style="display:block" `)}`,
  );
  await page.screenshot({ path: join(root, "inspector/offline/icons", name), omitBackground: true });
  await page.close();
}
