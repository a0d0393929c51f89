/** The whole inspector in a real browser, over scripted runs. */
import { StrictMode } from "react";
import type { Root } from "react-dom/client";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import "../../inspector/inspector.css";
import { Inspector } from "../../inspector/index.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import type { ScriptedSource } from "./fixtures/scripted-source.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

const script = scriptRun({ runId: "a", chunks: 60, startsAt: Date.now() - 60_000, asks: true });
let root: Root | null = null;
let host: HTMLElement | null = null;

afterEach(() => {
  root?.unmount();
  host?.remove();
  localStorage.clear();
});

async function open(
  shown: number,
  size = { width: 1_400, height: 860 },
): Promise<{ source: ScriptedSource; at: HTMLElement }> {
  const source = createScriptedSource({ runs: [{ script, shown }] });
  const at = document.createElement("div");
  host = at;
  Object.assign(at.style, { position: "fixed", inset: "0", width: `${size.width}px`, height: `${size.height}px` });
  document.body.append(at);
  root = createRoot(at);
  root.render(
    <StrictMode>
      <Inspector source={source} />
    </StrictMode>,
  );
  await vi.waitFor(() => expect(at.querySelector("[data-run=a]")).not.toBeNull());
  at.querySelector<HTMLElement>("[data-run=a]")?.click();
  await vi.waitFor(() => expect(at.querySelector("[data-node='step:profile']")).not.toBeNull(), { timeout: 5_000 });
  await vi.waitFor(() => expect(text(at, ".tw-position")).toContain(`#${shown}`));
  return { source, at };
}

const text = (at: HTMLElement, selector: string): string => at.querySelector(selector)?.textContent ?? "";
const frames = (count: number) =>
  new Promise<void>((resolve) => {
    const next = (left: number): void => {
      if (left === 0) resolve();
      else requestAnimationFrame(() => next(left - 1));
    };
    next(count);
  });

test("one tick changes the nodes it touched and no other", async () => {
  const { source, at } = await open(30);
  await frames(20);
  const changed = new Set<string>();
  const observer = new MutationObserver((records) => {
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement;
      const node = element?.closest("[data-node]")?.getAttribute("data-node");
      if (node !== null && node !== undefined) changed.add(node);
    }
  });
  const nodes = at.querySelector(".react-flow__nodes");
  if (nodes === null) throw new Error("no graph");
  observer.observe(nodes, { subtree: true, childList: true, characterData: true, attributes: true });
  source.advance("a", 31);
  await vi.waitFor(() => expect(text(at, ".tw-position")).toContain("#31"));
  await frames(3);
  observer.disconnect();
  const touched = Object.keys(script.views[31]?.graph.steps ?? {}).filter(
    (step) =>
      JSON.stringify(script.views[31]?.graph.steps[step]) !== JSON.stringify(script.views[30]?.graph.steps[step]),
  );
  expect(touched.length).toBeLessThan(4);
  expect([...changed].filter((node) => !touched.includes(node.replace("step:", "")))).toEqual([]);
});

test("camera, scroll and selection stay while an inspected run goes on", async () => {
  const { source, at } = await open(40);
  at.querySelectorAll<HTMLElement>(".tw-log-rows .tw-log-row")[2]?.click();
  await frames(5);
  const camera = (): string => at.querySelector<HTMLElement>(".react-flow__viewport")?.style.transform ?? "";
  const before = {
    camera: camera(),
    scroll: at.querySelector(".tw-log-scroll")?.scrollTop,
    head: text(at, ".tw-detail h2"),
    position: text(at, ".tw-position"),
  };
  for (let sequence = 41; sequence < 90; sequence += 1) source.advance("a", sequence);
  await frames(10);
  expect({
    camera: camera(),
    scroll: at.querySelector(".tw-log-scroll")?.scrollTop,
    head: text(at, ".tw-detail h2"),
    position: text(at, ".tw-position"),
  }).toEqual(before);
});

test("a log that follows the end still does when it gets lower", async () => {
  const { source, at } = await open(40);
  const log = at.querySelector<HTMLElement>(".tw-log-scroll");
  if (log === null) throw new Error("no log");
  const toEnd = (): number => log.scrollHeight - log.scrollTop - log.clientHeight;
  await vi.waitFor(() => expect(toEnd()).toBeLessThan(2));
  const { clientHeight } = log;
  at.querySelector<HTMLElement>(".tw-root")?.style.setProperty("--tw-bottom-height", "180px");
  await vi.waitFor(() => expect(log.clientHeight).toBeLessThan(clientHeight));
  await frames(3);
  expect(toEnd()).toBeLessThan(2);
  source.advance("a", 60);
  await vi.waitFor(() => expect(text(at, ".tw-position")).toContain("#60"));
  expect(toEnd()).toBeLessThan(2);
});

test("the graph is one tab stop, and no live region is assertive", async () => {
  const { at } = await open(40);
  expect(at.querySelectorAll(".react-flow [tabindex='0']")).toHaveLength(1);
  expect([...at.querySelectorAll("[aria-live]")].map((element) => element.getAttribute("aria-live"))).not.toContain(
    "assertive",
  );
  expect(at.textContent).not.toMatch(/delete (?:it|the node)|move the node/i);
});

test("nothing is clipped at 400 px, and the panels are tabs", async () => {
  const { at } = await open(40, { width: 400, height: 800 });
  for (const name of ["Log", "Timeline", "Detail", "Runs", "Graph"]) {
    const tab = [...at.querySelectorAll<HTMLElement>(".tw-panel-tab")].find((each) => each.textContent === name);
    tab?.click();
    await frames(3);
    const shell = at.querySelector(".tw-shell");
    expect(shell?.scrollWidth).toBeLessThanOrEqual(400);
    const controls = [...at.querySelectorAll<HTMLElement>("button, select, input")].filter(
      (element) =>
        element.checkVisibility() && element.closest(".tw-graph, .tw-log-scroll, .tw-depth, .tw-tab-list") === null,
    );
    // Tabs scroll within their row; the one that is on is in sight.
    const chosen = at.querySelector(".tw-detail [role=tab][aria-selected=true]");
    if (chosen?.checkVisibility()) expect(chosen.getBoundingClientRect().right).toBeLessThanOrEqual(401);
    expect(
      controls
        .filter((element) => element.getBoundingClientRect().right > 401)
        .map((element) => element.outerHTML.slice(0, 80)),
    ).toEqual([]);
  }
});

test("targets are 24 px or larger", async () => {
  const { at } = await open(40);
  const small = [...at.querySelectorAll<HTMLElement>("button:not(.tw-link):not(.tw-json-toggle), select, .tw-check")]
    .filter((element) => element.checkVisibility())
    .map((element) => [targetOf(element), element.outerHTML.slice(0, 90)] as const)
    .filter(([box]) => box.height < 24 || box.width < 24);
  expect(small.map(([, html]) => html)).toEqual([]);
});

/** What can be met of a control: with the camera away it may be seen smaller than that. */
function targetOf(element: HTMLElement): { width: number; height: number } {
  const { width, height } = element.getBoundingClientRect();
  const around = getComputedStyle(element, "::after");
  if (around.position !== "absolute") return { width, height };
  const scale = width / element.offsetWidth;
  const reach = -scale * Number.parseFloat(around.top);
  return { width: width + 2 * reach, height: height + 2 * reach };
}

test("with motion reduced nothing is animated and counters stand in", async () => {
  localStorage.setItem("tickwork.inspector", JSON.stringify({ motion: "reduced" }));
  const { source, at } = await open(30);
  for (let sequence = 31; sequence < 60; sequence += 1) source.advance("a", sequence);
  await vi.waitFor(() => expect(text(at, ".tw-event-flow")).toMatch(/^\+\d+$/), { timeout: 3_000 });
  expect(document.getAnimations()).toEqual([]);
});
