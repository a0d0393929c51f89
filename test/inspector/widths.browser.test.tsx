/** What has its place at every width: tools, legend, overview, table. */
import type { Root } from "react-dom/client";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import "../../inspector/inspector.css";
import { BreakableText } from "../../inspector/ui/BreakableText.tsx";
import { Inspector } from "../../inspector/index.ts";
import { createLoadSource } from "./fixtures/load-source.ts";

let root: Root | null = null;
let host: HTMLElement | null = null;

afterEach(() => {
  root?.unmount();
  host?.remove();
  localStorage.clear();
});

function place(width: number): HTMLElement {
  host = document.createElement("div");
  Object.assign(host.style, { position: "fixed", inset: "0", width: `${width}px`, height: "900px" });
  document.body.append(host);
  root = createRoot(host);
  return host;
}

async function open(): Promise<HTMLElement> {
  const at = place(1_600);
  root?.render(<Inspector source={createLoadSource(20)} />);
  await vi.waitFor(() => expect(at.querySelector("[data-run=load]")).not.toBeNull(), { timeout: 5_000 });
  at.querySelector<HTMLElement>("[data-run=load]")?.click();
  await vi.waitFor(() => expect(at.querySelector(".react-flow__node")).not.toBeNull(), { timeout: 30_000 });
  return at;
}

async function resize(at: HTMLElement, width: number): Promise<void> {
  at.style.width = `${width}px`;
  for (let frame = 0; frame < 4; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** undefined: it is not shown. */
function box(at: HTMLElement, selector: string): DOMRect | undefined {
  const found = at.querySelector(selector)?.getBoundingClientRect();
  return found === undefined || found.width === 0 ? undefined : found;
}
const isIn = (inner: DOMRect, outer: DOMRect): boolean =>
  inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5 && inner.bottom <= outer.bottom + 0.5;
const meet = (a: DOMRect, b: DOMRect): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const WIDTHS = [400, 520, 640, 770, 800, 960, 1_120, 1_280, 1_440, 1_600];

test("tools and legend have room beside the graph at every width, and nothing lies over the overview", async () => {
  const at = await open();
  for (const width of WIDTHS) {
    await resize(at, width);
    const graph = box(at, ".tw-graph");
    const [legend, tools, minimap] = [".tw-heat-legend", ".tw-graph-tools", ".tw-minimap"].map((each) => box(at, each));
    if (graph === undefined || legend === undefined || tools === undefined)
      throw new Error(`Not shown at ${width} px.`);
    expect([width, isIn(legend, graph), isIn(tools, graph), legend.height < 24]).toEqual([width, true, true, true]);
    expect([width, minimap !== undefined && meet(minimap, legend)]).toEqual([width, false]);
  }
});

test("the table of steps fits from 520 px on; narrower, the names stay and keys reach the rest", async () => {
  const at = await open();
  at.querySelector<HTMLElement>("[aria-label='Show the steps as a table']")?.click();
  await vi.waitFor(() => expect(at.querySelector(".tw-steps")).not.toBeNull(), { timeout: 30_000 });
  const table = at.querySelector<HTMLElement>(".tw-steps");
  if (table === null) throw new Error("No table.");
  for (const width of [520, 640, 760, 1_600]) {
    await resize(at, width);
    expect([width, table.scrollWidth - table.clientWidth]).toEqual([width, 0]);
  }
  await resize(at, 400);
  expect(table.scrollWidth).toBeGreaterThan(table.clientWidth);
  const grid = table.querySelector("[role=grid]");
  for (let times = 0; times < 3; times += 1)
    grid?.dispatchEvent(
      new KeyboardEvent("keydown", { key: "ArrowRight", shiftKey: true, bubbles: true, cancelable: true }),
    );
  expect(table.scrollLeft).toBe(table.scrollWidth - table.clientWidth);
  for (const selector of ["thead th:first-child", "tbody th"])
    expect(table.querySelector(selector)?.getBoundingClientRect().left).toBe(table.getBoundingClientRect().left);
});

test("a path is broken between its words", async () => {
  const at = place(100);
  root?.render(
    <code style={{ display: "block", overflowWrap: "anywhere", font: "12px monospace" }}>
      <BreakableText text="event.data.customerAddress[12].zip_code" />
    </code>,
  );
  await vi.waitFor(() => expect(at.textContent).toBe("event.data.customerAddress[12].zip_code"));
  const text = document.createTreeWalker(at, NodeFilter.SHOW_TEXT);
  for (let word = text.nextNode(); word !== null; word = text.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(word);
    expect([word.textContent, range.getClientRects().length]).toEqual([word.textContent, 1]);
  }
});
