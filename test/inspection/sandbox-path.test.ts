/** A sandbox after any of its ticks is what it is when it is folded that far and no farther. */
import { initialState, replay } from "tickwork";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SandboxPath } from "../../src/inspection/sandbox-path.ts";
import { Sandbox } from "../../src/inspection/sandbox.ts";
import { encodeState } from "../../src/serialize/state-codec.ts";
import { record, scenario } from "../core/random-runs.ts";

test("random histories: a point of the path is the sandbox of the shorter history", { timeout: 60_000 }, async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(scenario, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 7 }), async (spec, left, at, every) => {
      const { program, ticks } = await record(spec);
      const changed = 2 + (left % (ticks.length - 1));
      const wanted = changed + (at % (ticks.length - changed + 1));
      const open = () =>
        new Sandbox(replay(initialState(program), ticks.slice(0, changed - 1)), ticks[changed - 1]!, null);

      const whole = open();
      const path = new SandboxPath(whole, every);
      for (const tick of ticks.slice(changed))
        path.add(tick, whole.fold(tick), { real: whole.real, state: whole.state });
      let point = path.nearest(wanted);
      expect(wanted - point.real.sequence).toBeLessThan(every * 2);
      for (const tick of ticks.slice(point.real.sequence, wanted)) point = path.next(point, tick);

      const shorter = open();
      for (const tick of ticks.slice(changed, wanted)) shorter.fold(tick);
      expect(encodeState(point.real)).toEqual(encodeState(shorter.real));
      expect(encodeState(point.state)).toEqual(encodeState(shorter.state));
      told += shorter.withoutEffectCount;
    }),
    { numRuns: 150 },
  );
  expect(told).toBeGreaterThan(10);
});
