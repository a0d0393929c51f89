/** Whatever file is opened: a run that can be looked at, or a named error and nothing stored. */
import fc from "fast-check";
import { createEngine, MemoryJournal, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { histories } from "../histories/workflows.ts";
import { anyObject, assertUnpolluted, changes, mutated, named, recordings } from "../serialize/hostile.ts";

const served = Object.fromEntries(Object.entries(histories).map(([name, { workflow }]) => [name, workflow]));
delete served["elsewhere"];

/** The codes of refusals; an import that comes through is looked at from all sides. */
async function open(file: unknown): Promise<string> {
  const journal = new MemoryJournal();
  const engine = await createEngine(served, { journal, clock: new SimulatedClock() });
  try {
    const runId = await engine.importRun(file);
    const { lastSequence } = await engine.readTicks(runId, { from: 1, limit: 1_000 });
    await engine.stateAt(runId);
    await engine.stateAt(runId, Math.max(1, lastSequence - 1));
    await engine.describeRun(runId);
    await engine.depthOverTime(runId, 10);
    await engine.listRuns();
    const again = await engine.exportRun(runId);
    await engine.deleteRun(runId);
    await engine.importRun(JSON.parse(JSON.stringify(again)));
    return "opened";
  } catch (error) {
    expect(await journal.listRuns({ limit: 9 })).toEqual([]);
    return named(error).code;
  } finally {
    assertUnpolluted();
    await engine.close();
  }
}

test("anything at all", async () => {
  await fc.assert(
    fc.asyncProperty(anyObject, async (file) => {
      expect(await open(file)).toBe("RUN_FILE_UNREADABLE");
    }),
    { numRuns: 300 },
  );
});

test("real files with something changed", { timeout: 120_000 }, async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...recordings), changes, async ({ runFile }, made) => {
      const file = mutated(runFile, made);
      const outcome = await open(file);
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      // From the disk it is taken without a copy, and must be found the same.
      const text = JSON.stringify(file) ?? "";
      expect(await open(new Blob([text]))).toBe(await open(text === "" ? undefined : JSON.parse(text)));
    }),
    { numRuns: 1_500 },
  );
  // Both happen, or it is no test.
  expect(seen.get("opened")).toBeGreaterThan(50);
  expect(seen.get("RUN_FILE_UNREADABLE")).toBeGreaterThan(50);
});

test("what JSON.parse reads and is no JSON all the same", async () => {
  const [{ runFile } = {}] = recordings;
  const text = JSON.stringify({ ...runFile, extra: 0 });
  const nested = "[".repeat(1_200) + "]".repeat(1_200);
  for (const extra of ["1e999", nested]) {
    expect(await open(new Blob([text.replace('"extra":0', `"extra":${extra}`)]))).toBe("RUN_FILE_UNREADABLE");
  }
  expect(await open(new Blob([text]))).toBe("opened");
});
