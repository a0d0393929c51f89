/** What a worker of now finds in a database that an earlier, or a later, tickwork wrote. */
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { createEngine, SimulatedClock } from "tickwork/testing";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import type { RecordedContext, RecordedHistory } from "../histories/record.ts";
import { histories } from "../histories/workflows.ts";

const folder = fileURLToPath(new URL("../histories/format-1/", import.meta.url));
const read = (name: string) => JSON.parse(readFileSync(`${folder}${name}.json`, "utf8")) as RecordedHistory;

/** The database as version 0.1 left it when it had written the first ticks of a recorded run. */
async function oldDatabase(name: string, count: number, change: { tickFormat?: number; snapshot?: object } = {}) {
  const { runFile } = read(name);
  const ticks = (runFile["ticks"] as readonly JsonObject[]).slice(0, count);
  const database = crypto.randomUUID();
  const db = await openDB(database, 1, {
    upgrade(opened) {
      opened.createObjectStore("runs", { keyPath: "runId" }).createIndex("created", ["createdAt", "runId"]);
      opened
        .createObjectStore("batches", { keyPath: ["runId", "from"] })
        .createIndex("published", ["runId", "lastPosition"]);
      opened.createObjectStore("snapshots", { keyPath: ["runId", "sequence"] });
    },
  });
  const record = runFile["run"] as JsonObject;
  const runId = `recorded-${name}`;
  await db.put("runs", { ...record, status: "running", sequence: count, next: count + 1 });
  const { tickFormat, snapshot } = change;
  await db.put("batches", {
    runId,
    from: 1,
    to: count,
    ...(tickFormat !== undefined && { tickFormat }),
    ticks: JSON.stringify(ticks),
    published: [],
  });
  if (snapshot) await db.put("snapshots", { runId, sequence: count, state: JSON.stringify(snapshot) });
  db.close();
  return { journal: await IndexedDbJournal.open(database), runId };
}

const open = (name: string, journal: IndexedDbJournal) => {
  const workflow = histories[name]!.workflow;
  return createEngine({ [workflow.name]: workflow }, { journal, clock: new SimulatedClock(Date.UTC(2026, 0, 1)) });
};

describe("a database of the first format", () => {
  test.each(["chain", "fan-out", "joins", "retries"])("%s: its ticks are folded, and the run goes on", async (name) => {
    const { journal, runId } = await oldDatabase(name, 2);
    const engine = await open(name, journal);
    const [row] = (await engine.listRuns()).runs;
    expect(row).not.toHaveProperty("pausedBecause");
    expect((await engine.readTicks(runId, { from: 1, limit: 2 })).ticks).toHaveLength(2);
    await engine.close();
  });

  test("its snapshots are read", async () => {
    const { context, resumed } = read("fan-out").contexts[0] as RecordedContext;
    const { journal, runId } = await oldDatabase("fan-out", context.sequence, { snapshot: context });
    const engine = await open("fan-out", journal);
    expect(await engine.result(runId)).toEqual(resumed["result"]);
    expect((await engine.readTick(runId, context.sequence + 1)).tick).toMatchObject({
      kind: "ResumeRun",
      program: { workflow: "fan-out" },
    });
  });
});

describe("a database of a format to come", () => {
  test("has its runs listed, paused, and says why", async () => {
    const { journal, runId } = await oldDatabase("chain", 2, { tickFormat: 9 });
    const engine = await open("chain", journal);
    const reason = expect.stringMatching(/newer tickwork.*version 9.*Update tickwork/);
    expect((await engine.listRuns()).runs).toMatchObject([{ runId, status: "running", pausedBecause: reason }]);
    await expect(engine.attach(runId)).rejects.toMatchObject({ code: "HISTORY_FROM_FUTURE" });
  });

  test("likewise for a snapshot", async () => {
    const { context } = read("fan-out").contexts[0] as RecordedContext;
    const { journal, runId } = await oldDatabase("fan-out", context.sequence, { snapshot: { ...context, version: 9 } });
    const engine = await open("fan-out", journal);
    await expect(engine.attach(runId)).rejects.toMatchObject({ code: "CONTEXT_FROM_FUTURE" });
    expect((await engine.listRuns()).runs[0]).toHaveProperty("pausedBecause");
  });
});
