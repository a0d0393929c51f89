// The guide as a whole: its pages in the order of inspector/guide/README.md, each as an HTML document.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeHtml, nameOf, renderPage } from "./guide-markdown.mjs";
import { root } from "./tools.mjs";

export const guideFolder = join(root, "inspector/guide");

/** @typedef {{ readonly title: string, readonly names: readonly string[] }} GuideGroup */

/** The names of all pages: "index", "getting-started", … */
export function guideNames() {
  return readdirSync(guideFolder)
    .filter((file) => file.endsWith(".md"))
    .map(nameOf);
}

/** @param {string} name */
export function readPage(name) {
  const file = name === "index" ? "README.md" : `${name}.md`;
  return renderPage(file, readFileSync(join(guideFolder, file), "utf8"));
}

/**
 * The table of contents: README.md's second-level headings with the pages listed below them.
 * @returns {GuideGroup[]}
 */
export function readContents() {
  const sections = readFileSync(join(guideFolder, "README.md"), "utf8").split(/^## /m).slice(1);
  return sections.map((section) => ({
    title: section.slice(0, section.indexOf("\n")).trim(),
    names: Array.from(section.matchAll(/^- \[[^\]]*\]\(([^)#]+)\.md\)/gm), ([, name = ""]) => name),
  }));
}

/**
 * The whole document of a page, with addresses as the dev server and the build of Vite understand them.
 * @param {string} name
 */
export function guideDocument(name) {
  const page = readPage(name);
  const contents = readContents();
  const titles = new Map(contents.flatMap(({ names }) => names).map((one) => [one, readPage(one).title]));
  const order = ["index", ...titles.keys()];
  const place = order.indexOf(name);
  const sections = page.headings.filter(({ level }) => level === 2);

  /** @param {string} one */
  const link = (one) =>
    `<a href="${one}.html"${one === name ? ' aria-current="page"' : ""}>${escapeHtml(titles.get(one) ?? "Guide")}</a>`;
  const list = contents
    .map(({ title, names }) => {
      const items = names.map((one) => `<li>${link(one)}</li>`).join("");
      return `<p>${escapeHtml(title)}</p><ul>${items}</ul>`;
    })
    .join("\n");
  /**
   * @param {number} step
   * @param {string} word
   */
  const neighbour = (step, word) => {
    const other = place < 0 ? undefined : order[place + step];
    if (other === undefined) return "<span></span>";
    const title = titles.get(other) ?? "Guide";
    return `<a href="${other}.html" rel="${step < 0 ? "prev" : "next"}"><small>${word}</small>${escapeHtml(title)}</a>`;
  };

  return `<!doctype html>
<html lang="en" class="tw-root tw-guide">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${escapeHtml(page.description)}" />
    <link rel="icon" type="image/svg+xml" href="/inspector/ui/favicon.svg" />
    <link rel="stylesheet" href="/inspector/guide/guide.css" />
    <script type="module" src="/inspector/guide/guide.ts"></script>
    <title>${name === "index" ? "tickwork guide" : `${escapeHtml(page.title)} · tickwork guide`}</title>
  </head>
  <body>
    <a class="tw-guide-skip" href="#content">Skip to the text</a>
    <header class="tw-guide-top">
      <a class="tw-guide-brand" href="index.html">${logo}<span>tickwork</span> <span class="tw-guide-muted">guide</span></a>
      <a class="tw-guide-button" href="../index.html">Open the app</a>
    </header>
    <details class="tw-guide-menu">
      <summary>All pages</summary>
      <nav aria-label="All pages">${list}</nav>
    </details>
    <div class="tw-guide-columns">
      <nav class="tw-guide-side" aria-label="Guide">${list}</nav>
      <main id="content" class="tw-guide-text">
${page.html}
        <div class="tw-guide-turn">${neighbour(-1, "Before")}${neighbour(1, "Next")}</div>
      </main>
      <nav class="tw-guide-sections" aria-label="On this page">
        ${sections.length === 0 ? "" : `<p>On this page</p><ul>${sections.map(({ id, text }) => `<li><a href="#${id}">${escapeHtml(text)}</a></li>`).join("")}</ul>`}
      </nav>
    </div>
  </body>
</html>
`;
}

/** The one of the inspector. */
const logo =
  '<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d="M1.5 11.5h4l2.6-7 4 11.5 2.6-7.5 1.2 3h2.6" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" /></svg>';
