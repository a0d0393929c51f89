import fc from "fast-check";
import { expect, test } from "vitest";
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  initialState,
  listOf,
  reduce,
  resume,
  startEvent,
  stopEvent,
  type BrokerState,
  type Tick,
} from "tickwork";
import { brokenInvariants, createEngine, MemoryJournal, SimulatedClock } from "tickwork/testing";
import { compile } from "../../src/workflow/compile.ts";
import { encodeState } from "../../src/serialize/state-codec.ts";

type Fate = "done" | "drop" | "recover" | "retry" | "slow" | "ask";

const Start = startEvent<"Start">("Start");
const Group = defineEvent<"Group">("Group");
const Leaf = defineEvent<"Leaf">("Leaf");
const Done = defineEvent<"Done">("Done");
const Sum = defineEvent<"Sum">("Sum");
const Answer = humanResponseEvent<"Answer">("Answer");
const Stop = stopEvent<"Stop">("Stop");

const pause = (clock: SimulatedClock, milliseconds: number): Promise<void> =>
  new Promise((resolve) => clock.setTimer(clock.now() + milliseconds, resolve));

/** Lists in lists, whose leaves drop out, fail and are recovered, are tried again, take time, or ask a person. */
const workflowOf = (clock: SimulatedClock, numWorkers: number) =>
  defineWorkflow("tree", { timeout: null })
    .step("outer", { accepts: Start, emits: listOf(Group) }, ({ data }) =>
      (data as Fate[][]).map((group) => Group(group)),
    )
    .step("inner", { accepts: Group, emits: listOf(Leaf) }, ({ data }) => (data as Fate[]).map((fate) => Leaf(fate)))
    .step(
      "work",
      {
        accepts: Leaf,
        emits: Done,
        numWorkers,
        waitsFor: Answer,
        retryPolicy: {
          description: "retries what is to be retried",
          decide: ({ error }) => ((error as Error).message === "retry" ? { retry: true, delay: 3 } : { retry: false }),
        },
      },
      async ({ data }, ctx) => {
        const fate = data as Fate;
        if (fate === "slow") await pause(clock, 5);
        if (fate === "ask") await ctx.waitForEvent(Answer, { timeout: null });
        if (fate === "recover" || (fate === "retry" && ctx.retryInfo().attempt === 0)) throw new Error(fate);
        return fate === "drop" ? undefined : Done(fate);
      },
    )
    .catchError("rescue", { forSteps: ["work"], emits: Done }, () => Done("recover"))
    .step("sum", { accepts: listOf(Done), emits: Sum, retryPolicy: constantDelay({ delay: 0 }) }, (members) =>
      Sum(members.map(({ data }) => data as string).toSorted()),
    )
    .step("end", { accepts: listOf(Sum), emits: Stop }, (sums) =>
      Stop(sums.map(({ data }) => JSON.stringify(data)).toSorted()),
    );

const expected = (groups: readonly (readonly Fate[])[]): string[] =>
  groups.map((group) => JSON.stringify(group.filter((fate) => fate !== "drop").toSorted())).toSorted();

const fate = fc.constantFrom<Fate>("done", "drop", "recover", "retry", "slow", "ask");
const groups = fc.array(fc.array(fate, { maxLength: 4 }), { maxLength: 4 });

test("any tree of lists joins exactly, at every tick the counts are exact, and any moment resumes to the same end", async () => {
  await fc.assert(
    fc.asyncProperty(groups, fc.integer({ min: 1, max: 4 }), fc.nat(), async (tree, numWorkers, moment) => {
      const clock = new SimulatedClock();
      const journal = new MemoryJournal();
      const workflow = workflowOf(clock, numWorkers);
      const engine = await createEngine({ tree: workflow }, { journal, clock });
      const handler = await engine.start("tree", tree, { runId: "run" });
      const play = async (one: { sendEvent: (event: ReturnType<typeof Answer>) => Promise<void>; status: string }) => {
        for (let turn = 0; turn < 40 && one.status !== "completed"; turn++) {
          await clock.advance(10);
          if (one.status === "idle") await one.sendEvent(Answer());
        }
      };
      await play(handler);
      expect(handler.status).toBe("completed");
      expect(await handler.result()).toEqual(expected(tree));

      await engine.listRuns();
      const ticks: Tick[] = [];
      for await (const batch of journal.read("run", { from: 1, to: 1e9 })) ticks.push(...batch.ticks);
      const states: BrokerState[] = [];
      let state = initialState(compile(workflow).program);
      for (const tick of ticks) {
        state = reduce(state, tick).state;
        states.push(state);
        expect(brokenInvariants(state)).toEqual([]);
      }
      const saved: unknown = JSON.parse(JSON.stringify(encodeState(states[moment % states.length]!)));
      const later = resume(workflow, saved as never, { runtime: { clock, journal: null } });
      await play(later);
      expect(await later.result()).toEqual(expected(tree));
      await engine.close();
    }),
    { numRuns: 60 },
  );
});
