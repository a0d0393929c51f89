/** The list of a thousand runs in a real browser: what is drawn, and what stays in place while new runs come. */
import type { Root } from "react-dom/client";
import { createRoot } from "react-dom/client";
import type { EngineControl, InspectionBatch, RunSummary } from "tickwork/client";
import { afterEach, expect, test, vi } from "vitest";
import "../../inspector/inspector.css";
import { Inspector } from "../../inspector/index.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

let root: Root | null = null;
let host: HTMLElement | null = null;

afterEach(() => {
  root?.unmount();
  host?.remove();
  localStorage.clear();
});

const idOf = (number: number): string => `run-${String(number).padStart(5, "0")}`;

/** A source that lists so many runs, and tells of new ones. */
async function manyRuns(count: number) {
  const base = createScriptedSource({ runs: [{ script: scriptRun({ runId: "a", chunks: 2, startsAt: 1_000 }) }] });
  const [one] = (await base.listRuns()).runs;
  if (one === undefined) throw new Error("one run is scripted");
  const run = (number: number): RunSummary => ({ ...one, runId: idOf(number), createdAt: 10_000 + number });
  const listeners = new Set<(batch: InspectionBatch) => void>();
  let newest = count;
  let batches = 0;
  const source: EngineControl = {
    ...base,
    listRuns: ({ limit = 100, before } = {}) => {
      const from = before === undefined ? newest : Number(before);
      const numbers = Array.from({ length: Math.max(0, Math.min(limit, from)) }, (_, index) => from - index);
      const rest = from - numbers.length;
      return Promise.resolve({ runs: numbers.map(run), ...(rest > 0 && { nextBefore: String(rest) }) });
    },
    inspect(_runId, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const add = (more: number): void => {
    const runs = Array.from({ length: more }, (_, index) => run(newest + index + 1));
    newest += more;
    batches += 1;
    for (const listener of listeners) listener({ number: batches, runs, deletedRuns: [] });
  };
  return { source, add };
}

const frames = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left -= 1) await new Promise((resolve) => requestAnimationFrame(resolve));
};

async function open(count: number) {
  const { source, add } = await manyRuns(count);
  const at = document.createElement("div");
  host = at;
  Object.assign(at.style, { position: "fixed", inset: "0", width: "1400px", height: "860px" });
  document.body.append(at);
  root = createRoot(at);
  root.render(<Inspector source={source} />);
  const list = await vi.waitFor(() => {
    const found = at.querySelector<HTMLElement>(".tw-run-list");
    if (found === null || at.querySelector(`[data-run=${idOf(count)}]`) === null) throw new Error("not listed yet");
    return found;
  });
  const rows = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[data-run]")];
  const length = (): number => list.scrollHeight;
  return { at, list, rows, length, add };
}

/** To the end, page after page. */
async function scrollThrough(list: HTMLElement, rows: () => HTMLElement[], last: string): Promise<number> {
  let most = 0;
  await vi.waitFor(
    async () => {
      list.scrollTop = list.scrollHeight;
      await frames(3);
      most = Math.max(most, rows().length);
      expect(rows().some((row) => row.dataset["run"] === last)).toBe(true);
    },
    { timeout: 20_000 },
  );
  return most;
}

test("of a thousand runs only the rows in view are drawn, wherever one scrolls", async () => {
  const { list, rows } = await open(1_000);
  expect(rows().length).toBeLessThan(60);
  expect(await scrollThrough(list, rows, idOf(1))).toBeLessThan(60);
});

test.for([
  { batches: 20, size: 5 },
  // As after a moment in which the page had no frame: more at once than rows are drawn beyond the view.
  { batches: 1, size: 100 },
])("scroll and focus stay where they are while $batches times $size new runs come", async ({ batches, size }) => {
  const { list, rows, add, length } = await open(1_000);
  await scrollThrough(list, rows, idOf(1));
  list.scrollTop = Math.round(list.scrollHeight / 2);
  await frames(3);
  const top = list.getBoundingClientRect().top;
  const focused = rows().find((row) => row.getBoundingClientRect().top > top + 60);
  if (focused === undefined) throw new Error("no row is in view");
  focused.focus();
  await frames(3);
  const before = { id: focused.dataset["run"], top: focused.getBoundingClientRect().top, length: length() };
  for (let batch = 0; batch < batches; batch += 1) {
    add(size);
    await frames(2);
  }
  await vi.waitFor(() => expect(length()).toBeGreaterThan(before.length + 100 * 20));
  const active = document.activeElement as HTMLElement | null;
  expect(active?.closest<HTMLElement>("[data-run]")?.dataset["run"]).toBe(before.id);
  expect(Math.abs((active?.closest("[data-run]")?.getBoundingClientRect().top ?? 0) - before.top)).toBeLessThan(1);
  expect(rows().length).toBeLessThan(60);
});

test("at its top the list follows the newest runs", async () => {
  const { list, add } = await open(1_000);
  add(3);
  await vi.waitFor(() => expect(list.querySelector(`[data-run=${idOf(1_003)}]`)).not.toBeNull());
  expect(list.scrollTop).toBe(0);
});
