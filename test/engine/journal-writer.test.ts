import { defineEvent, defineWorkflow, StartEvent, StopEvent, type Workflow } from "tickwork";
import { createEngine, FaultInjectingJournal, MemoryJournal, settle } from "tickwork/testing";
import type { EngineHost } from "../../src/engine/host.ts";
import type { TickBatch } from "../../src/ports/journal.ts";
import { describe, expect, test } from "vitest";
import { Answer, single } from "./fixtures.ts";

const Next = defineEvent("Next");
const Said = defineEvent("Said");

/** Starts a run; says of each group of ticks that was written what is in it, and whether it was written strictly. */
async function groups(workflow: Workflow, meanwhile: (engine: EngineHost) => Promise<unknown> = settle) {
  const journal = new FaultInjectingJournal(new MemoryJournal(), { durable: true });
  const engine = await createEngine({ [workflow.name]: workflow }, { journal });
  await engine.start(workflow.name, null, { runId: "r" });
  await meanwhile(engine);
  await engine.close();
  return journal.calls
    .filter(({ operation, runId }) => operation === "append" && runId === "r")
    .map(({ args }) => args[1] as TickBatch)
    .map(({ ticks, strict = false }) => ({ kinds: ticks.map(({ kind }) => kind), strict }));
}
const strictOnes = async (...args: Parameters<typeof groups>) =>
  (await groups(...args)).filter(({ strict }) => strict).map(({ kinds }) => kinds.at(-1));

describe("a group of ticks is written strictly", () => {
  test("when the start of a run, a published event or the result waits for it, and otherwise not", async () => {
    const later = <T>(value: T): Promise<T> => settle().then(() => value);
    const chain = defineWorkflow("chain")
      .step("one", { accepts: StartEvent, emits: Next }, () => later(Next()))
      .step("two", { accepts: Next, emits: Said }, async (_event, ctx) => {
        ctx.writeEventToStream(Said());
        return later(Said());
      })
      .step("three", { accepts: Said, emits: StopEvent }, () => later(StopEvent("done")));
    const written = await groups(chain, (engine) => engine.result("r"));
    expect(written.map(({ strict }) => strict)).toEqual([true, false, true, true]);
    expect(written[1]?.kinds).toEqual(["StepResult"]);
  });

  test("when whoever sent an event or cancels waits for the answer", async () => {
    const asking = single(
      async (ctx) => (await ctx.waitForEvent(Answer)) && new Promise(() => undefined),
      {},
      { waitsFor: Answer },
    );
    const strict = await strictOnes(asking, async (engine) => {
      await settle();
      await engine.sendEvent("r", Answer("yes"));
      await settle();
      await engine.cancelRun("r");
    });
    expect(strict).toEqual([expect.anything(), "AddEvent", "CancelRun"]);
  });

  test("when the result of a side effect is in it", async () => {
    const paying = single(async (ctx) => {
      await settle();
      await ctx.once("pay", () => "paid");
      await new Promise(() => undefined);
    });
    expect(await strictOnes(paying)).toEqual([expect.anything(), "RecordEffect"]);
  });

  test("not when only a child run is to start: it cannot outlive its parent's ticks", async () => {
    const child = single(() => new Promise(() => undefined));
    const parent = defineWorkflow("parent").step(
      "step",
      { accepts: StartEvent, emits: StopEvent, runs: child },
      async (_event, ctx) => {
        await settle();
        return StopEvent(await ctx.runWorkflow(child));
      },
    );
    const written = await groups(parent);
    expect(written.find(({ kinds }) => kinds.includes("StartChild"))).toMatchObject({ strict: false });
  });
});
