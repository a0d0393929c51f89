/** Idle runs leave memory. */
import {
  constantDelay,
  defineWorkflow,
  initialState,
  replay,
  StartEvent,
  StopEvent,
  WorkflowConfigurationError,
} from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { graphStatus } from "../../src/graph/graph-status.ts";
import { compile } from "../../src/workflow/compile.ts";
import { Answer, gate } from "./fixtures.ts";
import { asking, IDLE, noting, open, ticksOf } from "./idle-fixtures.ts";

describe("an idle run", () => {
  test("leaves memory after idleTimeout, stays listed as idle, and an event brings it back", async () => {
    const { engine, clock, row } = await open({ asking });
    const handler = await engine.start("asking", null, { runId: "r" });
    await settle();
    const idleSince = clock.now();
    await clock.advance(IDLE - 1);
    expect(await row()).toMatchObject({ status: "idle", loaded: true, idleSince });
    await clock.advance(1);
    expect(await row()).toMatchObject({ status: "idle", loaded: false, idleSince, waitingFor: ["Answer"] });
    expect(handler.status).toBe("idle");
    await handler.sendEvent(Answer(5));
    expect([await handler.result(), handler.status]).toEqual([5, "completed"]);
    await settle();
    const ended = await row();
    expect([ended?.loaded, ended && "idleSince" in ended]).toEqual([false, false]);
  });

  test("stays while events keep coming, and leaves once they stop", async () => {
    const { engine, clock, isLoaded } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    for (let count = 0; count < 5; count++) {
      await clock.advance(IDLE - 1);
      await handler.sendEvent(Answer(count));
    }
    await clock.advance(IDLE - 1);
    expect(await isLoaded()).toBe(true);
    await clock.advance(1);
    expect(await isLoaded()).toBe(false);
  });

  test("stays for ever with idleTimeout null, and nothing is set on the clock for it", async () => {
    const { engine, clock, isLoaded } = await open({ asking }, { idleTimeout: null });
    await engine.start("asking", null, { runId: "r" });
    await settle();
    expect(clock.pending).toBe(0);
    await clock.advance(1e9);
    expect(await isLoaded()).toBe(true);
  });

  test("leaves after a minute by default", async () => {
    const clock = new SimulatedClock();
    const engine = await createEngine({ asking }, { journal: new MemoryJournal(), clock });
    await engine.start("asking", null);
    await clock.advance(59_999);
    expect((await engine.listRuns()).runs[0]?.loaded).toBe(true);
    await clock.advance(1);
    expect((await engine.listRuns()).runs[0]?.loaded).toBe(false);
  });

  test.each([-1, Number.NaN])("with idleTimeout %d is refused", async (idleTimeout) => {
    await expect(open({ asking }, { idleTimeout })).rejects.toBeInstanceOf(WorkflowConfigurationError);
  });

  test("is none while a step works or backs off", async () => {
    const busy = defineWorkflow("busy", { timeout: null }).step(
      "work",
      { accepts: StartEvent, emits: StopEvent },
      async () => (await gate().promise, StopEvent()),
    );
    const failing = defineWorkflow("failing", { timeout: null }).step(
      "work",
      { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ delay: 1e9, maximumAttempts: 2 }) },
      () => Promise.reject(new Error("no")),
    );
    const { engine, clock, isLoaded } = await open({ busy, failing });
    await engine.start("busy", null, { runId: "busy" });
    await engine.start("failing", null, { runId: "failing" });
    await clock.advance(IDLE * 10);
    expect([await isLoaded("busy"), await isLoaded("failing")]).toEqual([true, true]);
  });

  test("is written down when it leaves, and nothing is added", async () => {
    const { engine, journal, clock } = await open({ asking });
    const handler = await engine.start("asking", null, { runId: "r" });
    await settle();
    const { sequence } = await handler.snapshot();
    await clock.advance(IDLE);
    expect((await ticksOf(journal)).map((tick) => tick.sequence)).toEqual(
      Array.from({ length: sequence }, (_, index) => index + 1),
    );
  });

  test("has a history that replays to its live state after several releases", async () => {
    const { engine, journal, clock } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    for (let count = 0; count < 3; count++) {
      await clock.advance(IDLE);
      await handler.sendEvent(Answer(count));
    }
    await settle();
    const live = (await engine.stateAt("r")).graph;
    await clock.advance(IDLE);
    expect((await engine.stateAt("r")).graph).toEqual(live);
    expect(graphStatus(replay(initialState(compile(noting).program), await ticksOf(journal)))).toEqual(live);
  });

  test("leaves a snapshot if its history is long, so that it is read from there", async () => {
    const { engine, journal, clock } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    for (let count = 0; count < 100; count++) await handler.sendEvent(Answer(count));
    await settle();
    await clock.advance(IDLE);
    const { length } = await ticksOf(journal);
    expect((await journal.loadSnapshot("r", 1e9))?.sequence).toBe(length);
    // A few ticks later a second one would save nothing.
    await handler.sendEvent(Answer("more"));
    await clock.advance(IDLE);
    expect((await journal.loadSnapshot("r", 1e9))?.sequence).toBe(length);
  });
});

describe("a thousand idle runs", () => {
  test("are released, and each gets its answer", async () => {
    const { engine, clock } = await open({ asking });
    const handlers = await Promise.all(Array.from({ length: 1000 }, (_, run) => engine.start("asking", run)));
    const results = handlers.map((handler) => handler.result());
    await clock.advance(IDLE);
    await settle();
    const { runs } = await engine.listRuns({ limit: 2000 });
    expect([runs.length, runs.filter(({ loaded }) => loaded).length, clock.pending]).toEqual([1000, 0, 0]);
    await Promise.all(handlers.map((handler, run) => handler.sendEvent(Answer(run))));
    expect(await Promise.all(results)).toEqual(Array.from({ length: 1000 }, (_, run) => run));
  });
});
