import { z } from "zod";
import { allOf, defineEvent, defineWorkflow, run, startEvent, stopEvent } from "tickwork";

const Ask = startEvent("Ask", z.object({ question: z.string() }));
const Search = defineEvent("Search", z.object({ words: z.string() }));
const Question = defineEvent("Question", z.object({ text: z.string() }));
const Sources = defineEvent("Sources", z.object({ found: z.array(z.string()) }));
const Answer = stopEvent("Answer", z.object({ text: z.string() }));

const answering = defineWorkflow("answering")
  .step("read", { accepts: Ask, emits: [Question, Search] }, ({ data }, ctx) => {
    ctx.sendEvent(Search({ words: data.question }));
    ctx.sendEvent(Question({ text: data.question }));
  })
  .step("search", { accepts: Search, emits: Sources }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return Sources({ found: ["page 12", "page 40"] });
  })
  // Runs once, when one of each is there.
  .step(
    "answer",
    { accepts: allOf(Question, Sources), emits: Answer },
    ([question, sources]) =>
      Answer({ text: `${question.data.text} See ${sources.data.found.join(" and ")}.` }),
  );

console.log(await run(answering, { question: "What is a tick?" }).result());
