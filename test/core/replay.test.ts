/**
 * The central property: a run is the fold of its ticks. Random workflows run on a simulated clock with everything
 * that can happen to a run; whatever happened, the journal alone gives the live state back.
 */
import fc from "fast-check";
import { initialState, replay, type BrokerState, type Tick } from "tickwork";
import { brokenInvariants } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { reduce } from "../../src/core/reduce.ts";
import { eventOfTick } from "../../src/core/tick-events.ts";
import { parseContext } from "../../src/serialize/serialized-context.ts";
import { decodeState } from "../../src/serialize/decode-state.ts";
import { encodeState } from "../../src/serialize/state-codec.ts";
import { decodeTick, encodeTick } from "../../src/serialize/tick-codec.ts";
import { purely } from "./fold.ts";
import { record, scenario, type Recording } from "./random-runs.ts";

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const saved = (state: BrokerState) => plain(encodeState(state));

/** Every state of the fold, the first before any tick. */
function fold(from: BrokerState, ticks: readonly Tick[]): BrokerState[] {
  const states = [from];
  for (const tick of ticks) states.push(purely(() => reduce(states.at(-1)!, tick).state));
  return states;
}

describe("a run is the fold of its ticks", () => {
  /** Recorded once, looked at from all sides: recording takes the time. */
  const check = async (property: (recording: Recording, choose: (below: number) => number) => void, numRuns: number) =>
    fc.assert(
      fc.asyncProperty(scenario, fc.infiniteStream(fc.nat()), async (spec, numbers) => {
        property(await record(spec), (below) => numbers.next().value % below);
      }),
      { numRuns, endOnFailure: true },
    );

  test("random workflows: live state, invariants, snapshots and codecs", { timeout: 60_000 }, async () => {
    await check(({ program: plan, ticks, seen }, choose) => {
      const states = fold(initialState(plan), ticks);
      const end = states.at(-1)!;
      // The journal gives the live state back, at the end and wherever it was looked at.
      expect(saved(replay(initialState(plan), ticks))).toEqual(saved(end));
      // A snapshot says how long the run was loaded when it was taken, which is no tick.
      for (const [sequence, live] of seen) {
        const { limit } = live as { limit: unknown };
        expect({ ...saved(states[sequence]!), limit }).toEqual(live);
      }
      for (const state of states) expect(brokenInvariants(state)).toEqual([]);

      // Ticks survive JSON.
      const decoded = ticks.map((tick) => decodeTick(plain(encodeTick(tick))));
      expect(decoded).toEqual(ticks);

      // A state that was written down goes on to the same end, from any moment.
      const payload = (tick: number, index: number) => {
        const event = eventOfTick(decoded[tick - 1]!, index);
        return event && { data: event.data };
      };
      for (const at of [1, choose(states.length), choose(states.length), choose(states.length)]) {
        const rest = decoded.slice(at);
        const inline = decodeState(plan, parseContext(saved(states[at]!)));
        expect(saved(inline)).toEqual(saved(states[at]!));
        expect(brokenInvariants(inline)).toEqual([]);
        expect(saved(purely(() => replay(inline, rest)))).toEqual(saved(end));
        const stored = decodeState(plan, parseContext(plain(encodeState(states[at]!, 1))), payload);
        expect(saved(stored)).toEqual(saved(states[at]!));
      }
    }, 120);
  });
});
