import { z } from "zod";
import { defineEvent, defineWorkflow, listOf, run, startEvent, stopEvent } from "tickwork";

const Vote = startEvent("Vote", z.object({ votes: z.array(z.string()) }));
const Ballot = defineEvent("Ballot", z.object({ name: z.string() }));
const Counted = defineEvent("Counted");
const Result = stopEvent("Result", z.object({ counts: z.record(z.string(), z.number()) }));

const voting = defineWorkflow("voting", {
  // The shape of ctx.store, and what it begins with.
  state: z.object({
    counts: z.record(z.string(), z.number()).default({}),
    last: z.object({ name: z.string() }).optional(),
  }),
})
  .step("open", { accepts: Vote, emits: listOf(Ballot) }, ({ data }) =>
    data.votes.map((name) => Ballot({ name })),
  )
  .step("count", { accepts: Ballot, emits: Counted }, async ({ data: { name } }, ctx) => {
    // Read, change, write as one: no other edit comes between.
    await ctx.store.edit((draft) => {
      draft.counts[name] = (draft.counts[name] ?? 0) + 1;
    });
    await ctx.store.set("last.name", name); // typed by its path
    return Counted();
  })
  .step("close", { accepts: listOf(Counted), emits: Result }, async (_all, ctx) => {
    console.log("last:", await ctx.store.get("last.name"));
    return Result({ counts: await ctx.store.get("counts") });
  });

console.log(await run(voting, { votes: ["Ada", "Bo", "Ada"] }).result());
