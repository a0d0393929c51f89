// A page of the guide, from Markdown to HTML: classes only, no inline styles, so that it works under a strict policy.

import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import typescript from "highlight.js/lib/languages/typescript";
import { Marked } from "marked";

hljs.registerLanguage("sh", bash);
hljs.registerLanguage("ts", typescript);

/**
 * @typedef {object} GuidePage
 * @property {string} name "retries" of retries.md; "index" of README.md
 * @property {string} title
 * @property {string} description plain text, one sentence or two
 * @property {string} html
 * @property {readonly Heading[]} headings
 * @property {readonly string[]} links addresses as the Markdown has them
 *
 * @typedef {{ readonly id: string, readonly text: string, readonly level: number }} Heading
 */

/**
 * @param {string} file the name of the Markdown file
 * @param {string} markdown
 * @returns {GuidePage}
 */
export function renderPage(file, markdown) {
  /** @type {Heading[]} */
  const headings = [];
  /** @type {string[]} */
  const links = [];
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const text = plainText(html);
        const id = uniqueId(slugOf(text), headings);
        headings.push({ id, text, level: depth });
        if (depth === 1) return `<h1>${html}</h1>\n`;
        return `<h${depth} id="${id}"><a class="tw-guide-anchor" href="#${id}">${html}</a></h${depth}>\n`;
      },
      link({ href, title, tokens }) {
        links.push(href);
        const hint = title ? ` title="${escapeHtml(title)}"` : "";
        return `<a href="${escapeHtml(toAddress(href))}"${hint}>${this.parser.parseInline(tokens)}</a>`;
      },
      // Long names may break where their words do.
      codespan: ({ text }) => `<code>${escapeHtml(text).replaceAll("_", "_<wbr>")}</code>`,
      code: ({ text, lang = "" }) => codeFigure(text, lang),
      table(table) {
        const columns = table.header.map(({ text }) => escapeHtml(text));
        const head = table.header.map(({ tokens }) => `<th>${this.parser.parseInline(tokens)}</th>`);
        const rows = table.rows.map((row) =>
          row.map(({ tokens }, index) => {
            // Where there is no room for columns, a cell says which one it is of.
            const column = index === 0 ? "" : ` data-column="${columns[index]}"`;
            return `<td${column}>${this.parser.parseInline(tokens)}</td>`;
          }),
        );
        const lines = rows.map((cells) => `<tr>${cells.join("")}</tr>\n`).join("");
        return (
          '<div class="tw-guide-scroll" role="group" aria-label="Table" tabindex="0">' +
          `<table>\n<thead><tr>${head.join("")}</tr></thead>\n<tbody>${lines}</tbody></table></div>\n`
        );
      },
      html({ text }) {
        throw new Error(`${file}: write Markdown, not HTML: ${text.trim()}`);
      },
    },
  });
  const html = marked.parse(markdown, { async: false });
  const title = headings.find(({ level }) => level === 1)?.text;
  if (title === undefined) throw new Error(`${file}: it needs a title (# …).`);
  const [, intro = ""] = /<p>([\s\S]*?)<\/p>/.exec(html) ?? [];
  return { name: nameOf(file), title, description: plainText(intro), html, headings, links };
}

/** @param {string} file */
export function nameOf(file) {
  return file === "README.md" ? "index" : file.replace(/\.md$/, "");
}

/**
 * Links between pages lead to Markdown, for readers of the repository.
 * @param {string} href
 */
function toAddress(href) {
  if (/^[a-z]+:/i.test(href)) return href;
  return href.replace(/^README\.md/, "index.md").replace(/\.md(?=#|$)/, ".html");
}

/**
 * @param {string} code
 * @param {string} info the words behind the fence: the language, and what the block shows
 */
function codeFigure(code, info) {
  const [language = "", ...words] = info.split(/\s+/);
  const file = words.find((word) => word.startsWith("file="))?.slice("file=".length);
  const isOutput = words.some((word) => word.startsWith("output="));
  const caption = file ?? (isOutput ? "Output" : language === "sh" ? "Terminal" : "");
  const html = hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : escapeHtml(code);
  const copy = isOutput ? "" : '<button type="button" class="tw-guide-copy" hidden>Copy</button>';
  return (
    `<figure class="tw-guide-code${isOutput ? " tw-guide-output" : ""}">` +
    `<figcaption><span>${escapeHtml(caption)}</span>${copy}</figcaption>` +
    `<pre tabindex="0"><code>${html}</code></pre></figure>\n`
  );
}

/**
 * As GitHub makes them, so that links work there too.
 * @param {string} text
 */
export function slugOf(text) {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

/**
 * @param {string} slug
 * @param {readonly Heading[]} headings
 */
function uniqueId(slug, headings) {
  let id = slug;
  for (let count = 1; headings.some((heading) => heading.id === id); count++) id = `${slug}-${count}`;
  return id;
}

/** @param {string} html */
function plainText(html) {
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** @param {string} text */
export function escapeHtml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
