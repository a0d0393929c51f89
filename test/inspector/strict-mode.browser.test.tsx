/** StrictMode, on React's development build, mounts twice: still there is one engine, and one worker for layouts. */
import { StrictMode, useEffect } from "react";
import type { Root } from "react-dom/client";
import { createRoot } from "react-dom/client";
import { connect, listEngines, type Engine } from "tickwork/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../../inspector/inspector.css";
import { Inspector } from "../../inspector/index.ts";
import type { workflows } from "../runtimes/fixture.worker.ts";

/** Of all workers that the page makes, by their script. */
const made: string[] = [];
const alive = new Set<CountedWorker>();
const mostAlive = new Map<string, number>();

class CountedWorker extends Worker {
  readonly script: string;

  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    this.script = /[\w-]+\.worker/.exec(String(url))?.[0] ?? String(url);
    made.push(this.script);
    alive.add(this);
    mostAlive.set(this.script, Math.max(mostAlive.get(this.script) ?? 0, aliveOf(this.script)));
  }

  override terminate(): void {
    alive.delete(this);
    super.terminate();
  }
}

const aliveOf = (script: string): number => [...alive].filter((each) => each.script === script).length;
const madeOf = (script: string): number => made.filter((each) => each === script).length;

const ENGINE = "fixture.worker";
const LAYOUT = "layout.worker";
let root: Root | null = null;
let engine: Engine<typeof workflows> | null = null;
let mounts = 0;

beforeEach(() => {
  vi.stubGlobal("Worker", CountedWorker);
});
afterEach(async () => {
  root?.unmount();
  await engine?.close();
  document.body.replaceChildren();
});

function Mounts() {
  useEffect(() => {
    mounts += 1;
  }, []);
  return null;
}

/** Until the graph of the run is laid out, which takes a worker. */
async function mount(source: Engine<typeof workflows>): Promise<void> {
  const at = document.createElement("div");
  Object.assign(at.style, { position: "fixed", inset: "0", width: "1400px", height: "860px" });
  document.body.replaceChildren(at);
  root = createRoot(at);
  root.render(
    <StrictMode>
      <Mounts />
      <Inspector source={source} />
    </StrictMode>,
  );
  await vi.waitFor(() => expect(at.querySelector("[data-run=r]")).not.toBeNull(), 10_000);
  at.querySelector<HTMLElement>("[data-run=r]")?.click();
  await vi.waitFor(() => expect(at.querySelector("[data-node='step:ask']")).not.toBeNull(), 10_000);
}

test("mounted twice, gone and mounted again, it has one engine and one worker for layouts, and leaves none", async () => {
  const name = `strict-${crypto.randomUUID()}`;
  engine = connect<typeof workflows>(
    () => new Worker(new URL("../runtimes/fixture.worker.ts", import.meta.url), { type: "module", name }),
  );
  await engine.start("approve", { who: "Ada" }, { runId: "r" });

  await mount(engine);
  expect(mounts).toBe(2);
  expect([aliveOf(ENGINE), aliveOf(LAYOUT)]).toEqual([1, 1]);
  root?.unmount();
  await vi.waitFor(() => expect([aliveOf(ENGINE), aliveOf(LAYOUT)]).toEqual([1, 0]));

  await mount(engine);
  expect(mounts).toBe(4);
  expect([aliveOf(ENGINE), aliveOf(LAYOUT)]).toEqual([1, 1]);
  expect([madeOf(ENGINE), mostAlive.get(LAYOUT)]).toEqual([1, 1]);
  expect(await listEngines()).toContain(name);

  root?.unmount();
  await engine.close();
  expect([...alive]).toEqual([]);
  await vi.waitFor(async () => expect(await listEngines()).not.toContain(name), 10_000);
});
