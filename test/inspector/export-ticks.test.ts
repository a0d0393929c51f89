import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { exportTicks } from "../../inspector/source/export-ticks.ts";

const Page = defineEvent("Page");
const workflow = defineWorkflow("w")
  .step("split", { accepts: StartEvent, emits: Page }, (_event, ctx) => {
    for (let n = 0; n < 8; n++) ctx.sendEvent(Page({ n, text: "x".repeat(1_000_000) }));
  })
  .step("work", { accepts: Page, emits: [Page, StopEvent], numWorkers: 1 }, ({ data }) =>
    (data as { n: number }).n === 7 ? StopEvent(data) : undefined,
  );

async function finished() {
  const engine = await createEngine({ w: workflow }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  await engine.start("w", null, { runId: "r" });
  await engine.result("r");
  await settle();
  return { engine, last: (await engine.listRuns()).runs[0]?.sequence ?? 0 };
}

test("every tick whole, one JSON line each, with progress", async () => {
  const { engine, last } = await finished();
  const seen: number[] = [];
  const parts = await exportTicks(
    engine,
    "r",
    {},
    last,
    ({ looked }) => seen.push(looked),
    new AbortController().signal,
  );
  const ticks = parts
    .join("")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { sequence: number });
  expect(ticks.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(JSON.stringify(ticks[1]).length).toBeGreaterThan(8_000_000);
  expect(seen.at(-1)).toBe(last);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});

test("only what matches", async () => {
  const { engine, last } = await finished();
  const never = new AbortController().signal;
  const parts = await exportTicks(engine, "r", { step: "work", text: '"n":3' }, last, () => undefined, never);
  expect(
    parts
      .join("")
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { kind: string }).kind),
  ).toEqual(["StepResult"]);
});

test("stops when it is told to", async () => {
  const { engine, last } = await finished();
  const abort = new AbortController();
  const stopped = exportTicks(engine, "r", {}, last, () => abort.abort(), abort.signal);
  await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
});
