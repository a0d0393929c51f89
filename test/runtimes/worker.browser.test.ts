import { afterEach, describe, expect, test } from "vitest";
import { EngineUnavailableError, WorkflowRuntimeError } from "tickwork";
import { connect, type Engine, type RunSummary } from "tickwork/client";
import { Answer } from "./fixture-workflows.ts";
import type { workflows } from "./fixture.worker.ts";

const open: Engine[] = [];
const workers: Worker[] = [];

function createEngine(database = `test-${crypto.randomUUID()}`) {
  const engine = connect<typeof workflows>(() => {
    const worker = new Worker(new URL("./fixture.worker.ts", import.meta.url), { type: "module", name: database });
    workers.push(worker);
    return worker;
  });
  open.push(engine);
  return { engine, database, kill: () => workers.at(-1)?.terminate() };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
  workers.splice(0);
});

const channel = new MessageChannel();
const messageTurn = (): Promise<void> =>
  new Promise((resolve) => {
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(null);
  });

const totalOf = (items: number): number =>
  Array.from({ length: items }, (_, index) => index * index).reduce((a, b) => a + b, 0);

describe("an engine in a worker", () => {
  test("runs a workflow and streams its events in order", async () => {
    const { engine } = createEngine();
    const handler = await engine.start("fan", { items: 50 });
    const sequences: number[] = [];
    for await (const event of handler.streamEvents()) sequences.push(event.sequence);
    expect(sequences).toEqual(Array.from({ length: 51 }, (_, index) => index + 1));
    expect(await handler.result()).toEqual({ total: totalOf(50), runs: 50 });
  });

  test("errors keep class, code and data across the boundary", async () => {
    const { engine } = createEngine();
    const handler = await engine.start("risky", { kind: "type" });
    const error = await handler.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "not a number", code: "E_TYPE", detail: { field: "age" } });
    expect(
      await (await engine.start("risky", { kind: "undefined" })).result().catch((thrown: unknown) => ({ thrown })),
    ).toEqual({ thrown: undefined });
  });

  test("unknown names and ids are refused with what is there", async () => {
    const { engine } = createEngine();
    await expect(engine.startRun("nope", {})).rejects.toThrow(/"nope" is not served here. Served: fan, approve/);
    await expect(engine.attach("nope")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
    await expect(engine.start("fan", { items: "x" } as never)).rejects.toMatchObject({ name: "EventValidationError" });
    await engine.start("fan", { items: 0 }, { runId: "one" });
    await expect(engine.start("fan", { items: 0 }, { runId: "one" })).rejects.toBeInstanceOf(WorkflowRuntimeError);
  });

  test("a killed worker is noticed within a second and every call under way rejects", async () => {
    const { engine, kill } = createEngine();
    await engine.listRuns();
    const calls = Array.from({ length: 20 }, () => engine.listRuns().catch((error: unknown) => error));
    const before = performance.now();
    kill();
    const outcomes = await Promise.all(calls);
    expect(performance.now() - before).toBeLessThan(1000);
    for (const outcome of outcomes) expect(outcome).toBeInstanceOf(EngineUnavailableError);
    expect((await engine.listRuns()).runs).toEqual([]);
  });

  test("a run goes on in a new worker: finished steps are not run again, a wait still waits", async () => {
    const { engine, kill } = createEngine();
    const handler = await engine.start("approve", { who: "Ada" });
    const events = handler.streamEvents();
    expect((await events.next()).value).toMatchObject({ type: "Question", sequence: 1 });
    kill();
    const answered = engine.sendEvent(handler.runId, Answer({ ok: true, who: "Ada" })).catch(() => "died");
    if ((await answered) === "died") await engine.sendEvent(handler.runId, Answer({ ok: true, who: "Ada" }));
    expect((await events.next()).value).toMatchObject({ type: "Verdict", sequence: 2, data: { ok: true } });
    // Registered once, woken once: the wait survived, it was not begun anew.
    expect(await handler.result()).toEqual({ ok: true, calls: 2 });
  });

  test("a pending retry keeps its due time", async () => {
    const { engine, kill } = createEngine();
    const handler = await engine.start("delayed", { delay: 0 });
    await expect.poll(async () => (await engine.stateAt(handler.runId)).graph.steps["retry"]?.delayed).toBe(1);
    const { sequence, steps } = (await engine.stateAt(handler.runId)).graph;
    const dueBefore = steps["retry"]?.nextRetryAt;
    await expect.poll(async () => (await engine.storage()).lastDurableSequence).toBeGreaterThanOrEqual(sequence);
    kill();
    await expect
      .poll(async () => (await engine.stateAt(handler.runId).catch(() => null))?.graph.steps["retry"]?.nextRetryAt)
      .toBe(dueBefore);
    expect(await handler.result()).toMatchObject({ attempts: 2 });
  });

  test("reports batches of news about a run", async () => {
    const { engine } = createEngine();
    const handler = await engine.start("approve", { who: "Bob" }, { runId: "watched" });
    const graphs: number[] = [];
    const stop = engine.inspect("watched", (batch) => {
      if (batch.run) graphs.push(batch.run.graph.sequence);
    });
    await engine.sendEvent("watched", Answer({ ok: false, who: "Bob" }));
    await handler.result();
    await expect.poll(() => graphs.at(-1) ?? 0).toBeGreaterThan(3);
    expect(graphs).toEqual(graphs.toSorted((a, b) => a - b));
    stop();
  });
});

describe("runs that ended", () => {
  test("are packed by themselves, and read as before", async () => {
    const { engine } = createEngine();
    const handler = await engine.start("fan", { items: 2_000 });
    const { runId } = handler;
    await handler.result();
    await expect
      .poll(async () => bytesPerTick((await engine.listRuns()).runs[0]!), { timeout: 15_000 })
      .toBeLessThan(60);
    const events: number[] = [];
    for await (const { sequence } of handler.streamEvents()) events.push(sequence);
    expect(events).toHaveLength(2_001);
    for (const sequence of [1, 1_500, 3_000]) {
      expect((await engine.stateAt(runId, sequence)).graph.sequence).toBe(sequence);
    }
    expect(await engine.prune()).toEqual({ freedBytes: 0, compactedRuns: [], deletedRuns: [] });
  });

  const bytesPerTick = ({ bytes = Infinity, sequence }: RunSummary): number => bytes / sequence;
});

describe("bad conditions", () => {
  const connectTo = (createWorker: () => Worker): Engine => {
    const engine = connect(createWorker);
    open.push(engine);
    return engine;
  };

  test("where storage is denied every call says so", async () => {
    const engine = connectTo(
      () => new Worker(new URL("./denied.worker.ts", import.meta.url), { type: "module", name: "denied" }),
    );
    const error = await engine.startRun("fan", { items: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect(error).toMatchObject({ code: "STORAGE_DENIED", cause: { name: "StorageError" } });
    expect(engine.connection).toMatchObject({
      state: "failed",
      reason: expect.stringContaining("no access to IndexedDB"),
    });
  });

  test("a worker whose module is evaluated again has one engine", async () => {
    const engines = new Set<unknown>();
    const engine = connectTo(() => {
      const url = new URL("./evaluated-again.worker.ts", import.meta.url);
      const worker = new Worker(url, { type: "module", name: `test-${crypto.randomUUID()}` });
      worker.addEventListener("message", ({ data }) => data?.tickwork === "starting" && engines.add(data.alive));
      return worker;
    });
    const runId = await engine.startRun("fan", { items: 3 });
    await expect.poll(async () => (await engine.listRuns()).runs[0]?.status).toBe("completed");
    expect((await engine.stateAt(runId)).graph.sequence).toBeGreaterThan(3);
    expect(engines.size).toBe(1);
  });

  test("a worker whose script is missing is reported, not waited for", async () => {
    const engine = connectTo(() => new Worker("/no-such-worker.js", { type: "module" }));
    await expect(engine.listRuns()).rejects.toMatchObject({ code: "ENGINE_NOT_STARTED" });
  });

  test("a call after close is refused", async () => {
    const { engine } = createEngine();
    await engine.listRuns();
    await engine.close();
    await expect(engine.listRuns()).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
  });
});

describe("thirty kills", () => {
  test("at random moments change neither result nor stream", { timeout: 120_000 }, async () => {
    const { engine, kill } = createEngine();
    const handler = await engine.start("fan", { items: 200, pause: 10 });
    const seen: number[] = [];
    const sequences: number[] = [];
    let last: unknown;
    let kills = 0;
    let next = 1;
    for await (const event of handler.streamEvents()) {
      sequences.push(event.sequence);
      if (event.type === "Seen") seen.push((event.data as { index: number }).index);
      else last = event.data;
      if (kills === 30 || sequences.length < next || engine.connection.state !== "ready") continue;
      // A random number of events and message turns after the kill before.
      for (let turns = Math.floor(Math.random() * 40); turns > 0; turns--) await messageTurn();
      if (engine.connection.state !== "ready") continue;
      kill();
      kills += 1;
      next = sequences.length + 1 + Math.floor(Math.random() * 4);
    }
    expect(kills).toBe(30);
    expect(sequences).toEqual(Array.from({ length: 201 }, (_, index) => index + 1));
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index));
    expect(last).toEqual({ total: totalOf(200), runs: 200 });
    expect(await handler.result()).toEqual(last);
  });
});
