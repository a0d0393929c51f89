import type { RunHook, WorkflowError } from "tickwork";
import { MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { EngineHost } from "../../src/engine/host.ts";
import { single } from "./fixtures.ts";

test("hooks are told once when the storage gets nearly full, and it is looked at once a minute", async () => {
  const clock = new SimulatedClock();
  const told: WorkflowError[] = [];
  const hook: RunHook = { onTick: () => undefined, onProblem: (problem) => told.push(problem) };
  let usage = 100;
  let looks = 0;
  const host = new EngineHost({
    workflows: { single: single(() => null) },
    runtime: { clock, journal: new MemoryJournal(), hooks: [hook] },
    storage: async () => {
      looks += 1;
      return { usage, quota: 1000 };
    },
  });
  const runOne = async (): Promise<void> => {
    await host.result(await host.startRun("single", null));
    await settle();
  };
  await runOne();
  await runOne();
  expect(looks).toBe(1);
  usage = 901;
  for (let minute = 0; minute < 3; minute++) {
    await clock.advance(60_000);
    await runOne();
  }
  expect(told.map(({ code, data }) => [code, data])).toEqual([["STORAGE_NEARLY_FULL", { usage: 901, quota: 1000 }]]);
  expect(await host.storage()).toMatchObject({ state: "nearlyFull", usage: 901 });
  usage = 100;
  await clock.advance(60_000);
  await runOne();
  usage = 950;
  // Set back, it is looked at again as well.
  clock.jumpTo(clock.now() - 3_600_000);
  await runOne();
  expect(told).toHaveLength(2);
});
