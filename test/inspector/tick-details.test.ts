import { constantDelay, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { readDetails } from "../../inspector/source/tick-details.ts";
import { readStepResult } from "../../inspector/store/step-result.ts";

/** Fails twice, logs each time, and returns what JSON cannot hold. */
const workflow = defineWorkflow("w", { timeout: null }).step(
  "fetch",
  { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ delay: 1000 }) },
  (_event, ctx) => {
    const { attempt } = ctx.retryInfo();
    ctx.log(`attempt ${attempt}`, { attempt });
    if (attempt < 2) throw new RangeError(`429, attempt ${attempt}`);
    return StopEvent({ at: new Date(5), text: "x".repeat(400_000) } as never);
  },
);

async function finished() {
  const clock = new SimulatedClock();
  const engine = await createEngine({ w: workflow }, { journal: new MemoryJournal(), clock });
  await engine.start("w", null, { runId: "r" });
  await settle();
  await clock.advance(5_000);
  await engine.result("r");
  await settle();
  return { engine, last: (await engine.listRuns()).runs[0]?.sequence ?? 0 };
}

test("the attempts of a work item, the newest first: error with its stack, log, and what came out", async () => {
  const { engine, last } = await finished();
  const { details, before } = await readDetails(engine, "r", { workItem: 1, kind: "StepResult" }, last + 1, 10);
  expect(before).toBe(1);
  const [done, second, first] = details.map(readStepResult);
  expect(second?.error).toMatchObject({ name: "RangeError", message: "429, attempt 1" });
  expect(second?.error?.stack).toContain("tick-details.test");
  expect(first?.logs).toMatchObject([{ message: "attempt 0", data: { attempt: 0 } }]);
  expect(done?.error).toBeNull();
  expect(done?.logs).toMatchObject([{ message: "attempt 2" }]);
  expect(done?.outputs).toMatchObject([{ mode: "return", type: "StopEvent" }]);
  // Where it says it stands, the whole of it is found.
  const [{ path = [] } = {}] = done?.outputs ?? [];
  const { sequence = 0 } = details[0]?.summary ?? {};
  const whole = JSON.parse(await engine.readText("r", { of: "tick", sequence }, path)) as { text: string };
  expect(whole.text).toHaveLength(400_000);
});

test("so many at once, and on from there", async () => {
  const { engine, last } = await finished();
  const query = { by: "fetch", kind: "StepResult" } as const;
  const page = await readDetails(engine, "r", query, last + 1, 2);
  expect(page.details.map(({ summary }) => summary.attempt)).toEqual([3, 2]);
  const older = await readDetails(engine, "r", query, page.before, 2);
  expect(older.details.map(({ summary }) => summary.attempt)).toEqual([1]);
  expect(older.before).toBe(1);
});
