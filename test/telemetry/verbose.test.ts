import { describe, expect, test } from "vitest";
import { constantDelay, defineEvent, defineWorkflow, run, StartEvent, StopEvent, verbose, withHooks } from "tickwork";
import { Answer, simulated } from "../engine/fixtures.ts";

const Item = defineEvent("Item");

function printing() {
  const { clock, runtime } = simulated();
  const lines: string[] = [];
  return { clock, lines, runtime: verbose(runtime, (line) => lines.push(line)) };
}

describe("verbose", () => {
  test("prints what each step starts with and produces, what is queued, other ticks, and the end", async () => {
    const { lines, runtime } = printing();
    const workflow = defineWorkflow("work")
      .step("split", { accepts: StartEvent, emits: Item }, (_event, ctx) => {
        ctx.sendEvent(Item(1));
        ctx.sendEvent(Item(2));
      })
      .step("work", { accepts: Item, emits: StopEvent, numWorkers: 1 }, ({ data }) =>
        data === 2 ? StopEvent() : undefined,
      );
    await run(workflow, null, { runtime, runId: "r1" }).result();
    expect(lines).toEqual([
      "[r1] StartRun StartEvent",
      "[r1] Running step split (StartEvent)",
      "[r1] Step split produced events Item, Item",
      "[r1] Queued for step work: 1",
      "[r1] Running step work (Item)",
      "[r1] Step work produced no event",
      "[r1] Running step work (Item)",
      "[r1] Step work produced event StopEvent",
      "[r1] Run completed",
    ]);
  });

  test("prints failures, attempts, waits, and what came too late", async () => {
    const { clock, lines, runtime } = printing();
    const workflow = defineWorkflow("hard")
      .step(
        "try",
        { accepts: StartEvent, emits: Item, retryPolicy: constantDelay({ maximumAttempts: 2, delay: 5 }) },
        (_event, ctx) => {
          if (ctx.retryInfo().attempt === 0) throw new TypeError("not yet");
          return Item();
        },
      )
      .step("ask", { accepts: Item, emits: StopEvent, waitsFor: Answer }, async (_event, ctx) => {
        await ctx.waitForEvent(Answer);
        return StopEvent();
      });
    const handler = run(workflow, null, { runtime, runId: "r2" });
    await clock.advance(5);
    await handler.sendEvent(Answer());
    await handler.result();
    expect(lines.slice(2)).toEqual([
      "[r2] Step try failed: TypeError: not yet; again in 5 ms",
      "[r2] Wakeup",
      "[r2] Running step try (StartEvent, attempt 2)",
      "[r2] Step try produced event Item",
      "[r2] Running step ask (Item)",
      "[r2] Step ask waits for Answer",
      "[r2] AddEvent Answer",
      "[r2] Running step ask (Item)",
      "[r2] Step ask produced event StopEvent",
      "[r2] Run completed",
    ]);
  });

  test("leaves events and other hooks alone", async () => {
    const seen: string[] = [];
    const { runtime } = printing();
    const workflow = defineWorkflow("quiet").step("only", { accepts: StartEvent, emits: StopEvent }, (_event, ctx) => {
      ctx.writeEventToStream(Item("seen"));
      return StopEvent();
    });
    const handler = run(workflow, null, {
      runtime: withHooks(runtime, { onTick: ({ tick }) => void seen.push(tick.kind) }),
    });
    const types: string[] = [];
    for await (const { type } of handler.streamEvents()) types.push(type);
    expect(types).toEqual(["Item", "StopEvent"]);
    expect(seen).toEqual(["StartRun", "StepResult"]);
  });
});
