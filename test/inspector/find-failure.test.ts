import type { TickPage, TickSummary } from "tickwork/client";
import { expect, test } from "vitest";
import { findNextFailure } from "../../inspector/source/find-failure.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";

const tick = (sequence: number, isFailed = false): TickSummary => ({
  sequence,
  at: sequence,
  kind: "StepResult",
  causedBy: "external",
  outcome: isFailed ? "failed" : "returned",
  events: [],
  eventCount: 0,
  started: [],
  size: 1,
});

/** A run of 2,000 ticks that keeps those from `historyFrom` on and failed at some. */
function sourceOf(historyFrom: number, failures: readonly number[]) {
  const pages: number[] = [];
  const readTicks = (runId: string, { from, limit }: { from: number; limit: number }): Promise<TickPage> => {
    pages.push(from);
    const all = Array.from({ length: limit }, (_, index) => tick(from + index, failures.includes(from + index)));
    const ticks = all.filter(({ sequence }) => sequence >= historyFrom && sequence <= 2_000);
    return Promise.resolve({ runId, ticks, lastSequence: 2_000, ...(historyFrom > 1 && { historyFrom }) });
  };
  return { source: { ...createScriptedSource({ runs: [] }), readTicks }, pages };
}
const find = (source: ReturnType<typeof sourceOf>["source"], after: number) =>
  findNextFailure(source, "r", after, new AbortController().signal);

test("the next failure after a tick, pages further on", async () => {
  const { source } = sourceOf(1, [3, 900]);
  expect([await find(source, 0), await find(source, 3), await find(source, 900)]).toEqual([3, 900, null]);
});

test("where the beginning is not kept, the first failure of what is kept", async () => {
  const { source, pages } = sourceOf(1_500, [1_700]);
  expect(await find(source, 0)).toBe(1_700);
  expect(pages).toEqual([1, 1_500]);
});
