import { expect, test, vi } from "vitest";
import { createLayoutClient } from "../../inspector/graph/layout-client.ts";
import { toTopology } from "../../inspector/graph/topology.ts";
import { largeGraph } from "./fixtures/large-graph.ts";
import { DESCRIPTION } from "./fixtures/scripted-run.ts";

const small = toTopology(DESCRIPTION.graph);
const large = toTopology(largeGraph(150));

/** A worker that says nothing by itself. */
function silentWorker(ended?: () => void) {
  const target = new EventTarget();
  return Object.assign(target, { postMessage: () => undefined, terminate: () => ended?.() }) as unknown as Worker;
}

test("without a worker a small graph is laid out in the page, once", async () => {
  const client = createLayoutClient(undefined);
  const layouts = await client.layout(small);
  expect(layouts.length).toBeGreaterThan(1);
  expect(await client.layout(small)).toBe(layouts);
});

test("a worker that cannot start is done without, for a small graph; a large one would block the page", async () => {
  const worker = silentWorker();
  const client = createLayoutClient(() => worker);
  const asked = client.layout(small);
  worker.dispatchEvent(new Event("error"));
  expect((await asked).length).toBeGreaterThan(1);
  await expect(client.layout(large)).rejects.toThrow("it needs a worker");
});

test("prepared, the worker is there before the first graph; one that fails before it is asked is not waited for", async () => {
  const worker = silentWorker();
  const create = vi.fn(() => worker);
  const client = createLayoutClient(create);
  client.prepare();
  client.prepare();
  expect(create).toHaveBeenCalledTimes(1);
  worker.dispatchEvent(new Event("error"));
  expect((await client.layout(small)).length).toBeGreaterThan(1);

  const refused = createLayoutClient(() => {
    throw new Error("The policy of the page forbids it");
  });
  refused.prepare();
  expect((await refused.layout(small)).length).toBeGreaterThan(1);
});

test("a layout that takes too long is given up in the worker, never begun in the page; the next has a new worker", async () => {
  vi.useFakeTimers();
  let begun = 0;
  let ended = 0;
  const client = createLayoutClient(() => {
    begun += 1;
    return silentWorker(() => {
      ended += 1;
    });
  }, 1_000);
  const first = expect(client.layout(small)).rejects.toThrow("too large");
  await vi.advanceTimersByTimeAsync(1_000);
  await first;
  expect([begun, ended]).toEqual([1, 1]);
  const second = expect(client.layout(large)).rejects.toThrow("too large");
  await vi.advanceTimersByTimeAsync(1_000);
  await second;
  expect([begun, ended]).toEqual([2, 2]);
  vi.useRealTimers();
});

test("closed, it leaves no timer and no worker, rejects what was under way, and begins nothing in the page", async () => {
  vi.useFakeTimers();
  let ended = 0;
  const client = createLayoutClient(() =>
    silentWorker(() => {
      ended += 1;
    }),
  );
  const asked = expect(client.layout(small)).rejects.toThrow("was closed");
  client.close();
  await asked;
  expect([vi.getTimerCount(), ended]).toEqual([0, 1]);
  await expect(client.layout(large)).rejects.toThrow("was closed");
  vi.useRealTimers();
});
