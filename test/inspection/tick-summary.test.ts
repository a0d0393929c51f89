import { describe, expect, test } from "vitest";
import type { BrokerState } from "../../src/core/broker-state.ts";
import { previewOf, sizeOf } from "../../src/inspection/preview.ts";
import { invocationFacts, summariseTick } from "../../src/inspection/tick-summary.ts";
import { Fold, noRetry, program, retryIn, wait } from "../core/fold.ts";

const run = () => new Fold(program({ a: "Start", b: ["X", 50] })).start(1);
/** The summary of the last tick. */
function summary({ ticks, commands, state }: Fold, before: BrokerState) {
  const tick = ticks.at(-1)!;
  return summariseTick(tick, commands, state.program, invocationFacts(before, tick));
}
const after = (action: (run: Fold) => Fold) => {
  const one = run().at(1250);
  const { state } = one;
  return summary(action(one), state);
};

describe("summariseTick", () => {
  test("tells of a result what ran, how long, and what it brought where", () => {
    expect(after((one) => one.returned("a", "X"))).toMatchObject({
      kind: "StepResult",
      step: "a",
      workerId: 0,
      workItem: 1,
      attempt: 1,
      outcome: "returned",
      duration: 250,
      input: "Start",
      events: [{ type: "X", mode: "send", to: ["b"], preview: "null" }],
      eventCount: 1,
      started: [{ step: "b", workItem: 2, workerId: 0 }],
    });
  });

  test("lists at most 32 events and started items, and counts all", () => {
    const many = after((one) => one.returned("a", ...Array.from({ length: 40 }, () => "X")));
    expect([many.events.length, many.eventCount, many.started.length]).toEqual([32, 40, 32]);
  });

  test("says of a failure why, and whether it comes again", () => {
    expect(after((one) => one.failed("a", noRetry)).note).toBe("Error: boom");
    expect(after((one) => one.failed("a", retryIn(500))).note).toBe("Error: boom (again in 500 ms)");
    expect(after((one) => one.failed("a", retryIn(6_040))).note).toBe("Error: boom (again in 6 s)");
  });

  test("says of a wait what for, and shows its question", () => {
    const waiting = after((one) => one.waits("a", wait("Answer", { prompt: { type: "Ask", data: "?" } })));
    expect(waiting).toMatchObject({
      note: "waits for Answer",
      outcome: "waiting",
      events: [{ type: "Ask", mode: "stream" }],
    });
  });

  test("says of a late result that it was ignored", () => {
    expect(after((one) => one.returned({ ...one.running("a"), invocation: 9 })).note).toBe(
      "came too late and was ignored",
    );
  });

  test("tells of an event from outside whom it reached", () => {
    expect(after((one) => one.send("X", { n: 1 }, { target: "b" }))).toMatchObject({
      causedBy: "external",
      events: [{ mode: "in", to: ["b"], preview: "{n: 1}" }],
    });
  });

  test("gives the reason of a cancel", () => {
    expect(after((one) => one.cancel("enough")).note).toBe("enough");
  });
});

describe("previewOf", () => {
  test.each([
    ["text", '"text"'],
    [null, "null"],
    [5n, "5n"],
    [[1, { a: "b" }], '[1, {a: "b"}]'],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Map([[1, 2]]), "Map(1)"],
    [new Set(), "Set(0)"],
    [new Uint8Array(9), "Uint8Array(9)"],
    [new Date(Number.NaN), "Invalid Date"],
    [[[[[[[1]]]]]], "[[[[[[…]]]]]]"],
  ])("%s is shown as %s", (value, shown) => {
    expect(previewOf(value)).toBe(shown);
  });

  test("is cut at its length, however large the value is", () => {
    const shown = previewOf({ list: Array.from({ length: 1e6 }, (_, n) => n), text: "x".repeat(1e6) }, 40);
    expect(shown.length).toBeLessThanOrEqual(41);
    expect(shown.endsWith("…")).toBe(true);
  });
});

test("sizeOf is about the length of the JSON", () => {
  const value = { list: [1, 2, 3], text: "x".repeat(100), deep: { a: null, b: true } };
  const size = JSON.stringify(value).length;
  expect(sizeOf(value)).toBeGreaterThan(size * 0.7);
  expect(sizeOf(value)).toBeLessThan(size * 1.5);
});
