/** What the worker answers a page, without a worker between them. */
import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { decodeToError } from "../../src/serialize/error-codec.ts";
import { createWorkerApi } from "../../src/runtimes/browser/worker-api.ts";
import { throughJson } from "../engine/fixtures.ts";

test("a run whose code changed: the page is told what is missing, and can have it go on", async () => {
  const named = (step: string) =>
    defineWorkflow("w", { timeout: null }).step(
      step,
      { accepts: StartEvent, emits: StopEvent },
      () => new Promise<never>(() => undefined),
    );
  const journal = new MemoryJournal();
  const clock = new SimulatedClock();
  const first = await createEngine({ w: named("old") }, { journal, clock });
  await first.start("w", null, { runId: "r" });
  await settle();
  await first.close();
  const hooks = [{ onTick: () => undefined, onProblem: () => undefined }];
  const host = await createEngine({ w: named("new") }, { journal, clock, hooks });
  const { api } = createWorkerApi(() => Promise.resolve(host));

  const refused = throughJson(await api.resumeRun("r", {}));
  if (refused.ok) throw new Error("It was taken up.");
  expect(decodeToError(refused.error)).toMatchObject({
    name: "ContextSerdeError",
    code: "RUN_CODE_CHANGED",
    data: { mismatch: { work: 1, steps: [{ step: "old", why: "gone" }], events: [{ type: "StartEvent", work: 1 }] } },
  });
  expect(await api.resumeRun("r", { onMismatch: "bestEffort" })).toEqual({ ok: true, value: null });
  expect(await api.runStatus("r")).toEqual({ ok: true, value: "idle" });
});
