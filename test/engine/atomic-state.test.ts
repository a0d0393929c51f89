import { describe, expect, test } from "vitest";
import { z } from "zod";
import { constantDelay, defineEvent, defineWorkflow, humanResponseEvent, run, startEvent, stopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle } from "tickwork/testing";

const Start = startEvent<"Start">("Start");
const Item = defineEvent<"Item">("Item");
const Answer = humanResponseEvent<"Answer">("Answer");
const Stop = stopEvent<"Stop">("Stop");
const options = {
  commitState: "with result",
  state: z.object({ count: z.number().default(0) }),
  timeout: null,
} as const;

describe('commitState: "with result"', () => {
  test("applies a step's edits once, however often it was tried", async () => {
    let attempts = 0;
    const workflow = defineWorkflow("w", options).step(
      "work",
      { accepts: Start, emits: Stop, retryPolicy: constantDelay({ delay: 0 }) },
      async (_event, ctx) => {
        await ctx.store.edit((draft) => void (draft.count += 1));
        if (attempts++ < 2) throw new Error("again");
        return Stop(await ctx.store.get("count"));
      },
    );
    expect(await run(workflow).result()).toBe(1);
  });

  test("shows a step its own edits, and others only what is committed", async () => {
    const seen: unknown[] = [];
    const workflow = defineWorkflow("w", options)
      .step("split", { accepts: Start, emits: Item }, (_event, ctx) => {
        ctx.sendEvent(Item("writer"));
        ctx.sendEvent(Item("reader"));
      })
      .step("work", { accepts: Item, emits: Stop, numWorkers: 2 }, async ({ data }, ctx) => {
        if (data === "reader") {
          await settle();
          seen.push(["reader", await ctx.store.get("count")]);
          return undefined;
        }
        await ctx.store.set("count", 5);
        seen.push(["writer", await ctx.store.get("count")]);
        await settle();
        await settle();
        return Stop();
      });
    await run(workflow).result();
    expect(seen).toEqual([
      ["writer", 5],
      ["reader", 0],
    ]);
  });

  test("loses no update among workers side by side", async () => {
    const workflow = defineWorkflow("w", options)
      .step("split", { accepts: Start, emits: Item }, (_event, ctx) => {
        for (let n = 0; n < 20; n++) ctx.sendEvent(Item(n));
      })
      .step("work", { accepts: Item, emits: Stop, numWorkers: 8 }, async (event, ctx) => {
        await ctx.store.edit((draft) => void (draft.count += 1));
        await Promise.resolve();
        const all = ctx.collectEvents(
          event,
          Array.from({ length: 20 }, () => Item),
        );
        return all && Stop();
      });
    const handler = run(workflow);
    await handler.result();
    expect((await handler.snapshot()).store).toEqual({ count: 20 });
  });

  test("drops edits of an attempt that is suspended, and makes them once when it runs again", async () => {
    const workflow = defineWorkflow("w", options).step(
      "work",
      { accepts: Start, emits: Stop, waitsFor: Answer },
      async (_event, ctx) => {
        await ctx.store.edit((draft) => void (draft.count += 1));
        await ctx.waitForEvent(Answer);
        return Stop(await ctx.store.get("count"));
      },
    );
    const handler = run(workflow);
    await settle();
    expect((await handler.snapshot()).store).toEqual({ count: 0 });
    await handler.sendEvent(Answer());
    expect(await handler.result()).toBe(1);
  });

  test("writes them into the result's own tick, where time travel shows them", async () => {
    const workflow = defineWorkflow("w", options)
      .step("work", { accepts: Start, emits: Item }, async (_event, ctx) => {
        await ctx.store.set("count", 7);
        return Item();
      })
      .step("end", { accepts: Item, emits: Stop }, () => Stop());
    const engine = await createEngine({ w: workflow }, { journal: new MemoryJournal() });
    await (await engine.start("w", null, { runId: "r" })).result();
    const { ticks } = await engine.readTicks("r", { from: 1, limit: 10 });
    expect(ticks.map(({ kind }) => kind)).toEqual(["StartRun", "StepResult", "StepResult"]);
    const view = await engine.stateAt("r", 2);
    expect(view.store).toEqual({ count: 7 });
    expect(view.storeChanges).toEqual([{ path: ["count"], before: 0, after: 7 }]);
  });

  test("gives the right to write back when a step fails, is cancelled or ends without writing more", async () => {
    const workflow = defineWorkflow("w", options)
      .step("split", { accepts: Start, emits: Item }, (_event, ctx) => {
        ctx.sendEvent(Item("fails"));
        ctx.sendEvent(Item("works"));
      })
      .step(
        "work",
        { accepts: Item, emits: Stop, numWorkers: 2, retryPolicy: constantDelay({ delay: 0, maximumAttempts: 2 }) },
        async ({ data }, ctx) => {
          await ctx.store.edit((draft) => void (draft.count += 1));
          if (data === "fails") {
            if (ctx.retryInfo().attempt === 0) throw new Error("once");
            return undefined;
          }
          await settle();
          return Stop(await ctx.store.get("count"));
        },
      );
    expect(await run(workflow).result()).toBeGreaterThan(0);
  });
});
