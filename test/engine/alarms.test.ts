import { SimulatedClock } from "tickwork/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Alarms, type Sleeper } from "../../src/engine/alarms.ts";

function sleeper(ring: () => void): Sleeper {
  return { alarmAt: 0, alarmPlace: -1, ring };
}

test("ring in order of time, each once, as often as they are set anew or taken back", async () => {
  const change = fc.record({ who: fc.nat(11), at: fc.option(fc.nat(1000)) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 60 }), async (changes) => {
      const clock = new SimulatedClock(0);
      const alarms = new Alarms(clock);
      const rung: [number, number][] = [];
      const sleepers = Array.from({ length: 12 }, (_, who) => sleeper(() => rung.push([clock.now(), who])));
      const expected = new Map<number, number>();
      for (const { who, at } of changes) {
        alarms.set(sleepers[who]!, at);
        if (at === null) expected.delete(who);
        else expected.set(who, at);
        expect(clock.nextDue).toBe(expected.size === 0 ? null : Math.min(...expected.values()));
        expect(clock.pending).toBe(expected.size === 0 ? 0 : 1);
      }
      await clock.advance(1000);
      const byTime = (a: [number, number], b: [number, number]) => a[0] - b[0] || a[1] - b[1];
      expect(rung.map(([at]) => at)).toEqual(rung.map(([at]) => at).toSorted((a, b) => a - b));
      expect(rung.toSorted(byTime)).toEqual(
        Array.from(expected, ([who, at]): [number, number] => [at, who]).toSorted(byTime),
      );
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test("one that is set anew for a time that has come rings again, and does not keep the others from it", async () => {
  const clock = new SimulatedClock(0);
  const alarms = new Alarms(clock);
  const rung: string[] = [];
  const again = sleeper(() => {
    rung.push("again");
    if (rung.length < 4) alarms.set(again, clock.now());
  });
  const other = sleeper(() => rung.push("other"));
  alarms.set(again, 5);
  alarms.set(other, 5);
  await clock.advance(5);
  expect(rung).toEqual(["again", "other", "again", "again"]);
});
