/** The worker's side over a real channel, but in this thread: for debuggers, and for tools that see one thread only. */
import { MessageChannel } from "node:worker_threads";
import { processRuntime, run } from "tickwork";
import { withPool } from "tickwork/pool";
import { afterEach, describe, expect, test } from "vitest";
import { serveStepsIn } from "../../src/pool/serve-steps.ts";
import * as workflows from "./fixture-workflows.ts";
import { inPlace, withLogs } from "./pools.ts";

const { Answer, Other, ...served } = workflows;
const { asking, effects, failing, identify, joining, parental, storing, talkative } = workflows;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const opened of open.splice(0)) await opened.close();
});

/** As much of Node's Worker as a pool uses; messages are cloned and transferred as between threads. */
function createWorker(workflowsThere: object = served) {
  const { port1, port2 } = new MessageChannel();
  const listeners = new Map<string, (value: unknown) => void>();
  port1.on("message", (data) => listeners.get("message")?.(data));
  serveStepsIn(
    {
      post: (message, transfer = []) => port2.postMessage(message, transfer as never),
      alive: null,
      listen: (listener) => void port2.on("message", listener),
    },
    workflowsThere as typeof served,
  );
  return {
    postMessage: (message: unknown) => port1.postMessage(message),
    on: (event: string, listener: (value: unknown) => void) => void listeners.set(event, listener),
    ref: () => undefined,
    unref: () => undefined,
    terminate: () => {
      port1.close();
      listeners.get("exit")?.(1);
    },
  };
}

function pool(workflowsThere?: object) {
  const runtime = withPool(processRuntime, { worker: () => createWorker(workflowsThere), size: 2 });
  open.push(runtime.executor);
  return runtime;
}

const outcomeOf = (result: Promise<unknown>): Promise<unknown> => result.catch((error: unknown) => error);

describe("over a channel a step", () => {
  test("finds its input and its ids", async () => {
    expect(await run(identify, { a: [1] }, { runtime: pool(), runId: "r" }).result()).toMatchObject({
      input: { a: [1] },
      isFrozen: true,
      ids: ["r", "look", 0, 1],
    });
  });

  test("logs, streams, sends and returns as in place", async () => {
    const { runtime, logs } = withLogs(pool());
    const there = await run(talkative, "last", { runtime }).result();
    expect(there).toEqual(await run(talkative, "last", { runtime: inPlace }).result());
    expect(logs).toEqual(["a log"]);
  });

  test("gets the set its join gathered", async () => {
    expect(await run(joining, null, { runtime: pool() }).result()).toEqual(["left", 5]);
  });

  test("is told of the errors of its attempts, with their classes", async () => {
    const result = await run(failing, "type", { runtime: pool() }).result();
    expect(result).toMatchObject({ attempt: 2, isTypeError: true, message: "attempt 1" });
  });

  test.each(["undeclared", "swallowed", "function", "list", "invalid", "collect", "resources", "target"])(
    "that goes wrong (%s) ends as in place",
    async (how) => {
      const [there, here] = await Promise.all(
        [pool(), inPlace].map((runtime) => outcomeOf(run(failing, how, { runtime }).result())),
      );
      expect(String(there)).toBe(String(here));
      expect({ ...(there as object) }).toEqual({ ...(here as object) });
    },
  );

  test("waits, asks effects of itself once, and edits the store", async () => {
    const handler = run(asking, null, { runtime: pool() });
    await expect.poll(() => handler.status).toBe("idle");
    await handler.sendEvent(Other(5));
    await handler.sendEvent(Answer({ yes: true }));
    expect(await handler.result()).toMatchObject({ effect: { of: 1, at: new Date(7) }, answers: [{ yes: true }, 5] });
  });

  test.each([
    ["effects", effects],
    ["storing", storing],
  ])("does the same (%s) as in place", async (_name, workflow) => {
    const there = await run(workflow, null, { runtime: pool() }).result();
    expect(there).toEqual(await run(workflow, null, { runtime: inPlace }).result());
  });

  test("runs child workflows", async () => {
    expect(await run(parental, 5, { runtime: pool() }).result()).toMatchObject({ child: { born: new Date(5) } });
    await expect(run(parental, "undeclared", { runtime: pool() }).result()).rejects.toMatchObject({
      code: "WORKFLOW_UNDECLARED",
    });
  });

  test("that is aborted is not heard of any more", async () => {
    const handler = run(asking, null, { runtime: pool() });
    await handler.cancelRun("enough");
    await expect(handler.result()).rejects.toMatchObject({ name: "WorkflowCancelledByUser" });
  });

  test("that the worker does not have is refused by name", async () => {
    const runtime = pool({ identify });
    await expect(run(joining, null, { runtime }).result()).rejects.toMatchObject({ code: "STEP_NOT_SERVED" });
  });
});
