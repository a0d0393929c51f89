/** A pool inside the engine's worker, in a real browser. */
import { connect, type Engine } from "tickwork/client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let engine: Engine;
let database: string;

beforeEach(() => {
  database = `pool-${crypto.randomUUID()}`;
  engine = connect(
    () => new Worker(new URL("./pool-engine.worker.ts", import.meta.url), { type: "module", name: database }),
  );
});
afterEach(async () => {
  await engine.close();
  indexedDB.deleteDatabase(database);
});

const identified = async (): Promise<string> => {
  const { thread } = (await engine.result(await engine.startRun("identify", null))) as { thread: string };
  return thread;
};
const atWork = async (runId: string): Promise<string> => {
  const thread = async () => ((await engine.stateAt(runId)).store as { thread?: string }).thread;
  await expect.poll(thread, { timeout: 10_000 }).toBeDefined();
  return (await thread()) as string;
};

describe("in a browser a pool within the engine's worker", () => {
  test("leaves the engine free to answer while a step computes, and ends the step's worker when it does not stop", async () => {
    const runId = await engine.startRun("busy", "spin");
    const thread = await atWork(runId);
    for (let index = 0; index < 5; index++) {
      expect(await engine.result(await engine.startRun("here", index))).toBe(index);
    }
    expect((await engine.stateAt(runId)).graph.busy).toBe(1);
    await engine.cancelRun(runId);
    expect((await engine.stateAt(runId)).graph.status).toBe("cancelled");
    expect(await identified()).not.toBe(thread);
  });

  test("keeps its worker for the next step when one stops at its signal", async () => {
    const runId = await engine.startRun("busy", "listen");
    const thread = await atWork(runId);
    await engine.cancelRun(runId);
    expect(await identified()).toBe(thread);
  });

  test("notices that a worker died, and starts another", async () => {
    const result = await engine.result(await engine.startRun("dying", "close"));
    expect(result).toMatchObject({ name: "EngineUnavailableError", code: "POOL_WORKER_DIED" });
  });

  test("an error that nobody catches in a worker ends nothing", async () => {
    const runId = await engine.startRun("dying", "throw");
    await expect.poll(async () => (await engine.stateAt(runId)).graph.busy).toBe(1);
    await engine.cancelRun(runId);
    await identified();
  });

  test("moves the bytes of what a step returns", async () => {
    const size = 1_000_000;
    const result = await engine.result(await engine.startRun("moving", size));
    expect(result).toMatchObject({ received: { length: size, ends: [1, 255] }, leftHere: 0, whole: 64 });
  });
});
