import { describe, expect, test } from "vitest";
import { EdgeCounter, passedEdges } from "../../src/inspection/edge-traffic.ts";
import { Fold, noRetry, program, wait } from "../core/fold.ts";

const run = () => new Fold(program({ a: "Start", b: ["X", 50], c: "X" }));
/** Edges that the last tick's events went along. */
function passedBy(begin: Fold, action: (run: Fold) => Fold): string[] {
  const before = begin.state;
  const { ticks } = action(begin);
  const passed: string[] = [];
  passedEdges(ticks.at(-1)!, before, (edge) => passed.push(edge));
  return passed;
}

describe("an event passes", () => {
  test("from outside into the steps that take it", () => {
    expect(passedBy(run(), (one) => one.start())).toEqual(["external>event:Start", "event:Start>step:a"]);
  });

  test("out of its step, once, and into each that takes it", () => {
    expect(passedBy(run().start(), (one) => one.returned("a", "X"))).toEqual([
      "step:a>event:X",
      "event:X>step:b",
      "event:X>step:c",
    ]);
  });

  test("into the step whose wait it answers, which need not accept it", () => {
    const waiting = run().start().waits("a", wait("Answer"));
    expect(passedBy(waiting, (one) => one.send("Answer"))).toEqual(["external>event:Answer", "event:Answer>step:a"]);
  });

  test("to the outside as a question", () => {
    const asks = passedBy(run().start(), (one) => one.waits("a", wait("Answer", { prompt: { type: "Ask", data: 1 } })));
    expect(asks).toEqual(["step:a>event:Ask", "event:Ask>external"]);
  });

  test("to the outside as the end of the run, and what comes after it passes nowhere", () => {
    expect(passedBy(run().start(), (one) => one.returned("a", "Stop", "X"))).toEqual([
      "step:a>event:Stop",
      "event:Stop>external",
    ]);
  });

  test("nowhere when its result came too late, or failed", () => {
    const late = (one: Fold) => one.returned({ ...one.running("a"), invocation: 9 }, "X");
    expect(passedBy(run().start(), late)).toEqual([]);
    expect(passedBy(run().start(), (one) => one.failed("a", noRetry))).toEqual([]);
  });
});

describe("the counts", () => {
  test("are the same whether counted on, or counted again from a moment that is remembered", () => {
    const one = run().start();
    const states = [one.state];
    for (let i = 0; i < 200; i += 1) {
      one.send("X");
      states.push(one.state);
    }
    const ticks = one.ticks.slice(-200);
    // A stride of one doubles several times before the end.
    const counter = new EdgeCounter(states[0]!, 1);
    const countTo = (index: number): number | undefined => {
      const from = states.indexOf(counter.rewind(states[index]!.sequence));
      for (let i = from; i < index; i += 1) counter.see(ticks[i]!, states[i]!, states[i + 1]!);
      return counter.counts()["event:X>step:b"]?.count;
    };
    expect([200, 37, 101, 1, 200].map(countTo)).toEqual([200, 37, 101, 1, 200]);
    expect(counter.counts()["external>event:X"]).toEqual({
      count: 200,
      last: ticks[199]!.sequence,
      lastAt: ticks[199]!.at,
    });
    countTo(0);
    expect(counter.counts()).toEqual({});
  });
});
