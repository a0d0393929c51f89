/** The health view in the whole inspector, and the banners that lead to it. */
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import type { EngineConnection } from "tickwork/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Inspector } from "../../inspector/index.ts";
import { scriptRun } from "./fixtures/scripted-run.ts";
import type { ScriptedSource, ScriptedSourceOptions } from "./fixtures/scripted-source.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

const script = scriptRun({ runId: "a", chunks: 10, startsAt: Date.now() - 60_000 });
const READY: EngineConnection = { state: "ready", reason: null, isElsewhere: false, otherVersion: null };
const FULL = {
  state: "full",
  problem: { code: "STORAGE_QUOTA", message: "No space is left for this site.", remedy: "freeSpace" },
} as const;

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
});
afterEach(() => {
  history.replaceState(null, "", "#/");
});

async function open(options: Partial<ScriptedSourceOptions> = {}, helpUrl?: string): Promise<ScriptedSource> {
  const source = createScriptedSource({ runs: [{ script }], ...options });
  render(
    <Inspector
      source={source}
      placeInUrl
      layoutWorker={() => {
        throw new Error("no workers here");
      }}
      {...(helpUrl !== undefined && { helpUrl })}
    />,
  );
  await waitFor(() => expect(source.calls).toContain("storage"));
  return source;
}

const healthButton = (name: RegExp) => screen.findByRole("button", { name });
const dialog = () => screen.findByRole("dialog", { name: "Health" });
/** The value and hint that stand beside a label. */
const fact = (label: string): string =>
  screen.getByText(label, { selector: "dt" }).parentElement?.querySelector("dd")?.textContent ?? "";

test("opened by its button, it says all in words, and the address says that it is open", async () => {
  await open({}, "guide/index.html");
  fireEvent.click(await healthButton(/^Health: all is well$/));
  const view = await dialog();
  expect(
    within(view)
      .getAllByRole("heading", { level: 3 })
      .map((heading) => heading.textContent),
  ).toEqual(["Promises", "Engine", "Durability", "Space"]);
  expect(fact("Ticks are written")).toContain("To disk");
  expect(within(view).getByRole("meter", { name: "Storage used" }).getAttribute("aria-valuetext")).toBe(
    "61.4 MB of 2 GB, 3 %",
  );
  expect(
    within(view)
      .getByRole("link", { name: /What is promised/ })
      .getAttribute("href"),
  ).toBe("guide/promises.html");
  await waitFor(() => expect(location.hash).toContain("health=1"));
  fireEvent.click(within(view).getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("opened by H and by the address; other keys do nothing meanwhile", async () => {
  await open();
  fireEvent.keyDown(document.body, { key: "h" });
  await dialog();
  fireEvent.keyDown(document.body, { key: "n" });
  expect(screen.getAllByRole("dialog")).toHaveLength(1);
});

test("an address that says so opens it", async () => {
  history.replaceState(null, "", "#/?health=1");
  await open();
  await dialog();
});

test("trouble is said with its way out, which is a button; the banner leads here", async () => {
  const source = await open({ storage: FULL });
  fireEvent.click(within(await screen.findByRole("alert")).getByRole("button", { name: "Health" }));
  await dialog();
  expect(fact("Writing")).toContain("Trouble: Storage is full");
  expect(fact("Writing")).toContain("No space is left for this site.");
  expect(screen.getByText(/What finished|Steps whose end is not written/).textContent).toContain("storage is full");
  fireEvent.click(within(await dialog()).getByRole("button", { name: "Try again now" }));
  await waitFor(() => expect(source.calls).toContain("retryStorage"));
  await screen.findByText(/^It is tried again now/, { selector: ".tw-dialog *" });
});

test("Free space says what it freed", async () => {
  const source = await open();
  fireEvent.click(await healthButton(/^Health/));
  fireEvent.click(within(await dialog()).getByRole("button", { name: "Free space" }));
  await waitFor(() => expect(source.calls).toContain("prune"));
  await screen.findByText("1.2 MB freed: 2 runs packed, 1 run deleted, as its policy says.", {
    selector: ".tw-dialog *",
  });
});

test("asked every second while it is open, and not after", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    const source = await open();
    const asked = () => source.calls.filter((call) => call === "storage").length;
    const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));
    fireEvent.click(await healthButton(/^Health/));
    const before = asked();
    await pass(4_000);
    expect(asked() - before).toBeGreaterThanOrEqual(4);
    fireEvent.click(within(await dialog()).getByRole("button", { name: "Close" }));
    const after = asked();
    await pass(4_000);
    expect(asked() - after).toBeLessThanOrEqual(1);
  } finally {
    vi.useRealTimers();
  }
});

test("nothing in it interrupts who listens, and its figures keep their width", async () => {
  await open();
  fireEvent.click(await healthButton(/^Health/));
  const view = await dialog();
  expect(view.querySelectorAll("[role=alert], [aria-live=assertive]")).toHaveLength(0);
  for (const value of view.querySelectorAll(".tw-health-value")) expect(value.classList).toContain("tw-num");
});

test("of a source that knows neither worker nor storage, what is known is told", async () => {
  const source = createScriptedSource({ runs: [{ script }] });
  for (const name of ["connection", "onConnectionChange", "prune", "retryStorage", "requestPersistence"])
    Reflect.deleteProperty(source, name);
  const status = { durable: false, persisted: false, leader: true, lastDurableSequence: 0, state: "ok" } as const;
  source.storage = () => Promise.resolve(status);
  render(<Inspector source={source} />);
  fireEvent.click(await healthButton(/^Health: worth a look$/));
  const view = await dialog();
  expect(fact("Engine")).toContain("Called directly");
  expect(fact("Ticks are written")).toContain("To memory only");
  expect(within(view).queryByRole("meter")).toBeNull();
  expect(
    within(view)
      .getAllByRole("button")
      .map((button) => button.textContent || button.getAttribute("aria-label")),
  ).toEqual(["Close"]);
});

test("an engine that starts again and a tab with another version are banners of their own", async () => {
  const source = await open({ connection: READY });
  act(() => source.connect({ ...READY, otherVersion: "Close the tabs of the old version." }));
  expect((await screen.findByText("Two versions are open.")).parentElement?.textContent).toContain(
    "Close the tabs of the old version.",
  );
  act(() => source.connect({ ...READY, state: "restarting", reason: "The worker died." }));
  expect((await screen.findByText("The engine starts again.")).parentElement?.textContent).toContain(
    "The worker died.",
  );
  expect(screen.queryByText("Two versions are open.")).toBeNull();
  expect(screen.queryByText("The engine does not answer.")).toBeNull();
  fireEvent.click(await healthButton(/^Health: worth a look$/));
  await dialog();
  expect(fact("Worker")).toContain("Starts again");
  act(() => source.connect(READY));
  await waitFor(() => expect(screen.queryByText("The engine starts again.")).toBeNull());
});

test("a run file dropped on the list of runs is imported; one that is none is a notice", async () => {
  const source = await open({ runs: [] });
  await screen.findByRole("button", { name: "import a run file" });
  const list = screen.getByRole("navigation", { name: "Runs" });
  const drop = (text: string) => {
    const dataTransfer = { types: ["Files"], files: [new File([text], "run.json")] };
    fireEvent.dragOver(list, { dataTransfer });
    expect(list.classList).toContain("tw-is-drop");
    fireEvent.drop(list, { dataTransfer });
    expect(list.classList).not.toContain("tw-is-drop");
  };
  drop("no JSON");
  expect((await screen.findByRole("alert")).textContent).toContain("ContextSerdeError");
  drop('{"format":"tickwork/run"}');
  await waitFor(() => expect(source.calls).toContain('importRun {"format":"tickwork/run"}'));
});
