/** The workers of a pool: when they start, what they do at once, how they stop and die. */
import { EventEmitter } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import {
  defineWorkflow,
  EngineUnavailableError,
  processRuntime,
  run,
  StartEvent,
  StopEvent,
  WorkflowConfigurationError,
  type Handler,
  type StepExecutor,
} from "tickwork";
import { withPool, type PoolWorker } from "tickwork/pool";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { atWork, poolsOf, withLogs } from "./pools.ts";
import { busy, dying, identify } from "./fixture-workflows.ts";
import { meeting } from "./meeting.worker.ts";

const { pool, workers } = poolsOf("test/pool/steps.worker.ts");
const meetings = poolsOf("test/pool/meeting.worker.ts");

const simulated = () => ({ clock: new SimulatedClock(), journal: null });
const threadOf = async (handler: Handler): Promise<string> => ((await handler.result()) as { thread: string }).thread;
const identified = (runtime: ReturnType<typeof pool>) => threadOf(run(identify, null, { runtime }));
const failure = (handler: Handler): Promise<unknown> => handler.result().catch((error: unknown) => error);

describe("workers of a pool", () => {
  test("run two steps at the same time", async () => {
    const runtime = meetings.pool({ size: 2, workerData: new SharedArrayBuffer(4) });
    expect(await run(meeting, null, { runtime }).result()).toEqual([
      { who: expect.any(String), outcome: "met", inside: 2 },
      { who: expect.any(String), outcome: "met", inside: 2 },
    ]);
  });

  test("start when there is work, are at most as many as the size, and are used again", async () => {
    const before = workers.length;
    const runtime = pool({ size: 2 });
    expect(workers.length).toBe(before);
    const first = await identified(runtime);
    expect(await identified(runtime)).toBe(first);
    expect(workers.length).toBe(before + 1);
    const threads = await Promise.all(Array.from({ length: 8 }, () => identified(runtime)));
    expect(new Set(threads).size).toBeLessThanOrEqual(2);
    expect(workers.length).toBe(before + 2);
  });

  test("leave when they were idle for a while, by the runtime's clock", async () => {
    const clock = new SimulatedClock();
    const runtime = pool({ idleTimeout: 5_000 }, { clock, journal: null });
    const first = await identified(runtime);
    await clock.advance(4_999);
    expect(await identified(runtime)).toBe(first);
    await clock.advance(5_000);
    expect(await identified(runtime)).not.toBe(first);
  });

  test("leave the steps that are not isolated to the executor that was there", async () => {
    const calls: string[] = [];
    const executor: StepExecutor = {
      execute(step, input, context) {
        calls.push(step.name);
        return step.run(input, context);
      },
      close: async () => void calls.push("close"),
    };
    const workflow = defineWorkflow("plain").step("plain", { accepts: StartEvent, emits: StopEvent }, () =>
      StopEvent(1),
    );
    const runtime = pool({}, { ...processRuntime, executor });
    expect(await run(workflow, null, { runtime }).result()).toBe(1);
    await identified(runtime);
    await runtime.executor.close();
    expect(calls).toEqual(["plain", "close"]);
  });
});

describe("a step that is to stop", () => {
  test("hears its signal, and its worker goes on with the next", async () => {
    const runtime = pool({ size: 1 });
    const handler = run(busy, "listen", { runtime });
    const thread = await atWork(handler);
    await handler.cancelRun();
    expect(await identified(runtime)).toBe(thread);
  });

  test("is told when the run's time is over", async () => {
    const runtime = pool({ size: 1 }, simulated());
    const handler = run({ ...busy, timeout: 100 }, "listen", { runtime });
    const thread = await atWork(handler);
    await runtime.clock.advance(100);
    await expect(handler.result()).rejects.toMatchObject({ name: "WorkflowTimeoutError" });
    expect(await identified(runtime)).toBe(thread);
  });

  test.each(["spin", "hang", "edit"])("and does not (%s) loses its worker after the grace period", async (how) => {
    const runtime = pool({ size: 1, gracePeriod: 700 }, simulated());
    const handler = run(busy, how, { runtime });
    const thread = await atWork(handler);
    await handler.cancelRun();
    // The run is over at once; the pool's only worker is not free yet.
    expect(handler.status).toBe("cancelled");
    const next = identified(runtime);
    await runtime.clock.advance(how === "edit" ? 0 : 699);
    // Its edit was refused, so it stopped by itself.
    if (how === "edit") return expect(await next).toBe(thread);
    await runtime.clock.advance(1);
    expect(await next).not.toBe(thread);
  });

  test("before it began does not begin", async () => {
    const runtime = pool({ size: 1 });
    const first = run(busy, "listen", { runtime });
    await atWork(first);
    const second = run(busy, "listen", { runtime });
    await settle();
    await second.cancelRun();
    await first.cancelRun();
    await identified(runtime);
    expect((await second.snapshot()).store).toEqual({});
  });
});

describe("a worker that dies", () => {
  test.each([
    ["exit", "it exited with code 3"],
    ["throw", "nobody catches this"],
    ["memory", "memory limit"],
    ["edit", "it exited with code 4"],
  ])("(%s) fails the attempt by name, with what was logged, and another takes over", async (how, why) => {
    const { runtime, logs } = withLogs(pool({ size: 1 }));
    const result = await run(dying, how, { runtime }).result();
    expect(result).toMatchObject({ name: "EngineUnavailableError", code: "POOL_WORKER_DIED" });
    expect((result as { message: string }).message).toContain(`The worker that ran step die died: `);
    expect((result as { message: string }).message).toContain(why);
    expect(logs).toEqual(["its last words"]);
  });

  test("for good fails the run and says which step and why", async () => {
    const error = await failure(run(dying, "again", { runtime: pool() }));
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect(error).toMatchObject({
      message: "The worker that ran step die died: it exited with code 3.",
      data: { step: "die" },
    });
  });
});

describe("a worker that does not start", () => {
  /** A worker of Node's kind that does what it is told. */
  class FakeWorker extends EventEmitter implements PoolWorker {
    postMessage = (): void => undefined;
    terminate = (): void => undefined;
    ref = (): void => undefined;
    unref = (): void => undefined;
  }

  test.each<[string, () => PoolWorker, string]>([
    ["its script is missing", () => new Worker("/no/such/worker.mjs"), "Cannot find module"],
    ["its module throws", () => new Worker("throw new Error('at once')", { eval: true }), "at once"],
    ["it ends", () => new Worker("", { eval: true }), "exited with code 0"],
    [
      "it speaks another language",
      () => {
        const worker = new FakeWorker();
        setTimeout(() => worker.emit("message", { tickwork: "ready", protocol: 99, alive: null }));
        return worker;
      },
      "protocol 99, not 1",
    ],
  ])("because %s fails the step, one for each try", async (_why, worker, message) => {
    const runtime = withPool(processRuntime, { worker, size: 3 });
    const errors = await Promise.all([1, 2, 3, 4, 5].map(() => failure(run(identify, null, { runtime }))));
    for (const error of errors) {
      expect(error).toMatchObject({ name: "EngineUnavailableError", code: "POOL_NOT_STARTED" });
      expect((error as Error).message).toContain(message);
    }
  });

  test("because it cannot be made gives the cause", async () => {
    const cause = new ReferenceError("Worker is not defined");
    const runtime = withPool(processRuntime, {
      worker: () => {
        throw cause;
      },
      size: 3,
    });
    const errors = await Promise.all([1, 2, 3, 4, 5].map(() => failure(run(identify, null, { runtime }))));
    for (const error of errors) expect(error).toMatchObject({ code: "POOL_NOT_STARTED", cause });
  });

  test("because it never calls serveSteps is given up after 20 s", async () => {
    const clock = new SimulatedClock();
    const runtime = withPool({ clock, journal: null }, { worker: () => new FakeWorker(), size: 1 });
    const error = failure(run(identify, null, { runtime }));
    await clock.advance(20_000);
    expect(await error).toMatchObject({
      code: "POOL_NOT_STARTED",
      message: expect.stringContaining("did not call serveSteps within 20 s"),
    });
  });

  test("leaves other messages of its module alone", async () => {
    const worker = new FakeWorker();
    const runtime = withPool(processRuntime, { worker: () => worker, size: 1 });
    const error = failure(run(identify, null, { runtime }));
    await settle();
    for (const message of ["hello", null, { type: "ready" }]) worker.emit("message", message);
    worker.emit("exit", 1);
    expect(await error).toMatchObject({ message: expect.stringContaining("exited with code 1") });
  });

  test("with the workflow of the step says so, and is not asked again", async () => {
    let attempts = 0;
    const unknown = defineWorkflow("unknown").step(
      "step",
      {
        accepts: StartEvent,
        emits: StopEvent,
        isolated: true,
        retryPolicy: {
          description: "counts",
          decide: () => {
            attempts += 1;
            return { retry: true, delay: 0 };
          },
        },
      },
      () => StopEvent(),
    );
    expect(await failure(run(unknown, null, { runtime: pool() }))).toMatchObject({
      code: "STEP_NOT_SERVED",
      message: expect.stringContaining("serveSteps"),
    });
    expect(attempts).toBe(0);
  });
});

describe("a pool", () => {
  test("that is closed ends what it does, and takes nothing more", async () => {
    const runtime = pool({ size: 1 });
    const handlers = [run(busy, "spin", { runtime }), run(busy, "spin", { runtime })];
    await atWork(handlers[0]!);
    await runtime.executor.close();
    handlers.push(run(busy, "spin", { runtime }));
    for (const handler of handlers) {
      expect(await failure(handler)).toMatchObject({ name: "EngineUnavailableError", code: "POOL_CLOSED" });
    }
  });

  test("is closed with its engine", async () => {
    const runtime = pool({}, { ...processRuntime, journal: new MemoryJournal() });
    const engine = await createEngine({ identify }, runtime);
    await engine.result(await engine.startRun("identify", null));
    const exited = new Promise((resolve) => workers.at(-1)!.once("exit", resolve));
    await engine.close();
    await exited;
  });

  test.each([
    { worker: undefined as never },
    { size: 0 },
    { size: 1.5 },
    { idleTimeout: -1 },
    { gracePeriod: Number.POSITIVE_INFINITY },
  ])("with %o is refused", (options) => {
    const make = () => withPool(processRuntime, { worker: () => new Worker(""), ...options });
    expect(make).toThrow(WorkflowConfigurationError);
  });
});
