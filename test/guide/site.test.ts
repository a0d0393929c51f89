/** The guide as pages of the app: all of them can be reached, and no link leads nowhere. */
import { describe, expect, test } from "vitest";
import { guideDocument, guideNames, readContents, readPage } from "../../.ci/guide-pages.mjs";
import { renderPage, slugOf } from "../../.ci/guide-markdown.mjs";

const names = guideNames();
const idsOf = (name: string): string[] => readPage(name).headings.map(({ id }) => id);

test("README.md lists every page once", () => {
  const listed = readContents().flatMap((group) => group.names);
  expect(listed.toSorted()).toEqual(names.filter((name) => name !== "index").toSorted());
});

describe.each(names)("%s", (name) => {
  test("has links to pages and headings that exist", () => {
    const broken = readPage(name).links.filter((href) => {
      if (href.startsWith("https:")) return false;
      const [, file, id] = /^([a-zA-Z-]*?)(?:\.md)?(?:#(.*))?$/.exec(href) ?? [];
      if (file === undefined) return true;
      const target = file === "" ? name : file === "README" ? "index" : file;
      return !names.includes(target) || (id !== undefined && !idsOf(target).includes(id));
    });
    expect(broken).toEqual([]);
  });

  test("is a document without inline scripts or styles", () => {
    const html = guideDocument(name);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
    expect(html.match(/<script[^>]*>[^<]*/g)).toEqual(['<script type="module" src="/inspector/guide/guide.ts">']);
    expect(html).toContain(`<title>`);
  });
});

describe("a page", () => {
  test("has headings with the ids that the same text has on GitHub", () => {
    expect(slugOf("What `ctx.once` does, & why")).toBe("what-ctxonce-does--why");
    expect(renderPage("a.md", "# A\n\n## Same\n\n## Same").headings.map(({ id }) => id)).toEqual([
      "a",
      "same",
      "same-1",
    ]);
  });

  test("has links to pages where the Markdown has links to files", () => {
    const { html, links } = renderPage("a.md", "# A\n\n[b](b.md#c) [guide](README.md) [far](https://b.example/c.md)");
    expect(html).toContain('<a href="b.html#c">b</a> <a href="index.html">guide</a> <a href="https://b.example/c.md">');
    expect(links).toEqual(["b.md#c", "README.md", "https://b.example/c.md"]);
  });

  test("has code in classes, with what is markup in it written as text", () => {
    const { html } = renderPage(
      "a.md",
      "# A\n\n```ts file=a.ts\nconst a = 1 < 2;\n```\n\n```text output=a.ts\n<b>\n```",
    );
    expect(html).toContain('<span class="hljs-keyword">const</span> a = <span class="hljs-number">1</span> &lt;');
    expect(html).toContain("<span>a.ts</span>");
    expect(html).toContain("<code>&lt;b&gt;</code>");
  });

  test("takes no HTML and needs a title", () => {
    expect(() => renderPage("a.md", "# A\n\n<b>bold</b>")).toThrow(/a\.md: write Markdown, not HTML: <b>/);
    expect(() => renderPage("a.md", "text")).toThrow(/a\.md: it needs a title/);
  });
});
