import { z } from "zod";
import { constantDelay, defineWorkflow, run, startEvent, stopEvent } from "tickwork";

const Begin = startEvent("Begin");
const End = stopEvent("End", z.object({ visits: z.number() }));
const retryPolicy = constantDelay({ maximumAttempts: 3, delay: 100 });

const visiting = (commitState: "at once" | "with result") =>
  defineWorkflow("visiting", {
    commitState,
    state: z.object({ visits: z.number().default(0) }),
  }).step("visit", { accepts: Begin, emits: End, retryPolicy }, async (_event, ctx) => {
    await ctx.store.edit((draft) => {
      draft.visits += 1;
    });
    if (ctx.retryInfo().attempt < 2) throw new Error("not yet");
    return End({ visits: await ctx.store.get("visits") });
  });

console.log("at once:", await run(visiting("at once")).result());
console.log("with result:", await run(visiting("with result")).result());
