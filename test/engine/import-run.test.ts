import "fake-indexeddb/auto";
import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import {
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  settle,
  SimulatedClock,
  type Journal,
} from "tickwork/testing";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import type { EngineHost } from "../../src/engine/host.ts";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import type { RecordedHistory } from "../histories/record.ts";
import { histories } from "../histories/workflows.ts";
import { failureOf, readAll, single, throughJson } from "./fixtures.ts";

const folder = fileURLToPath(new URL("../histories/", import.meta.url));
const read = (file: string) => (JSON.parse(readFileSync(folder + file, "utf8")) as RecordedHistory).runFile;
const recordings = ["format-1", "format-2"].flatMap((format) =>
  readdirSync(folder + format).map((file) => `${format}/${file}`),
);
const served = Object.fromEntries(Object.entries(histories).map(([name, { workflow }]) => [name, workflow]));
delete served["elsewhere"];

const counting = defineWorkflow("count").step("count", { accepts: StartEvent, emits: StopEvent }, (event) =>
  StopEvent(event.data),
);
const summing = defineWorkflow("sum", { timeout: null }).step(
  "add",
  { accepts: StartEvent, emits: StopEvent, runs: [counting] },
  async (_event, ctx) => StopEvent([await ctx.runWorkflow(counting, 1), await ctx.runWorkflow(counting, 2)] as never),
);

/** A run with two children, exported. */
async function familyFile(): Promise<JsonObject> {
  const engine = await createEngine({ summing }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  await (await engine.start("summing", null, { runId: "sum" })).result();
  return throughJson(await engine.exportRun("sum"));
}

const open = (journal: Journal = new MemoryJournal(), workflows = {}): Promise<EngineHost> =>
  createEngine(workflows, { journal, clock: new SimulatedClock(5) });
const idsIn = async (journal: Journal): Promise<string[]> =>
  (await journal.listRuns({ limit: 1_000 })).map(({ runId }) => runId).toSorted();

describe.each([
  ["in memory", () => Promise.resolve(new MemoryJournal())],
  ["in IndexedDB", () => IndexedDbJournal.open(crypto.randomUUID())],
] as const)("importRun %s", (_where, createJournal) => {
  test.each(recordings)("%s comes back out as it went in, without its code", async (name) => {
    const file = read(name);
    const engine = await open(await createJournal());
    const runId = await engine.importRun(file);
    const again = throughJson(await engine.exportRun(runId));
    if (name.startsWith("format-2")) expect(again).toEqual(file);
    else expect(again).toMatchObject({ graph: file["graph"] });
    const other = await open();
    await other.importRun(again);
    expect(throughJson(await other.exportRun(runId))).toEqual(again);
  });

  test("an error that holds what JSON cannot comes along", async () => {
    const broken = single(() => {
      throw Object.assign(new Error("x"), { details: new Map([["a", 1n]]) });
    });
    const first = await createEngine({ broken }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
    await failureOf(await first.start("broken", null, { runId: "b" }));
    const engine = await open(await createJournal());
    await engine.importRun(await first.exportRun("b"));
    expect(await engine.exportRun("b")).toEqual(await first.exportRun("b"));
  });

  test("a file is taken as it lies on the disk; what is no JSON is refused by name, and leaves nothing behind", async () => {
    const journal = await createJournal();
    const engine = await open(journal);
    const file = await familyFile();
    expect(await engine.importRun(new Blob([JSON.stringify(file)]))).toBe("sum");
    expect(throughJson(await engine.exportRun("sum"))).toEqual(file);
    const before = await idsIn(journal);
    for (const text of ["", "no json", "{", JSON.stringify(file).slice(0, -1)]) {
      await expect(engine.importRun(new Blob([text]), { runId: "x" })).rejects.toMatchObject({
        name: "ContextSerdeError",
        code: "RUN_FILE_UNREADABLE",
        message: expect.stringContaining("it is not JSON"),
      });
    }
    expect(await idsIn(journal)).toEqual(before);
  });

  test("children come with their parent, under its new id", async () => {
    const journal = await createJournal();
    const engine = await open(journal);
    expect(await engine.importRun(await familyFile(), { runId: "copy" })).toBe("copy");
    expect(await idsIn(journal)).toEqual(["copy", "copy/1/count#0", "copy/1/count#1"]);
    const { runs } = await engine.listRuns({ parent: "copy" });
    expect(runs.map(({ parent, readOnly }) => [parent?.runId, readOnly])).toEqual([
      ["copy", true],
      ["copy", true],
    ]);
    const text = JSON.stringify(await engine.exportRun("copy"));
    expect(JSON.parse(text.replaceAll("copy", "sum"))).toEqual(await familyFile());
  });

  test("an id that is taken, also by a child, is refused, and nothing is stored", async () => {
    const journal = await createJournal();
    const engine = await open(journal);
    const file = await familyFile();
    await engine.importRun((file["children"] as JsonObject[])[0]);
    await expect(engine.importRun(file)).rejects.toMatchObject({ code: "RUN_EXISTS" });
    expect(await idsIn(journal)).toEqual(["sum/1/count#1"]);
    await engine.deleteRun("sum/1/count#1");
    await engine.importRun(file);
    await expect(engine.importRun(file)).rejects.toMatchObject({ code: "RUN_EXISTS" });
  });
});

test("a crash in the middle of an import leaves nothing, one right after it leaves all", async () => {
  for (const crash of ["before", "after"] as const) {
    const journal = new FaultInjectingJournal(new MemoryJournal(), { faults: [{ on: "addRuns", crash }] });
    await expect((await open(journal)).importRun(await familyFile())).rejects.toMatchObject({
      code: "SIMULATED_CRASH",
    });
    expect((await idsIn(journal.inner)).length).toBe(crash === "before" ? 0 : 3);
  }
});

test("a disk that is full in the middle of an import leaves nothing", async () => {
  const journal = await IndexedDbJournal.open(crypto.randomUUID());
  const engine = await open(journal);
  const add = Reflect.get(IDBObjectStore.prototype, "add") as (...args: unknown[]) => IDBRequest<IDBValidKey>;
  let writes = 0;
  IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...args: unknown[]) {
    if (++writes === 5) throw new DOMException("full", "QuotaExceededError");
    return add.apply(this, args);
  };
  try {
    await expect(engine.importRun(await familyFile())).rejects.toMatchObject({ code: "STORAGE_QUOTA" });
  } finally {
    IDBObjectStore.prototype.add = add;
  }
  expect(await idsIn(journal)).toEqual([]);
});

describe("an imported run", () => {
  const imported = async (name: string, workflows = served) => {
    const journal = new MemoryJournal();
    const engine = await open(journal, workflows);
    return { engine, journal, runId: await engine.importRun(read(`format-2/${name}.json`)) };
  };
  /** A run that was waiting when it was exported. */
  const waiting = async () => {
    const source = await createEngine(served, { journal: new MemoryJournal(), clock: new SimulatedClock() });
    await source.start("waits", null, { runId: "w" });
    await settle();
    const journal = new MemoryJournal();
    const engine = await open(journal, served);
    await engine.importRun(throughJson(await source.exportRun("w")));
    return { engine, journal };
  };

  test("is listed as read-only, and is not taken up, now or by the next engine", async () => {
    const { engine, journal } = await waiting();
    const next = await open(journal, served);
    for (const each of [engine, next]) {
      await each.attach("w");
      each.wake();
      const [run] = (await each.listRuns()).runs;
      expect(run).toMatchObject({ readOnly: true, status: "idle", loaded: false, waiting: 2 });
      expect(run).not.toHaveProperty("pausedBecause");
    }
    expect((await journal.getRun("w"))?.sequence).toBe(2);
  });

  test.each([
    ["sendEvent", (engine: EngineHost) => engine.sendEvent("w", { type: "Answer", data: { text: "", to: "one" } })],
    ["cancelRun", (engine: EngineHost) => engine.cancelRun("w")],
    ["resumeRun", (engine: EngineHost) => engine.resumeRun("w")],
    ["result", (engine: EngineHost) => engine.result("w")],
  ])("%s says that it is to be forked", async (_name, call) => {
    const { engine } = await waiting();
    expect(await failureOf({ result: () => call(engine) as Promise<never> })).toMatchObject({
      name: "WorkflowRuntimeError",
      code: "RUN_READ_ONLY",
      message: expect.stringContaining('engine.forkRun("w")'),
    });
  });

  test("has its result, its stream, its past and a snapshot", async () => {
    const { engine, runId } = await imported("fan-out");
    const handler = await engine.attach(runId);
    expect(await handler.result()).toMatchObject({ sum: 28 });
    expect((await readAll(handler.streamEvents())).map(({ type }) => type)).toEqual(["StopEvent"]);
    expect((await handler.snapshot()).status).toBe("completed");
    expect((await engine.stateAt(runId, 3)).graph.sequence).toBe(3);
    await engine.deleteRun(runId);
    await expect(engine.stateAt(runId)).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  });

  test("can be looked at where its workflow is not served: its own graph is shown", async () => {
    const { engine, runId, journal } = await imported("lists", {});
    const file = read("format-2/lists.json");
    expect(await engine.describeRun(runId)).toMatchObject({
      name: "lists",
      graph: file["graph"],
      startEvent: "StartEvent",
    });
    const { ticks } = await engine.readTicks(runId, { from: 1, limit: 100 });
    expect(ticks.length).toBe((file["ticks"] as []).length);
    expect((await engine.readTick(runId, 2)).tick).toEqual((file["ticks"] as JsonObject[])[1]);
    expect((await engine.depthOverTime(runId, 5)).length).toBeGreaterThan(1);
    await expect(engine.cancelRun(runId)).rejects.toMatchObject({ code: "RUN_READ_ONLY" });
    await engine.deleteRun(runId);
    expect(await idsIn(journal)).toEqual([]);
  });

  test("inspectors hear of it", async () => {
    const engine = await open();
    const heard: string[] = [];
    const stop = engine.inspect("*", ({ runs }) => heard.push(...runs.map(({ runId }) => runId)));
    await engine.importRun(await familyFile());
    await new Promise((resolve) => setTimeout(resolve, 40));
    stop();
    expect(heard.toSorted()).toEqual(["sum", "sum/1/count#0", "sum/1/count#1"]);
  });
});

test("a file too old to say its definition is looked at with the one that is served", async () => {
  const file = throughJson(read("format-2/atomic.json")) as { ticks: { kind: string; program?: unknown }[] };
  for (const tick of file.ticks) delete tick.program;
  const engine = await open(new MemoryJournal(), served);
  const runId = await engine.importRun(file);
  const { graph, result } = await engine.stateAt(runId);
  expect([graph.status, Object.keys(graph.steps)]).toEqual(["completed", ["fill", "again"]]);
  expect(result).toMatchObject({ seen: ["fill", "again"] });
  await engine.close();
});
