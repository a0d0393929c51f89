import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock, type RunRecord } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer } from "../engine/fixtures.ts";

describe("a journal in memory with maxFinishedRuns", () => {
  const record = (runId: string, status: RunRecord["status"]): RunRecord => ({
    runId,
    workflow: "w",
    version: "1",
    createdAt: 0,
    updatedAt: 0,
    status,
    sequence: 0,
    published: 0,
    busy: 0,
    queued: 0,
    waiting: 0,
    waitingFor: [],
  });
  /** Writes one tick and the record after it. */
  const write = (journal: MemoryJournal, runId: string, from: number, status: RunRecord["status"]) =>
    journal.append(
      runId,
      { from, ticks: [{ kind: "IdleCheck", causedBy: "external", sequence: from, at: 0 }], published: [] },
      record(runId, status),
    );
  const idsOf = async (journal: MemoryJournal) =>
    (await journal.listRuns({ limit: 100 })).map(({ runId }) => runId).toSorted();

  test("forgets those that ended first, with their ticks and snapshots, and never one that has not ended", async () => {
    const journal = new MemoryJournal({ maxFinishedRuns: 2 });
    for (const runId of ["running", "a", "b", "c"]) await journal.createRun(record(runId, "running"));
    await journal.saveSnapshot("b", { sequence: 1, state: {} });
    write(journal, "running", 1, "idle");
    for (const runId of ["b", "a", "c"]) write(journal, runId, 1, "completed");
    expect(await idsOf(journal)).toEqual(["a", "c", "running"]);
    expect(await journal.loadSnapshot("b", 9)).toBeUndefined();
    for await (const batch of journal.read("b", { from: 1, to: 9 })) throw new Error(`still there: ${batch.from}`);
    await journal.createRun(record("b", "running"));
  });

  test("counts a run once, however often it is written after its end, and not if it goes on (C-57)", async () => {
    const journal = new MemoryJournal({ maxFinishedRuns: 2 });
    for (const runId of ["a", "b", "c"]) await journal.createRun(record(runId, "running"));
    for (let tick = 1; tick <= 5; tick++) write(journal, "a", tick, "failed");
    write(journal, "b", 1, "completed");
    expect(await idsOf(journal)).toEqual(["a", "b", "c"]);
    write(journal, "a", 6, "running");
    write(journal, "c", 1, "cancelled");
    expect(await idsOf(journal)).toEqual(["a", "b", "c"]);
    write(journal, "a", 7, "completed");
    expect(await idsOf(journal)).toEqual(["a", "c"]);
  });

  test("counts no run that was deleted", async () => {
    const journal = new MemoryJournal({ maxFinishedRuns: 2 });
    for (const runId of ["a", "b", "c"]) {
      await journal.createRun(record(runId, "running"));
      write(journal, runId, 1, "completed");
      if (runId === "a") await journal.deleteRun("a");
    }
    expect(await idsOf(journal)).toEqual(["b", "c"]);
  });

  test("keeps an engine's list at that length, beside what still waits", async () => {
    const workflow = defineWorkflow("w", { timeout: null }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
      async ({ data }, ctx) => StopEvent(data === "wait" ? (await ctx.waitForEvent(Answer)).data : data),
    );
    const engine = await createEngine(
      { w: workflow },
      { journal: new MemoryJournal({ maxFinishedRuns: 3 }), clock: new SimulatedClock() },
    );
    const waiting = await engine.start("w", "wait");
    for (let count = 0; count < 10; count++) await (await engine.start("w", count)).result();
    await settle();
    expect((await engine.listRuns()).runs.map(({ status }) => status).toSorted()).toEqual([
      "completed",
      "completed",
      "completed",
      "idle",
    ]);
    await waiting.sendEvent(Answer("there"));
    expect(await waiting.result()).toBe("there");
    await engine.close();
  });
});
