/** The graph in a real browser: what stays in place, and what is drawn anew. */
import type { Root } from "react-dom/client";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import "../../inspector/inspector.css";
import { drawPicture, pictureBox } from "../../inspector/graph/graph-picture.ts";
import { createLayoutClient } from "../../inspector/graph/layout-client.ts";
import { readPalette, toPng } from "../../inspector/graph/save-picture.ts";
import { describeDistantStep, describeStep } from "../../inspector/graph/step-words.ts";
import { toFlow } from "../../inspector/graph/to-flow.ts";
import { toTopology } from "../../inspector/graph/topology.ts";
import { Inspector } from "../../inspector/index.ts";
import { largeGraph, stepName } from "./fixtures/large-graph.ts";
import type { LoadSource } from "./fixtures/load-source.ts";
import { createLoadSource } from "./fixtures/load-source.ts";

vi.mock("../../inspector/graph/step-words.ts", { spy: true });

let root: Root | null = null;
let host: HTMLElement | null = null;

/** What the page complained of, e.g. of sizes that were observed in a loop: a host's error reports would have it. */
const complaints: string[] = [];
addEventListener("error", ({ message }) => complaints.push(message));

afterEach(() => {
  expect(complaints.splice(0)).toEqual([]);
  root?.unmount();
  host?.remove();
  localStorage.clear();
});

async function open(steps: number): Promise<{ source: LoadSource; at: HTMLElement }> {
  const source = createLoadSource(steps);
  const at = document.createElement("div");
  host = at;
  Object.assign(at.style, { position: "fixed", inset: "0", width: "1400px", height: "860px" });
  document.body.append(at);
  root = createRoot(at);
  root.render(<Inspector source={source} />);
  await vi.waitFor(() => expect(at.querySelector("[data-run=load]")).not.toBeNull(), { timeout: 5_000 });
  at.querySelector<HTMLElement>("[data-run=load]")?.click();
  await vi.waitFor(() => expect(at.querySelector(".react-flow__node")).not.toBeNull(), { timeout: 30_000 });
  await frames(10);
  return { source, at };
}

const frames = (count: number) =>
  new Promise<void>((resolve) => {
    const next = (left: number): void => {
      if (left === 0) resolve();
      else requestAnimationFrame(() => next(left - 1));
    };
    next(count);
  });
const cameraOf = (at: HTMLElement): string =>
  at.querySelector<HTMLElement>(".react-flow__viewport")?.style.transform ?? "";
const node = (at: HTMLElement, id: string): HTMLElement => {
  const found = at.querySelector<HTMLElement>(`[data-node="${id}"]`);
  if (found === null) throw new Error(`${id} is not drawn`);
  return found;
};
const press = (target: Element | null, key: string, more: KeyboardEventInit = {}): void =>
  void target?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

/** 10,000 ticks per second, in batches of a frame; resolves with how many batches these were. */
async function load(source: LoadSource, milliseconds: number): Promise<number> {
  let batches = 0;
  const begin = performance.now();
  let last = begin;
  while (performance.now() - begin < milliseconds) {
    await frames(1);
    const now = performance.now();
    source.emit(Math.max(1, Math.round((now - last) * 10)));
    last = now;
    batches += 1;
  }
  return batches;
}

test("camera, selection and focus stay where they are under 10,000 ticks per second", async () => {
  const { source, at } = await open(40);
  at.querySelector<HTMLElement>("[aria-label='Zoom in']")?.click();
  const focused = node(at, `step:${stepName(3)}`);
  focused.click();
  focused.focus();
  await frames(5);
  const before = [cameraOf(at), at.querySelector(".tw-detail h2")?.textContent, document.activeElement];
  expect(before[1]).toBe(stepName(3));
  await load(source, 2_000);
  await frames(5);
  expect(source.sequence).toBeGreaterThan(10_000);
  expect([cameraOf(at), at.querySelector(".tw-detail h2")?.textContent, document.activeElement]).toEqual(before);
});

test("one tick draws the nodes anew that it touched, and no other", async () => {
  const { source, at } = await open(40);
  expect(at.querySelectorAll(".tw-step").length).toBe(40);
  await frames(30);
  const drawn = (): string[] => [
    ...vi.mocked(describeStep).mock.calls.map(([, name]) => name),
    ...vi.mocked(describeDistantStep).mock.calls.map(([name]) => name),
  ];
  vi.clearAllMocks();
  source.emit(1);
  // After what cost much it may rest a while.
  await vi.waitFor(() => expect(drawn()).not.toEqual([]));
  await frames(10);
  expect(drawn()).toEqual([stepName(1)]);
});

test("after a relayout a node is on the pixel where it was, and the graph is not fitted again", async () => {
  const { source, at } = await open(12);
  const name = `step:${stepName(5)}`;
  node(at, name).click();
  at.querySelector<HTMLElement>("[aria-label='Zoom in']")?.click();
  await frames(5);
  const before = node(at, name).getBoundingClientRect();
  const zoom = /scale\([^)]*\)/.exec(cameraOf(at))?.[0];
  source.resize(60);
  source.emit(1);
  await vi.waitFor(() => expect(at.querySelector(`[data-node="step:${stepName(13)}"]`)).not.toBeNull(), {
    timeout: 10_000,
  });
  await frames(5);
  const after = node(at, name).getBoundingClientRect();
  expect(Math.abs(after.x - before.x)).toBeLessThan(1);
  expect(Math.abs(after.y - before.y)).toBeLessThan(1);
  expect(/scale\([^)]*\)/.exec(cameraOf(at))?.[0]).toBe(zoom);
});

test("turned, or of other steps: the node in the middle stays on its pixel where nothing is chosen", async () => {
  const { source, at } = await open(12);
  at.querySelector<HTMLElement>("[aria-label='Zoom in']")?.click();
  await frames(5);
  const centre = at.querySelector(".react-flow")?.getBoundingClientRect();
  const away = ({ x, y, width, height }: DOMRect): number =>
    Math.hypot(
      x + width / 2 - (centre?.x ?? 0) - (centre?.width ?? 0) / 2,
      y + height / 2 - (centre?.y ?? 0) - (centre?.height ?? 0) / 2,
    );
  const boxes = () =>
    new Map(
      [...at.querySelectorAll("[data-node]")].map((each) => [
        each.getAttribute("data-node"),
        each.getBoundingClientRect(),
      ]),
    );
  const relayouts: readonly (() => Promise<void>)[] = [
    async () => {
      source.resize(20);
      source.emit(1);
      await vi.waitFor(() => expect(at.querySelector(`[data-node="step:${stepName(19)}"]`)).not.toBeNull(), {
        timeout: 10_000,
      });
    },
    async () => {
      at.querySelector<HTMLElement>("[aria-label='More about the graph']")?.click();
      await vi.waitFor(() => expect(at.querySelectorAll("[role=menuitemradio]").length).toBeGreaterThan(1));
      at.querySelector<HTMLElement>("[role=menuitemradio][aria-checked=false]")?.click();
    },
  ];
  for (const relayout of relayouts) {
    const before = boxes();
    const [anchor] = [...before].toSorted(([, a], [, b]) => away(a) - away(b))[0] ?? [];
    await relayout();
    await vi.waitFor(() => {
      const moved = [...boxes()].filter(([id, box]) => Math.abs(box.x - (before.get(id)?.x ?? box.x)) > 1);
      expect(moved.length).toBeGreaterThan(3);
    });
    await frames(5);
    const [was, is] = [before.get(anchor ?? null), boxes().get(anchor ?? null)];
    expect([Math.abs((is?.x ?? 0) - (was?.x ?? 0)), Math.abs((is?.y ?? 0) - (was?.y ?? 0))], String(anchor)).toEqual([
      expect.closeTo(0, 0),
      expect.closeTo(0, 0),
    ]);
  }
});

test("the table shows the same steps and selection, and the camera is where it was afterwards", async () => {
  const { source, at } = await open(40);
  at.querySelector<HTMLElement>("[aria-label='Zoom in']")?.click();
  node(at, `step:${stepName(3)}`).click();
  await frames(5);
  const camera = cameraOf(at);
  press(at.querySelector(".tw-root"), "g");
  await vi.waitFor(() => expect(at.querySelector("[role=grid]")).not.toBeNull());
  await vi.waitFor(() => expect(at.querySelector("[aria-selected=true]")?.getAttribute("data-step")).toBe(stepName(3)));
  const grid = at.querySelector<HTMLElement>("[role=grid]");
  grid?.focus();
  press(grid, "ArrowDown");
  await vi.waitFor(() => expect(at.querySelector(".tw-detail h2")?.textContent).toBe(stepName(4)));
  expect(grid?.getAttribute("aria-activedescendant")).toBe(at.querySelector("[aria-selected=true]")?.id);

  // Sorted when asked; after that rows stay although their numbers change.
  source.emit(64);
  await frames(5);
  [...at.querySelectorAll<HTMLElement>(".tw-steps-sort")].find((each) => each.textContent === "Queued")?.click();
  await frames(5);
  const rows = (): (string | null)[] =>
    [...at.querySelectorAll("[data-step]")].map((each) => each.getAttribute("data-step"));
  const sorted = rows();
  expect(sorted).not.toEqual(sorted.toSorted((a, b) => Number(a?.slice(4)) - Number(b?.slice(4))));
  source.emit(500);
  await frames(10);
  expect(rows()).toEqual(sorted);

  press(grid, "g");
  await vi.waitFor(() => expect(cameraOf(at)).toBe(camera));
});

test("a graph of 300 steps: under load only touched nodes are drawn anew; found by name, it comes near", async () => {
  vi.clearAllMocks();
  const { source, at } = await open(300);
  const nodes = largeGraph(300).nodes.length;
  await vi.waitFor(() => expect(at.querySelectorAll(".react-flow__node").length).toBe(nodes), { timeout: 20_000 });
  await vi.waitFor(() => expect(at.querySelector(".tw-minimap")).not.toBeNull());
  // In portions, and those that are there are not drawn anew with each of them.
  const drawn = vi.mocked(describeStep).mock.calls.length + vi.mocked(describeDistantStep).mock.calls.length;
  expect(drawn).toBeLessThan(300 * 3);
  const untilDrawn = () =>
    vi.waitFor(
      () =>
        expect(at.querySelector(".tw-position")?.textContent).toContain(`#${source.sequence.toLocaleString("en-US")}`),
      { timeout: 20_000 },
    );
  await load(source, 1_500);
  await untilDrawn();
  vi.clearAllMocks();
  const batches = await load(source, 1_500);
  await untilDrawn();
  // From afar no number is shown: a node is drawn anew when it begins or ends to work, or its queue looks another.
  expect(describeStep).not.toHaveBeenCalled();
  // A batch of this source touches 64 steps at most.
  expect(vi.mocked(describeDistantStep).mock.calls.length).toBeGreaterThan(0);
  expect(vi.mocked(describeDistantStep).mock.calls.length).toBeLessThanOrEqual(64 * batches);

  const before = cameraOf(at);
  await goTo(at, stepName(217), () => expect(cameraOf(at)).toBe(before));
  const box = document.activeElement?.getBoundingClientRect();
  const view = at.querySelector(".tw-graph")?.getBoundingClientRect();
  expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - ((view?.x ?? 0) + (view?.width ?? 0) / 2))).toBeLessThan(2);
  // Near enough to read; none has left the page, so none is waited for when the camera goes back.
  expect(box?.height).toBeGreaterThan(80);
  expect(at.querySelectorAll(".react-flow__node").length).toBe(nodes);
});

test("of more than a thousand nodes only those in view are in the page", async () => {
  const { at } = await open(600);
  const drawn = () => at.querySelectorAll(".react-flow__node").length;
  await vi.waitFor(() => expect(drawn()).toBe(largeGraph(600).nodes.length), { timeout: 30_000 });
  expect(drawn()).toBeGreaterThan(1_000);
  await goTo(at, stepName(417));
  await vi.waitFor(() => expect(drawn()).toBeLessThan(120));
});

test("an arrow is selected by its line, and says what passed along it", async () => {
  const { source, at } = await open(12);
  source.emit(3);
  const edge = `step:${stepName(2)}>event:Done2`;
  at.querySelector(`[data-edge="${edge}"]`)?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  await vi.waitFor(() => expect(at.querySelector(".tw-detail h2")?.textContent).toBe(`${stepName(2)} → Done2`));
  expect(at.querySelectorAll(".tw-edge.tw-is-selected")).toHaveLength(1);
  await vi.waitFor(() => expect(at.querySelector(".tw-detail .tw-facts")?.textContent).toContain("Passed1"));
});

test("the lanes of a fan-out: all of them, in pages, by keys; Escape closes and gives the focus back", async () => {
  const { source, at } = await open(12);
  source.emit(64);
  await frames(5);
  const step = node(at, `step:${stepName(2)}`);
  step.focus();
  press(step, "Enter", { shiftKey: true });
  await vi.waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("listbox"));
  const list = document.activeElement as HTMLElement;
  await vi.waitFor(() => expect(at.querySelectorAll(".tw-lane").length).toBeGreaterThan(5));
  expect(at.querySelectorAll(".tw-lane").length).toBeLessThan(60);
  expect(list.getAttribute("aria-label")).toBe("10,000 work items");
  list.scrollTop = 9_990 * 28;
  await vi.waitFor(() => expect(at.querySelector("[aria-posinset='9990']")).not.toBeNull());
  press(list, "ArrowDown");
  await vi.waitFor(() => expect(at.querySelector(".tw-detail h2")?.textContent).toMatch(/^Work item #9\d{3}$/));
  press(list, "Escape");
  await vi.waitFor(() => expect(at.querySelector(".tw-lanes")).toBeNull());
  expect(document.activeElement).toBe(node(at, `step:${stepName(2)}`));
});

test("pictures hold the whole graph in the theme's colours: as SVG that browsers open, and drawn as PNG", async () => {
  const { at } = await open(40);
  const topology = toTopology(largeGraph(40));
  const [layout] = await createLayoutClient(undefined).layout(topology);
  if (layout === undefined) throw new Error("no layout");
  const flow = toFlow(topology, layout);
  const palette = readPalette(at.querySelector<HTMLElement>(".tw-portal") ?? at);
  expect(new Set(Object.values(palette).flat()).size).toBeGreaterThan(12);
  const svg = drawPicture({ flow, status: null, title: 'a <b> & "c"', palette });
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  expect(parsed.querySelector("title")?.textContent).toBe('a <b> & "c"');
  expect(parsed.querySelectorAll("g")).toHaveLength(flow.nodes.length);
  const { width, height } = pictureBox(flow);
  const bitmap = await createImageBitmap(await toPng(svg, width, height));
  expect(bitmap.width / bitmap.height).toBeCloseTo(width / height, 1);
  expect(Math.max(bitmap.width, bitmap.height)).toBeLessThanOrEqual(8_192);
});

/** Found by its name. */
async function goTo(at: Element, step: string, whenTyped = (): void => undefined): Promise<void> {
  press(at.querySelector(".react-flow"), "f", { ctrlKey: true });
  await vi.waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("combobox"), { timeout: 10_000 });
  const input = document.activeElement as HTMLInputElement;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, step);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.waitFor(() => expect(at.querySelectorAll(".tw-find [role=option]")).toHaveLength(1));
  whenTyped();
  press(input, "Enter");
  await vi.waitFor(() => expect(document.activeElement?.getAttribute("data-node")).toBe(`step:${step}`));
}
