import { describe, expect, test } from "vitest";
import { initialState } from "../../src/core/broker-state.ts";
import { replay } from "../../src/core/replay.ts";
import { Fold, program } from "./fold.ts";

describe("replay", () => {
  const run = () => new Fold(program({ a: "Start", b: "X" })).start(1).returned("a", "X").returned("b", "Stop");

  test("of all ticks from the beginning gives the final state", () => {
    const { state, ticks } = run();
    expect(replay(initialState(state.program), ticks)).toEqual(state);
  });

  test("goes on from any state", () => {
    const { state, ticks } = run();
    const half = replay(initialState(state.program), ticks.slice(0, 2));
    expect(replay(half, ticks.slice(2))).toEqual(state);
  });

  test("of nothing is the state itself", () => {
    const { state } = run();
    expect(replay(state, [])).toBe(state);
  });

  test("refuses a gap, a repetition and another beginning", () => {
    const { state, ticks } = run();
    const from = initialState(state.program);
    expect(() => replay(from, [ticks[0]!, ticks[2]!])).toThrow(RangeError);
    expect(() => replay(from, [ticks[0]!, ticks[0]!])).toThrow(RangeError);
    expect(() => replay(from, ticks.slice(1))).toThrow(/gap/);
  });
});
