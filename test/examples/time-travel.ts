import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal } from "tickwork/engine";

const Page = defineEvent("Page");
const crawling = defineWorkflow("crawling")
  .step("list", { accepts: StartEvent, emits: Page }, (_event, ctx) => {
    for (const name of ["home", "about"]) ctx.sendEvent(Page(name));
  })
  .step(
    "fetch",
    { accepts: Page, emits: StopEvent, numWorkers: 1 },
    async ({ data }, ctx) => {
      await ctx.store.set(data as string, "fetched");
      return data === "about" ? StopEvent("done") : undefined;
    },
  );

const engine = await createEngine({ crawling }, { journal: new MemoryJournal() });
const runId = await engine.startRun("crawling", null);
await engine.result(runId);

const difference = await engine.stateDifference(runId, { from: 2, to: 4 });
for (const { kind, path } of difference.store) console.log(kind, path);
for (const { step, before, after } of difference.steps)
  console.log(step, "queued", before?.queued, "to", after?.queued);

const answer = await engine.whatIf(runId, {
  atSequence: 2,
  change: { kind: "skip" },
});
console.log("without tick 2:", answer.view.graph.status);
for (const { sequence, why } of answer.withoutEffect) console.log("tick", sequence, why);
console.log(
  "no result is known of",
  answer.openWork.map(({ step }) => step),
);
await engine.close();
