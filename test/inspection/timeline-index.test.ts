import fc from "fast-check";
import { expect, test } from "vitest";
import { Fold, program, retryIn, wait } from "../core/fold.ts";
import { anyRun } from "./any-run.ts";
import { follow, indexOf, inWords } from "./spans.ts";

const run = () => new Fold(program({ a: "Start", b: ["X", 2] }));

test("lanes come by step, queue first, then slots, back-off and waits", () => {
  const busy = run().at(0).start().returned("a", "X", "X", "X").at(5).send("Start");
  busy.at(9).failed("b", retryIn(10)).waits("b", wait("Answer"));
  const { lanes } = indexOf(busy).read();
  expect(lanes.map(({ step, phase, slot }) => `${step} ${phase} ${slot ?? ""}`.trim())).toEqual([
    "a running 0",
    "b queued",
    "b running 0",
    "b running 1",
    "b backoff",
    "b waiting",
  ]);
});

test("lanes stay when the range is where they have nothing", () => {
  const long = run().at(0).start().at(10).returned("a", "X").at(5_000).returned("b");
  const { lanes } = indexOf(long).read({ from: 1_000, to: 2_000 });
  expect(lanes.map(({ step, spans }) => [step, spans.length])).toEqual([
    ["a", 0],
    ["b", 1],
  ]);
});

test("the last lane of a step with very many slots holds all the others", () => {
  const wide = new Fold(program({ b: ["X|Start", 100] })).at(0).start();
  for (let n = 0; n < 60; n++) wide.send("X");
  const { lanes } = indexOf(wide).read();
  expect(lanes).toHaveLength(32);
  expect(lanes.at(-1)).toMatchObject({ slot: 31, holdsRest: true, spans: [{ count: 30, to: null }] });
});

test("idle time is when nothing ran for a second or longer, and the time a run was away", () => {
  const idle = run().at(0).start().at(10).returned("a").at(510).send("X").at(520).returned("b");
  idle.at(9_520).send("X").at(9_600).resume({ loadedUntil: 9_530 });
  expect(indexOf(idle).read().idle).toEqual([{ from: 520, to: 9_520 }]);
  idle.at(60_000).resume({ loadedUntil: 9_700 }).at(60_010).returned("b");
  expect(indexOf(idle).read().idle).toEqual([
    { from: 520, to: 9_520 },
    { from: 9_700, to: 60_000 },
    { from: 60_010, to: null },
  ]);
});

test("what is due: retries, waits that run out, the run's limit", () => {
  const due = new Fold(program({ a: "Start", b: ["X", 2] }, 90_000)).at(0).start().send("X").at(10);
  due.failed("a", retryIn(500)).waits("b", wait("Answer", { timeout: 100 }));
  expect(indexOf(due).read().due).toEqual([
    { kind: "limit", at: 90_000 },
    { kind: "wait", at: 110, step: "b", workItem: 2 },
    { kind: "retry", at: 510, step: "a", workItem: 1 },
  ]);
  expect(indexOf(due.cancel()).read().due).toEqual([]);
});

test("the trail of a work item is its whole way, whatever range and width", () => {
  const way = run().at(0).start().returned("a", "X", "X", "X").at(10).failed("b", retryIn(50)).at(60).wakeup(60);
  way.at(70).returned("b").at(80).returned("b");
  const { trail } = indexOf(way).read({ from: 0, to: 1, buckets: 1, workItem: 2 });
  expect(inWords(trail)).toEqual(inWords(follow(way).ended.filter(({ workItem }) => workItem === 2)));
});

test("in bounded memory: more spans than are kept are counted, none is lost, and it says how finely", () => {
  const many = run().at(0).start();
  for (let n = 1; n <= 400; n++)
    many
      .at(n * 10)
      .send("X")
      .at(n * 10 + 4)
      .returned("b");
  const { index, read } = indexOf(many, 100);
  expect(index.resolution).toBeGreaterThan(0);
  const spans = read({ buckets: 4_096 }).lanes.find(({ step }) => step === "b")?.spans ?? [];
  expect(spans.length).toBeLessThanOrEqual(100);
  expect(spans.reduce((sum, { count }) => sum + count, 0)).toBe(400);
});

test("whatever happens, and however little is kept: each span is counted once, in the lane it belongs to", () => {
  fc.assert(
    fc.property(anyRun, fc.integer({ min: 5, max: 400 }), fc.integer({ min: 1, max: 50 }), (any, limit, buckets) => {
      const { ended, open } = follow(any);
      const { lanes } = indexOf(any, limit).read({ buckets, to: any.state.at + 1 });
      for (const { step, phase, slot, spans } of lanes) {
        const own = [...ended, ...open].filter(
          (each) => each.step === step && each.phase === phase && each.slot === slot,
        );
        expect(spans.reduce((sum, { count }) => sum + count, 0)).toBe(own.length);
        expect(spans.reduce((sum, { failed }) => sum + failed, 0)).toBe(own.filter((each) => each.failed).length);
      }
    }),
    { numRuns: 200 },
  );
});
