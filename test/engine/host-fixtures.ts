/** Workflows that tests of a host serve, and an engine for them. */
import { constantDelay, defineEvent, defineWorkflow, StartEvent, StopEvent, type Tick, type Workflow } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock, type Journal } from "tickwork/testing";
import { z } from "zod";
import { Answer, Question } from "./fixtures.ts";

export const A = defineEvent("A");
export const asking = (name = "asking") =>
  defineWorkflow(name, { timeout: null }).step("ask", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) =>
    StopEvent((await ctx.waitForEvent(Answer, { waiterEvent: Question("?"), timeout: null })).data),
  );
export const quick = defineWorkflow("quick").step("a", { accepts: StartEvent, emits: StopEvent }, (event) =>
  StopEvent(event.data),
);
export const failing = defineWorkflow("failing").step("a", { accepts: StartEvent, emits: StopEvent }, () =>
  Promise.reject(new TypeError("no")),
);
export const many = defineWorkflow("many", { state: z.object({ n: z.number().default(0) }) })
  .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) =>
    Array.from({ length: 50 }, (_, n) => n).forEach((n) => ctx.sendEvent(A(n))),
  )
  .step(
    "work",
    { accepts: A, emits: StopEvent, numWorkers: 2, retryPolicy: constantDelay({ delay: 0 }) },
    async (event, ctx) => {
      await ctx.store.edit((draft) => void (draft.n += 1));
      if (event.data === 7 && ctx.retryInfo().attempt === 0) throw new Error("once");
      return ctx.collectEvents(
        event,
        Array.from({ length: 50 }, () => A),
      )
        ? StopEvent("done")
        : undefined;
    },
  );

export async function open(
  workflows: Record<string, Workflow>,
  journal: Journal = new MemoryJournal(),
  clock = new SimulatedClock(),
) {
  return { engine: await createEngine(workflows, { journal, clock }), journal, clock };
}

export async function ticksOf(journal: Journal, runId: string): Promise<Tick[]> {
  const ticks: Tick[] = [];
  // A journal in memory is given the last ticks a moment after the result.
  await settle();
  for await (const batch of journal.read(runId, { from: 1, to: Number.MAX_SAFE_INTEGER })) ticks.push(...batch.ticks);
  return ticks;
}
