/** Payloads and a state store of 5 MB, in a real worker: the page gets and draws little of them at a time. */
import { createRoot, type Root } from "react-dom/client";
import { connect, type Engine } from "tickwork/client";
import { afterEach, expect, test, vi } from "vitest";
import "../../inspector/inspector.css";
import { Inspector } from "../../inspector/index.ts";

let root: Root | null = null;
let engine: Engine | null = null;
afterEach(async () => {
  root?.unmount();
  await engine?.close();
  document.body.replaceChildren();
});

const find = <E extends HTMLElement>(selector: string, text = ""): E => {
  const found = [...document.querySelectorAll<E>(selector)].find((each) => each.textContent?.includes(text));
  if (found === undefined) throw new Error(`There is no ${selector} with ${text}.`);
  return found;
};
/** Once it is there. */
const click = (selector: string, text = ""): Promise<void> => vi.waitFor(() => find(selector, text).click(), 10_000);
const shows = (text: string): Promise<void> =>
  vi.waitFor(() => expect(document.querySelector(".tw-detail")?.textContent).toContain(text), 10_000);

test("a result, a store and a tick of 5 MB are opened piece by piece", { timeout: 60_000 }, async () => {
  const name = `large-${crypto.randomUUID()}`;
  engine = connect(() => new Worker(new URL("./fixtures/large.worker.ts", import.meta.url), { type: "module", name }));
  await engine.startRun("keeps", null, { runId: "r" });
  await vi.waitFor(async () => expect((await engine?.listRuns())?.runs[0]?.status).toBe("completed"), 20_000);
  const at = document.createElement("div");
  Object.assign(at.style, { position: "fixed", inset: "0", width: "1400px", height: "860px" });
  document.body.append(at);
  root = createRoot(at);
  root.render(<Inspector source={engine} />);
  await click("[data-run=r]");
  await shows("Result");
  await click(".tw-detail .tw-json-toggle", "large");
  await click(".tw-detail .tw-json .tw-link", "more");
  await shows("{4}");
  await click("[role=tab]", "State");
  await click(".tw-detail .tw-json-toggle", "kept");
  await shows("[50000]");
  await click(".tw-log-rows .tw-log-row:last-child");
  await shows("Commands");
  await click(".tw-detail .tw-json-toggle", "event");
  await click(".tw-detail .tw-json-toggle", "data");
  await shows("5000000 characters");
  expect(document.querySelectorAll(".tw-json-row").length).toBeLessThan(300);

  const view = await engine.stateAt("r");
  expect(JSON.stringify(view).length).toBeLessThan(600_000);
  expect((await engine.readText("r", { of: "result", sequence: 0 })).length).toBeGreaterThan(8_000_000);
});
