import { initialState, replay, type Tick } from "tickwork";
import { brokenInvariants } from "tickwork/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Redaction } from "../../src/inspection/redaction.ts";
import { Sandbox } from "../../src/inspection/sandbox.ts";
import { stateDifference } from "../../src/inspection/state-difference.ts";
import { encodeValue } from "../../src/serialize/serializer.ts";
import { encodeState } from "../../src/serialize/state-codec.ts";
import { toPlainData } from "../../src/workflow/plain-data.ts";
import type { Program } from "../../src/core/program.ts";
import type { StepOutput } from "../../src/core/tick.ts";
import { Fold, noRetry, program, retryIn, wait } from "../core/fold.ts";
import { record, scenario } from "../core/random-runs.ts";

const plan = program({ begin: "Start", work: ["A", 2], next: "B", ask: "C" });
const output = (type: string, data: unknown): StepOutput => ({ mode: "send", event: { type, data } });

/** The history without the tick at `sequence`, or with another in its place. */
function sandboxOf(of: Program, ticks: readonly Tick[], sequence: number, change: Tick | null = null): Sandbox {
  const sandbox = new Sandbox(replay(initialState(of), ticks.slice(0, sequence - 1)), ticks[sequence - 1]!, change);
  for (const tick of ticks.slice(sequence)) sandbox.fold(tick);
  return sandbox;
}
const without = ({ ticks }: Fold, sequence: number) => sandboxOf(plan, ticks, sequence);

test("without an event nothing comes of it, and what came of others stays", () => {
  const fold = new Fold(plan).start().returned("begin").send("A", 1).send("A", 2);
  const [first, second] = [fold.running("work", 1), fold.running("work", 2)];
  fold.returned(first, output("B", "of 1")).returned(second, output("B", "of 2"));
  fold.returned("next").returned("next");
  const sandbox = without(fold, 3);
  expect(sandbox.withoutEffect.map(({ sequence, why }) => [sequence, why])).toEqual([
    [5, "noWork"],
    [7, "noWork"],
  ]);
  expect(sandbox.state.steps.map(({ completed }) => completed)).toEqual([1, 1, 1, 0]);
  expect(sandbox.openWork()).toEqual({ listed: [], count: 0 });
});

test("without a result its work goes on, and what it led to is not there", () => {
  const fold = new Fold(plan).start().returned("begin", "A").returned("work", "B").returned("next");
  const sandbox = without(fold, 3);
  expect(sandbox.withoutEffect).toEqual([
    { sequence: 4, kind: "StepResult", step: "next", workItem: 3, why: "noWork" },
  ]);
  expect(sandbox.openWork().listed).toEqual([{ step: "work", workItem: 2, eventType: "A", attempt: 1, isNew: false }]);
});

test("a result of work on other data does not count: it would start anew", () => {
  const fold = new Fold(plan).start().returned("begin", output("A", 1), output("A", 2));
  const [first, second] = [fold.running("work", 1), fold.running("work", 2)];
  fold.returned(first).returned(second);
  const changed = { ...fold.ticks[1]!, outputs: [output("A", 7), output("A", 2)] } as Tick;
  const sandbox = sandboxOf(plan, fold.ticks, 2, changed);
  expect(sandbox.withoutEffect).toMatchObject([{ sequence: 3, why: "otherInput" }]);
  expect(sandbox.openWork().listed).toMatchObject([{ step: "work", eventType: "A", isNew: true }]);
  expect(sandbox.state.steps[1]?.completed).toBe(1);
});

test("work is known by its event, whatever its number and slot", () => {
  const fold = new Fold(plan).start().returned("begin", output("A", 1), output("A", 2));
  fold.returned(fold.running("work", 2), output("B", "of 2"));
  const changed = { ...fold.ticks[1]!, outputs: [output("A", 2)] } as Tick;
  const sandbox = sandboxOf(plan, fold.ticks, 2, changed);
  expect(sandbox.withoutEffectCount).toBe(0);
  expect(sandbox.state.steps[2]!.slots.chunks.flat().map((entry) => entry?.workItem.event.data)).toEqual(["of 2"]);
});

test("a failure that did not come: the next attempt's result is that of another attempt", () => {
  const fold = new Fold(plan).start().returned("begin", "A").failed("work", retryIn(0)).returned("work");
  expect(without(fold, 3).withoutEffect).toMatchObject([{ sequence: 4, why: "notAtWork" }]);
});

test("another answer: what the step then returned is not known", () => {
  const fold = new Fold(plan)
    .start()
    .returned("begin", "C")
    .waits("ask", wait("Answer"))
    .send("Answer", "yes")
    .returned("ask");
  const changed = { ...fold.ticks[3]!, event: { type: "Answer", data: "no" } } as Tick;
  const sandbox = sandboxOf(plan, fold.ticks, 4, changed);
  expect(sandbox.withoutEffect).toMatchObject([{ sequence: 5, why: "otherInput" }]);
  expect(sandbox.openWork().listed).toMatchObject([{ step: "ask", isNew: false }]);
  expect(without(fold, 4).withoutEffect).toMatchObject([{ sequence: 5, why: "notAtWork" }]);
});

test("ids of waits are translated: an answer to one of them finds it", () => {
  const fold = new Fold(plan).start().returned("begin").send("C", 1).waits("ask", wait("Answer")).send("C", 2);
  fold.waits("ask", wait("Answer"));
  fold.send("Answer", "for 2", { waiter: 2 });
  const sandbox = without(fold, 3);
  expect(sandbox.withoutEffect.map(({ sequence }) => sequence)).toEqual([4]);
  expect(sandbox.state.waiters.byInstance.size).toBe(0);
});

test("without the failure that ended it, a late result counts after all", () => {
  const fold = new Fold(plan).start().returned("begin", output("A", 1), output("A", 2));
  const late = fold.running("work", 2);
  fold.failed(fold.running("work", 1), noRetry).returned(late, "B");
  expect(fold.state.status).toBe("failed");
  const { state, withoutEffect } = without(fold, 3);
  expect([state.status, state.steps[1]?.completed, withoutEffect]).toEqual(["running", 1, []]);
});

test("where the run ends earlier, what follows says so", () => {
  const fold = new Fold(plan).start().returned("begin", "A").returned("work", "B").returned("next");
  const changed = { ...fold.ticks[2]!, outputs: [output("Stop", 1)] } as Tick;
  const sandbox = sandboxOf(plan, fold.ticks, 3, changed);
  expect(sandbox.withoutEffect).toMatchObject([{ sequence: 4, why: "ended" }]);
  expect(sandbox.state.status).toBe("completed");
});

test("edits of the store count only while their work is at work", () => {
  const edit = (fold: Fold, workItem: number, value: number) =>
    fold.do({ kind: "EditState", causedBy: 1, step: "work", workItem, changes: [{ op: "set", path: ["n"], value }] });
  const fold = new Fold(plan).start().returned("begin").send("A", 1).send("A", 2);
  edit(edit(fold, 2, 1), 3, 2);
  expect(without(fold, 4).state.store).toEqual({ n: 1 });
  expect(without(fold, 3).state.store).toEqual({ n: 2 });
});

test(
  "random histories: the same tick in its place changes nothing, nor does leaving out one without effect",
  { timeout: 60_000 },
  async () => {
    const show = new Redaction("r", undefined, toPlainData);
    await fc.assert(
      fc.asyncProperty(scenario, fc.infiniteStream(fc.nat()), async (spec, numbers) => {
        const { program: of, ticks } = await record(spec);
        const end = replay(initialState(of), ticks);
        for (let trial = 0; trial < 6; trial++) {
          const at = 1 + (numbers.next().value % ticks.length);
          const still = withStillTick(ticks, at);
          const same = [
            [end, sandboxOf(of, ticks, at, ticks[at - 1])],
            [replay(initialState(of), still), sandboxOf(of, still, at + 1)],
          ] as const;
          for (const [expected, sandbox] of same) {
            const { real, state, withoutEffectCount } = sandbox;
            expect(encodeState(state)).toEqual({ ...encodeState(expected), dropped: state.dropped });
            expect([withoutEffectCount, sandbox.openWork().count]).toEqual([0, 0]);
            const found = stateDifference(real, state, encodeValue, show, { sameItem: sandbox.realItems(sandbox) });
            expect([found.storeCount, found.steps, found.workItemCount, found.waiterCount]).toEqual([0, [], 0, 0]);
          }
          if (at === 1) continue;
          const { real, state } = sandboxOf(of, ticks, at);
          expect(encodeState(real)).toEqual(encodeState(end));
          expect(brokenInvariants(state)).toEqual([]);
        }
      }),
      { numRuns: 40, endOnFailure: true },
    );
  },
);

/** With a tick behind the one at `after` that does nothing. */
function withStillTick(ticks: readonly Tick[], after: number): Tick[] {
  const still: Tick = { kind: "Wakeup", due: 0, sequence: after + 1, at: ticks[after - 1]!.at, causedBy: after };
  const later = ticks.slice(after).map((tick) => ({ ...tick, sequence: tick.sequence + 1 }));
  return [...ticks.slice(0, after), still, ...later];
}
