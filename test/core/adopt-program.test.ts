import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countSetAside, findMismatch } from "../../src/core/adopt-program.ts";
import { isIdle } from "../../src/core/broker-state.ts";
import type { JoinPlan, Program, StepPlan } from "../../src/core/program.ts";
import { isSameProgram } from "../../src/core/program.ts";
import { busySlots } from "../../src/core/slots.ts";
import { error, Fold, program, retryIn, wait } from "./fold.ts";

/** Changes plans of a program by step name. */
function withPlans(base: Program, plans: Record<string, Partial<StepPlan>>): Program {
  return { ...base, steps: base.steps.map((plan) => ({ ...plan, ...plans[plan.name] })) };
}
const queued = (fold: Fold, step: string) => fold.queued(step);
const busy = (fold: Fold, step: string) => fold.step(step).slots.busy;
const resume = (fold: Fold, changed: Program) => fold.resume({ program: changed });
/** The step returned a list. */
const listed = (fold: Fold, step: string, ...numbers: number[]) =>
  fold.do({
    kind: "StepResult",
    causedBy: 1,
    ...fold.running(step),
    outcome: { kind: "returned" },
    outputs: numbers.map((data) => ({ mode: "element", event: { type: "A", data } })),
    list: true,
  });

const before = program({ first: "Start", work: "A", last: "B" });
/** "work" runs one A, two more are queued. */
const threeAs = () => new Fold(before).start().returned("first").send("A", 1).send("A", 2).send("A", 3);

describe("a change that cannot go wrong", () => {
  test.each([
    ["more workers", program({ first: "Start", work: ["A", 3], last: "B" })],
    ["an added step", program({ first: "Start", extra: "A|C", work: "A", last: "B" })],
    ["another order", program({ last: "B", work: "A", first: "Start" })],
    ["a step that is gone and had nothing to do", program({ first: "Start", work: "A" })],
    ["another version", { ...before, version: "2" }],
  ])("%s: goes on, nothing is set aside", (_what, changed) => {
    const fold = threeAs();
    expect(findMismatch(fold.state, changed)).toBeNull();
    resume(fold, changed);
    expect(fold.state.program).toBe(changed);
    const slots = changed.steps[changed.indexes["work"]!]!.numWorkers;
    expect([busy(fold, "work"), queued(fold, "work")]).toEqual([slots, [1, 2, 3].slice(slots)]);
    expect(fold.state.pending).toBe(3);
  });

  test("fewer workers: what was at work waits its turn, in order", () => {
    const wide = program({ first: "Start", work: ["A", 3], last: "B" });
    const fold = new Fold(wide).start().returned("first").send("A", 1).send("A", 2).send("A", 3);
    resume(fold, before);
    expect([busy(fold, "work"), queued(fold, "work")]).toEqual([1, [2, 3]]);
    // What the old invocations still say counts for nothing.
    expect(fold.running("work").invocation).toBe(2);
  });
});

describe("work for a step that is gone", () => {
  const changed = program({ first: "Start", last: "B" });

  test("is told: which step, how much, which events", () => {
    expect(findMismatch(threeAs().state, { ...changed, version: "2" })).toEqual({
      recorded: "1",
      current: "2",
      work: 3,
      steps: [{ step: "work", why: "gone", queued: 3, delayed: 0, waiting: 0, gathering: 0 }],
      events: [{ type: "A", work: 3 }],
    });
  });

  test("is kept and never started; the run is idle", () => {
    const fold = resume(threeAs(), changed);
    expect([busy(fold, "work"), queued(fold, "work"), countSetAside(fold.state)]).toEqual([0, [1, 2, 3], 3]);
    expect(isIdle(fold.state)).toBe(true);
    // Nothing new is missing: loading it again with the same code changes nothing.
    expect(isSameProgram(fold.state.program, changed)).toBe(true);
    expect(findMismatch(fold.state, changed)).toBeNull();
  });

  test("is found by a later definition that has the step again", () => {
    const fold = resume(resume(threeAs(), changed), { ...before, version: "3" });
    expect([busy(fold, "work"), queued(fold, "work"), countSetAside(fold.state)]).toEqual([1, [2, 3], 0]);
    expect(fold.state.program.steps).toHaveLength(3);
  });

  test("gathers what nobody else takes: events of its type and answers to its waits", () => {
    const asking = new Fold(before).start().returned("first").send("A", 1).waits("work", wait("Answer"));
    const fold = resume(asking, changed).send("A", 2).send("Answer", "yes");
    expect(queued(fold, "work")).toEqual([1, 2]);
    resume(fold, before);
    expect([busy(fold, "work"), queued(fold, "work")]).toEqual([1, [2]]);
    expect(fold.state.memos.get(fold.running("work").workItem)?.answers).toMatchObject([{ event: { data: "yes" } }]);
  });

  test("that backs off is not started when it is due, and is back in its queue", () => {
    const failing = new Fold(before).start().returned("first").at(2000).send("A", 1).failed("work", retryIn(500));
    const fold = resume(failing, changed);
    expect(isIdle(fold.state)).toBe(true);
    fold.at(2500).do({ kind: "Wakeup", causedBy: "external", due: 2500 });
    expect([queued(fold, "work"), fold.state.pending]).toEqual([[1], 0]);
    resume(fold, before);
    expect(fold.state.steps[1]!.slots.chunks[0]?.[0]?.workItem.retry).toMatchObject({ failures: 1, lastError: error });
  });

  test("of a run that waits its turn is kept too: its start event", () => {
    const fold = new Fold(before).start(7, { queued: true });
    const other = program({ other: "Begin", last: "B" });
    expect(findMismatch(fold.state, other)?.steps).toMatchObject([{ step: "first", why: "gone", queued: 1 }]);
    resume(fold, other).do({ kind: "AdmitRun", causedBy: "external" });
    expect(queued(fold, "first")).toEqual([7]);
    resume(fold, before);
    expect(busy(fold, "first")).toBe(1);
  });

  test("is dropped when the run completes", () => {
    const fold = resume(threeAs(), changed).send("Stop");
    expect([fold.state.status, countSetAside(fold.state)]).toEqual(["completed", 0]);
  });
});

describe("work that a step no longer takes", () => {
  test("is set aside beside the step, under a name of its own, and comes back", () => {
    const fold = threeAs();
    const changed = program({ first: "Start", work: "C", last: "B" });
    expect(findMismatch(fold.state, changed)?.steps).toMatchObject([{ step: "work", why: "changed", queued: 3 }]);
    resume(fold, changed).send("C", "new");
    expect([busy(fold, "work"), queued(fold, "work (version 1)")]).toEqual([1, [1, 2, 3]]);
    resume(fold, program({ first: "Start", work: ["A|C", 9], last: "B" }));
    expect([busy(fold, "work"), countSetAside(fold.state)]).toEqual([4, 0]);
  });

  const all = (...slots: string[][]): JoinPlan => ({ mode: "all", slots });
  test.each<[string, JoinPlan | undefined, JoinPlan | undefined]>([
    ["was single and is now joined", undefined, all(["A"], ["B"])],
    ["was joined and is now single", all(["A"]), undefined],
    ["was joined in other slots", all(["A"]), all(["A"], ["A"])],
  ])("because it %s", (_what, was, is) => {
    const plan = (join: JoinPlan | undefined) => withPlans(before, { work: join ? { join } : {} });
    const fold = new Fold(plan(was)).start().returned("first").send("A", 1);
    expect(findMismatch(fold.state, plan(is))?.steps).toMatchObject([{ step: "work", why: "changed", queued: 1 }]);
    resume(resume(fold, plan(is)), plan(was));
    expect([busy(fold, "work"), countSetAside(fold.state)]).toEqual([1, 0]);
  });

  test("as input of an unfinished set", () => {
    const joining = withPlans(program({ first: "Start", pair: "A|B" }), { pair: { join: all(["A"], ["B"]) } });
    const fold = new Fold(joining).start().returned("first").send("A", 1);
    const changed = program({ first: "Start" });
    expect(findMismatch(fold.state, changed)?.steps).toMatchObject([{ step: "pair", why: "gone", gathering: 1 }]);
    resume(resume(fold, changed).send("B", 2), joining);
    expect(fold.running("pair")).toBeDefined();
  });
});

describe("a list whose join is gone", () => {
  const listing = withPlans(program({ split: "Start", work: "A", join: "B" }), {
    split: { lists: ["A"], feeds: [2] },
    join: { join: { mode: "list", take: null } },
  });
  const half = () => listed(new Fold(listing).start(), "split", 1, 2).returned("work", "B");

  test("stays open until there is a join again, and keeps its members", () => {
    const changed = program({ split: "Start", work: "A" });
    const fold = half();
    expect(findMismatch(fold.state, changed)?.steps).toMatchObject([{ step: "join", why: "gone", gathering: 1 }]);
    resume(fold, changed).returned("work", "B");
    expect([isIdle(fold.state), queued(fold, "join")]).toEqual([true, [null]]);
    resume(fold, listing);
    expect(fold.state.steps[2]!.slots.chunks[0]?.[0]?.workItem.inputs).toHaveLength(2);
  });

  test("does not go to a join that is new", () => {
    const added = withPlans(program({ split: "Start", work: "A", join: "B", also: "B" }), {
      split: { lists: ["A"], feeds: [2, 3] },
      join: { join: { mode: "list", take: null } },
      also: { join: { mode: "list", take: null } },
    });
    const fold = half();
    expect(findMismatch(fold.state, added)).toBeNull();
    resume(fold, added).returned("work", "B");
    expect([busy(fold, "join"), busy(fold, "also")]).toEqual([1, 0]);
  });

  test("is not stuck while an element of it is set aside", () => {
    const changed = withPlans(program({ split: "Start", join: "B" }), {
      split: { lists: ["A"], feeds: [1] },
      join: { join: { mode: "list", take: null } },
    });
    const fold = resume(half(), changed).do({ kind: "IdleCheck", causedBy: "external" });
    expect(fold.state.status).toBe("running");
    resume(fold, listing).returned("work", "B");
    expect(fold.state.steps[2]!.slots.chunks[0]?.[0]?.workItem.inputs).toHaveLength(2);
  });
});

test("the definition in the first tick counts, whatever is at hand", () => {
  const fold = new Fold(program({ other: "X" })).start(1, { program: before });
  expect([fold.state.program, busy(fold, "first")]).toEqual([before, 1]);
});

describe("any change of any state", () => {
  const types = ["A", "B", "C"];
  const accepts = fc.uniqueArray(fc.constantFrom(...types), { minLength: 1, maxLength: 3 });
  const definition = fc.dictionary(
    fc.constantFrom("one", "two", "three"),
    fc.record({ accepts, numWorkers: fc.integer({ min: 1, max: 3 }), joined: fc.boolean() }),
    { minKeys: 1 },
  );
  type Definition = typeof definition extends fc.Arbitrary<infer T> ? T : never;
  const happening = fc.record({
    what: fc.constantFrom("send", "return", "fail", "wait", "answer", "wake"),
    type: fc.constantFrom(...types),
    step: fc.constantFrom("one", "two", "three"),
  });

  function toProgram(steps: Definition): Program {
    const base = program({
      first: "Start",
      ...Object.fromEntries(
        Object.entries(steps).map(([name, plan]) => [name, [plan.accepts.join("|"), plan.numWorkers] as const]),
      ),
    });
    const joined = Object.entries(steps).filter(([, plan]) => plan.joined);
    const joins = joined.map(([name, plan]): [string, Partial<StepPlan>] => [
      name,
      { join: { mode: "all", slots: plan.accepts.map((type) => [type]) } },
    ]);
    return withPlans(base, Object.fromEntries(joins));
  }

  function play(fold: Fold, happenings: readonly (typeof happening extends fc.Arbitrary<infer T> ? T : never)[]) {
    for (const [index, { what, type, step }] of happenings.entries()) {
      const isBusy = fold.state.program.indexes[step] !== undefined && fold.step(step).slots.busy > 0;
      fold.at(1000 + fold.state.sequence * 10);
      if (what === "send") fold.send(type, index);
      else if (what === "answer") fold.send("Answer", index);
      else if (what === "wake") fold.wakeup(fold.state.at);
      else if (!isBusy) continue;
      else if (what === "return") fold.returned(step, type);
      else if (what === "fail") fold.failed(step, retryIn(25));
      else fold.waits(step, wait("Answer", { timeout: null }));
    }
  }

  const byJson = (a: unknown, b: unknown) => JSON.stringify(a).localeCompare(JSON.stringify(b));

  /** Where each work item is, what it was told, and what waits for its set. */
  const work = ({ state }: Fold) => {
    const nameOf = (index: number) => state.program.steps[index]?.name;
    const gathered = [...state.joins.values()].map(({ step, byType }) => [
      nameOf(step),
      Object.values(byType).flatMap((queue) => [...queue].map(({ event }) => event.data)),
    ]);
    return {
      items: state.steps
        .flatMap(({ queue, slots }, step) => [
          ...[...queue].map(({ id }) => [id, nameOf(step)]),
          ...[...busySlots(slots)].map(([, { workItem }]) => [workItem.id, nameOf(step)]),
        ])
        .toSorted(byJson),
      delayed: [...state.timers.entries()].map(([key, timer]) => [key, timer.kind === "retry" && nameOf(timer.step)]),
      parked: [...state.parked.entries()].map(([id, { step }]) => [id, nameOf(step)]),
      waiters: [...state.waiters.byInstance.entries()].map(([id, { step, workItem }]) => [id, nameOf(step), workItem]),
      gathered: gathered.toSorted(byJson),
      pending: state.pending,
    };
  };

  const idsOf = (fold: Fold) => {
    const { items, delayed, parked } = work(fold);
    const backingOff = delayed.flatMap(([key, step]) => (step === false ? [] : (key as { id: number }).id));
    return [...items.map(([id]) => id), ...backingOff, ...parked.map(([id]) => id)]
      .map(Number)
      .toSorted((a, b) => a - b);
  };

  // The invariants are checked after every tick of a fold.
  test("there and back loses nothing and moves nothing; in between, the run works on", () => {
    fc.assert(
      fc.property(
        definition,
        definition,
        fc.array(happening, { maxLength: 25 }),
        fc.array(happening, { maxLength: 15 }),
        (was, is, before_, between) => {
          const [one, other] = [toProgram(was), toProgram(is)];
          const started = () => {
            const fold = new Fold(one).start().returned("first");
            play(fold, before_);
            return fold;
          };
          const straight = started().resume();
          const round = resume(resume(started(), other), one);
          expect(work(round)).toEqual(work(straight));
          expect(countSetAside(round.state)).toBe(0);
          const later = resume(started(), other);
          play(later, between);
          expect(findMismatch(later.state, other)).toBeNull();
          const ids = idsOf(later);
          expect(idsOf(resume(later, one))).toEqual(ids);
        },
      ),
      { numRuns: 300 },
    );
  });
});
