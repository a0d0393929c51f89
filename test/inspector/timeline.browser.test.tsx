/** The timeline in a real browser: zoom, brush, keys, table, and that nothing moves by itself. */
import type { Root } from "react-dom/client";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import "../../inspector/inspector.css";
import { Inspector } from "../../inspector/index.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import type { ScriptedSource } from "./fixtures/scripted-source.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

const script = scriptRun({ runId: "a", chunks: 120, startsAt: Date.now() - 60_000, asks: true });
let root: Root | null = null;
let host: HTMLElement | null = null;

afterEach(() => {
  root?.unmount();
  host?.remove();
  localStorage.clear();
});

async function open(shown: number): Promise<{ source: ScriptedSource; at: HTMLElement }> {
  const source = createScriptedSource({ runs: [{ script, shown }] });
  const at = document.createElement("div");
  host = at;
  Object.assign(at.style, { position: "fixed", inset: "0", width: "1400px", height: "860px" });
  document.body.append(at);
  root = createRoot(at);
  root.render(<Inspector source={source} />);
  await vi.waitFor(() => expect(at.querySelector("[data-run=a]")).not.toBeNull());
  at.querySelector<HTMLElement>("[data-run=a]")?.click();
  await vi.waitFor(() => expect(at.querySelector(".tw-bottom-switch")).not.toBeNull(), { timeout: 5_000 });
  button(at, "Timeline").click();
  await vi.waitFor(() => expect(at.querySelector(".tw-timeline-track")).not.toBeNull(), { timeout: 10_000 });
  await vi.waitFor(() => expect(painted(at)).toBeGreaterThan(200));
  return { source, at };
}

const button = (at: HTMLElement, name: string): HTMLElement => {
  const found = [...at.querySelectorAll<HTMLElement>(".tw-bottom button")].find(
    (each) => each.checkVisibility() && (each.textContent === name || each.getAttribute("aria-label") === name),
  );
  if (found === undefined) throw new Error(`There is no button ${name}.`);
  return found;
};
const one = (at: HTMLElement, selector: string): HTMLElement => {
  const found = at.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`There is no ${selector}.`);
  return found;
};
const marks = (at: HTMLElement): string =>
  [...at.querySelectorAll<HTMLElement>(".tw-timeline-tick")].map((each) => `${each.title} ${each.style.left}`).join();
const key = (on: HTMLElement, name: string, more: KeyboardEventInit = {}): void => {
  on.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
};
const inView = (at: HTMLElement): string => one(at, ".tw-timeline-note").textContent;

/** Pixels of the canvas that are not empty. */
function painted(at: HTMLElement): number {
  const canvas = one(at, ".tw-timeline-canvas") as HTMLCanvasElement;
  if (canvas.width === 0 || canvas.height === 0) return 0;
  const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let index = 3; index < data.length; index += 4) if (data[index] !== 0) count += 1;
  return count;
}

function secondsIn(text: string): number {
  const [, minutes = "0", seconds = "0"] = /(?:(\d+) min )?(?:([\d.]+) s)?/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

test("a drag on the axis looks closely at that stretch; double click shows the whole run again", async () => {
  const { at } = await open(200);
  const whole = inView(at);
  const axis = one(at, ".tw-timeline-axis");
  const { left, top } = axis.getBoundingClientRect();
  const pointer = (type: string, x: number): void => {
    axis.dispatchEvent(
      new PointerEvent(type, { clientX: left + x, clientY: top + 5, button: 0, pointerId: 1, bubbles: true }),
    );
  };
  vi.spyOn(axis, "setPointerCapture").mockReturnValue();
  pointer("pointerdown", 200);
  await vi.waitFor(() => expect(at.querySelector(".tw-timeline-brush")).not.toBeNull());
  pointer("pointermove", 400);
  await vi.waitFor(() => expect(one(at, ".tw-timeline-brush").getBoundingClientRect().width).toBeCloseTo(200, 0));
  pointer("pointerup", 400);
  await vi.waitFor(() => expect(secondsIn(inView(at))).toBeLessThan(secondsIn(whole) / 2));
  axis.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
  // The run goes on meanwhile: the whole of it is no shorter than it was.
  await vi.waitFor(() => expect(secondsIn(inView(at))).toBeGreaterThanOrEqual(secondsIn(whole)));
});

test("a click on the axis shows the newest tick of that moment", async () => {
  const { at } = await open(200);
  const axis = one(at, ".tw-timeline-axis");
  const { left, top, width } = axis.getBoundingClientRect();
  vi.spyOn(axis, "setPointerCapture").mockReturnValue();
  for (const type of ["pointerdown", "pointerup"]) {
    const place = { clientX: left + 0.05 * width, clientY: top + 5, button: 0, pointerId: 1, bubbles: true };
    axis.dispatchEvent(new PointerEvent(type, place));
    await new Promise(requestAnimationFrame);
  }
  await vi.waitFor(() => expect(at.querySelector(".tw-timeline-position")).not.toBeNull());
  const line = one(at, ".tw-timeline-position").getBoundingClientRect();
  expect(line.left).toBeLessThanOrEqual(left + 0.05 * width + 1);
});

test("once zoomed, nothing moves while the run goes on", async () => {
  const { source, at } = await open(120);
  button(at, "Zoom in").click();
  await vi.waitFor(() => expect(button(at, "Whole run")).toHaveProperty("disabled", false));
  const before = marks(at);
  for (let sequence = 121; sequence <= 200; sequence += 1) source.advance("a", sequence);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(marks(at)).toBe(before);
});

test("keys go from span to span, and Enter opens the one they are on", async () => {
  const { at } = await open(200);
  const track = one(at, ".tw-timeline-track");
  track.focus();
  await vi.waitFor(() => expect(at.querySelector("#tw-timeline-at")).not.toBeNull());
  const said = (): string => one(at, "#tw-timeline-at").getAttribute("aria-label") ?? "";
  expect(said()).toMatch(/^split, slot 0: work item 1, File, returned/);
  for (const name of ["ArrowDown", "ArrowDown"]) {
    const before = said();
    key(track, name);
    await vi.waitFor(() => expect(said()).not.toBe(before));
  }
  expect(said()).toMatch(/^profile, slot 0: work item \d+, Chunk/);
  const item = /work item (\d+)/.exec(said())?.[1];
  key(track, "Enter");
  await vi.waitFor(() => expect(one(at, ".tw-detail h2").textContent).toContain(`#${item}`));
  expect(document.activeElement).toBe(track);
});

test("plus, minus, 0 and Shift with arrows move the picture", async () => {
  const { at } = await open(200);
  const track = one(at, ".tw-timeline-track");
  track.focus();
  const whole = marks(at);
  key(track, "+");
  await vi.waitFor(() => expect(marks(at)).not.toBe(whole));
  key(track, "+");
  const closer = inView(at);
  const before = marks(at);
  key(track, "ArrowRight", { shiftKey: true });
  await vi.waitFor(() => expect(marks(at)).not.toBe(before));
  key(track, "0");
  await vi.waitFor(() => expect(inView(at)).not.toBe(closer));
});

test("ctrl and wheel zoom where the pointer is; wheel alone scrolls the lanes", async () => {
  await page.viewport(1440, 900);
  const { at } = await open(200);
  const track = one(at, ".tw-timeline-track");
  const { left, top } = track.getBoundingClientRect();
  const whole = inView(at);
  const place = { clientX: left + 300, clientY: top + 10, bubbles: true, cancelable: true };
  track.dispatchEvent(new WheelEvent("wheel", { deltaY: -100, ctrlKey: true, ...place }));
  await vi.waitFor(() => expect(inView(at)).not.toBe(whole));
  const zoomed = inView(at);
  // A real one: the browser scrolls.
  await userEvent.wheel(track, { delta: { y: 60 } });
  await vi.waitFor(() => expect(one(at, ".tw-timeline-scroll").scrollTop).toBeGreaterThan(0));
  expect(inView(at)).toBe(zoomed);
});

test("the table has the same spans and opens the same", async () => {
  const { at } = await open(200);
  button(at, "As a table").click();
  await vi.waitFor(() => expect(at.querySelectorAll("[role=row]").length).toBeGreaterThan(5));
  const row = [...at.querySelectorAll<HTMLElement>(".tw-timeline-table-rows [role=row]")].find((each) =>
    each.textContent.includes("work item 1,"),
  );
  row?.click();
  await vi.waitFor(() => expect(one(at, ".tw-detail h2").textContent).toContain("#1"));
  await vi.waitFor(() => expect(at.querySelector(".tw-position")?.textContent).toContain("#1"));
});

test("T switches between log and timeline, and lanes have one tab stop", async () => {
  const { at } = await open(200);
  expect(at.querySelectorAll(".tw-timeline-lanes [tabindex='0']")).toHaveLength(1);
  key(at.querySelector(".tw-root") ?? at, "t");
  await vi.waitFor(() => expect(at.querySelector(".tw-log")).not.toBeNull());
  key(at.querySelector(".tw-root") ?? at, "T");
  await vi.waitFor(() => expect(at.querySelector(".tw-timeline")).not.toBeNull());
});
