/** The ways out that a run does not take by itself: problems, failing storage, histories that began elsewhere. */
import "fake-indexeddb/auto";
import { processRuntime, resource, resume, run, StorageError, withHooks, type RunHook } from "tickwork";
import {
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  settle,
  SimulatedClock,
  type Journal,
} from "tickwork/testing";
import { describe, expect, test, vi } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import type { EngineHost } from "../../src/engine/host.ts";
import { redactContext } from "../../src/engine/redact-context.ts";
import { Redaction } from "../../src/inspection/redaction.ts";
import { toPlainData } from "../../src/workflow/plain-data.ts";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { single, throughJson } from "./fixtures.ts";
import { workflows } from "./redaction-workflow.ts";

const MARK = "Pssst-4711";
const redact = () => "hidden";
const runtime = () => ({ ...processRuntime, clock: new SimulatedClock(), journal: new MemoryJournal() });

describe("a problem beside a run", () => {
  const broken = resource(() => 1, {
    dispose: () => {
      throw new Error(MARK);
    },
  });
  const work = single(async (ctx) => ctx.resources.broken, { resources: { broken } });

  test("is told to hooks without what is hidden", async () => {
    const told: unknown[] = [];
    const hook: RunHook = { onTick: () => undefined, onProblem: (problem) => told.push(problem) };
    const engine = await createEngine({ work }, withHooks(runtime(), hook), { redact });
    await (await engine.start("work", null)).result();
    await settle();
    expect(told).toMatchObject([{ code: "RESOURCE_NOT_DISPOSED", message: "hidden" }]);
    expect(JSON.stringify(told)).not.toContain(MARK);
  });

  test("goes to the console without what is hidden", async () => {
    const print = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const engine = await createEngine({ work }, runtime(), { redact });
    await (await engine.start("work", null)).result();
    await settle();
    expect(print).toHaveBeenCalledTimes(1);
    expect(print.mock.calls[0]?.[0]).toMatchObject({ message: "hidden" });
  });
});

test("storage that fails is told without what is hidden", async () => {
  const journal = new FaultInjectingJournal(new MemoryJournal(), { durable: true });
  const engine = await createEngine(workflows, { journal }, { redact });
  await engine.startRun("everything", {}, { runId: "r" });
  await settle();
  journal.inject({ on: "append", fail: new StorageError(MARK) });
  await engine.cancelRun("r").catch(() => undefined);
  const shown = [await engine.listRuns({ parent: null }), await engine.storage()];
  expect(shown).toMatchObject([
    { runs: [{ pausedBecause: "hidden" }] },
    { problem: { message: "hidden", remedy: "wait" } },
  ]);
});

test("a history that begins with a saved state is exported without what is hidden", async () => {
  const clock = new SimulatedClock();
  const journal = new FaultInjectingJournal(new MemoryJournal(), { durable: true });
  const first = run(workflows.everything, { secret: MARK }, { runId: "r", runtime: { clock, journal: null } });
  await settle();
  const saved = await first.snapshot();
  resume(workflows.everything, saved, { runtime: { clock, journal } });
  await settle();
  const engine = await createEngine(workflows, { clock, journal }, { redact });
  const file = await engine.exportRun("r");
  expect(file).toMatchObject({ redacted: true, base: { runId: "r" } });
  expect(JSON.stringify(file)).not.toContain(MARK);
  expect(JSON.stringify(saved)).toContain(MARK);
});

describe("a redacted file", () => {
  async function imported(journal: Journal = new MemoryJournal()) {
    const first = await createEngine(workflows, runtime(), { redact });
    await first.startRun("everything", { secret: MARK }, { runId: "r" });
    await settle();
    const file = throughJson(await first.exportRun("r"));
    await first.close();
    const engine = await createEngine(workflows, { clock: new SimulatedClock(), journal });
    await engine.importRun(file);
    return { engine, file };
  }

  test("imports, is marked with its children, and stays marked when it is exported again", async () => {
    const { engine, file } = await imported();
    const { runs } = await engine.listRuns();
    expect(runs.map(({ runId, readOnly, redacted }) => [runId.split("/")[0], readOnly, redacted])).toEqual([
      ["r", true, true],
      ["r", true, true],
      ["r", true, true],
    ]);
    expect(throughJson(await engine.exportRun("r"))).toEqual(file);
    expect((await engine.stateAt("r")).store).toEqual({ input: "hidden", deep: { down: "hidden" } });
  });

  test("marks its children, also where they do not say it", async () => {
    const { file } = await imported();
    const { redacted: _redacted, ...child } = (file["children"] as JsonObject[])[0]!;
    const journal = new MemoryJournal();
    const engine = await createEngine({}, { journal });
    await engine.importRun({ ...file, children: [child] });
    expect((await engine.listRuns()).runs).toMatchObject([{ redacted: true }, { redacted: true }]);
  });

  test.each([
    ["sendEvent", (engine: EngineHost) => engine.sendEvent("r", { type: "Word", data: {} })],
    ["cancelRun", (engine: EngineHost) => engine.cancelRun("r")],
    ["resumeRun", (engine: EngineHost) => engine.resumeRun("r")],
    ["forkRun", (engine: EngineHost) => engine.forkRun("r")],
    ["forkRun at a tick", (engine: EngineHost) => engine.forkRun("r", { atSequence: 2 })],
    ["result", (engine: EngineHost) => engine.result("r")],
  ])("cannot be gone on with: %s says why, also after a restart", async (_name, call) => {
    const journal = await IndexedDbJournal.open(crypto.randomUUID());
    const { engine } = await imported(journal);
    const again = await createEngine(workflows, { clock: new SimulatedClock(), journal });
    for (const each of [engine, again]) {
      await expect(call(each)).rejects.toMatchObject({
        name: "WorkflowRuntimeError",
        code: "RUN_REDACTED",
        message: expect.stringContaining("data is hidden"),
      });
    }
    expect((await again.listRuns()).runs).toHaveLength(3);
  });

  test("cannot be gone on with where its workflow is not served", async () => {
    const { file } = await imported();
    const engine = await createEngine({}, { journal: new MemoryJournal() });
    await engine.importRun(file);
    await expect(engine.resumeRun("r")).rejects.toMatchObject({ code: "RUN_REDACTED" });
    await expect(engine.forkRun("r")).rejects.toMatchObject({ code: "RUN_REDACTED" });
  });
});

test("a saved run that was cancelled is shown without the reason", async () => {
  const handler = run(workflows.everything, {}, { runtime: { clock: new SimulatedClock(), journal: null } });
  await settle();
  await handler.cancelRun(MARK);
  const saved = await handler.snapshot();
  expect(saved.outcome).toEqual({ kind: "cancelled", reason: MARK });
  expect(redactContext(saved, new Redaction("r", redact, toPlainData)).outcome).toEqual({
    kind: "cancelled",
    reason: "hidden",
  });
});
