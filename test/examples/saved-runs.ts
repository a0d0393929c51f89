// #region save
import { z } from "zod";
import {
  ContextSerdeError,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  resume,
  run,
  startEvent,
  stopEvent,
  type WorkflowError,
} from "tickwork";
import { createEngine, MemoryJournal } from "tickwork/engine";

const Quiz = startEvent("Quiz", z.object({ question: z.string() }));
const Guess = humanResponseEvent("Guess", z.object({ text: z.string() }));
const Score = stopEvent("Score", z.object({ right: z.boolean() }));
const Hint = defineEvent("Hint");

const quiz = defineWorkflow("quiz", { timeout: null }).step(
  "ask",
  { accepts: Quiz, emits: Score, waitsFor: Guess },
  async (_event, ctx) => {
    await ctx.store.set("asked", 1);
    const { data } = await ctx.waitForEvent(Guess, { waiterEvent: Hint(), timeout: null });
    return Score({ right: data.text === "42" });
  },
);

const first = run(quiz, { question: "6 × 7?" }, { runId: "quiz-1" });
for await (const event of first.streamEvents()) if (Hint.is(event)) break;

const text = JSON.stringify(await first.snapshot());
await first.cancelRun("the process ends");
// #endregion

// #region load
const later = resume(quiz, JSON.parse(text));
console.log(later.runId, later.status);
await later.sendEvent(Guess({ text: "42" }));
console.log(await later.result());

// Only the state of the saved run, in a run that begins anew.
const another = run(quiz, { question: "7 × 6?" }, { context: JSON.parse(text) });
console.log((await another.snapshot()).store);
await another.cancelRun();

try {
  resume(quiz, { ...JSON.parse(text), version: 99 });
} catch (error) {
  if (error instanceof ContextSerdeError) console.log(error.code, "-", error.message);
}
// #endregion

// #region export
const engine = await createEngine({ quiz }, { journal: new MemoryJournal() });
const recorded = await engine.start("quiz", { question: "6 × 7?" }, { runId: "quiz-2" });
await recorded.sendEvent(Guess({ text: "41" }));
await recorded.result();
const file = await engine.exportRun("quiz-2");
console.log(Object.keys(file));
await engine.close();
// #endregion

// #region import
// Elsewhere: another process, another browser.
const other = await createEngine({ quiz }, { journal: new MemoryJournal() });
await other.importRun(JSON.parse(JSON.stringify(file)));
console.log(await other.result("quiz-2"));
await other
  .cancelRun("quiz-2")
  .catch((error: WorkflowError) => console.log(error.code, "-", error.message));

// Tick 2: the question is asked, and nobody has answered yet.
const forkId = await other.forkRun("quiz-2", { atSequence: 2 });
await other.sendEvent(forkId, Guess({ text: "42" }));
console.log(await other.result(forkId));
const { runs } = await other.listRuns();
console.log(runs.find(({ runId }) => runId === forkId)?.forkedFrom);
await other.close();
// #endregion
