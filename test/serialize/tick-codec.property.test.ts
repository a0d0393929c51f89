import fc from "fast-check";
import { decodeTicks } from "tickwork/testing";
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { anything, assertUnpolluted, changes, mutated, named, recordings } from "./hostile.ts";

const ticks = recordings.flatMap(({ runFile }) => runFile["ticks"] as JsonObject[]);

test("whatever stands for a tick: it is one, or a named error", () => {
  const saved = fc.oneof(
    anything,
    fc.record({ tagged: fc.constant(true), tick: anything }),
    fc.tuple(fc.constantFrom(...ticks), changes).map(([tick, made]) => mutated(tick, made)),
  );
  fc.assert(
    fc.property(saved, anything, (tick, format) => {
      for (const each of [1, format]) {
        try {
          for (const decoded of decodeTicks([tick as JsonObject], each)) expect(Object.isFrozen(decoded)).toBe(true);
        } catch (error) {
          expect(named(error).name).toBe("ContextSerdeError");
        }
      }
      assertUnpolluted();
    }),
    { numRuns: 2_000 },
  );
});
