import { defineEvent, defineWorkflow, resume, run, StartEvent, StopEvent } from "tickwork";
import { settle } from "tickwork/testing";
import { expect, test } from "vitest";
import { Answer, throughJson } from "../engine/fixtures.ts";

const Part = defineEvent("Part");
const Again = defineEvent("Again");
const fail = (): never => {
  throw new Error("broken");
};

test("each line of events has a budget of its own (183)", async () => {
  const workflow = defineWorkflow("w")
    .step("split", { accepts: StartEvent, emits: Part }, (_event, ctx) =>
      [1, 2, 3].forEach((n) => ctx.sendEvent(Part(n))),
    )
    .step("work", { accepts: Part, emits: Again }, fail)
    .catchError("rescue", { emits: Again }, () => Again())
    .step("end", { accepts: Again, emits: StopEvent }, (event, ctx) =>
      ctx.collectEvents(event, [Again, Again, Again]) ? StopEvent("all recovered") : undefined,
    );
  expect(await run(workflow).result()).toBe("all recovered");
});

test("a budget that is used up stays so over a save (184)", async () => {
  let asked = 0;
  const workflow = defineWorkflow("w", { timeout: null })
    .step("work", { accepts: [StartEvent, Again], emits: StopEvent }, async (event, ctx) => {
      if (event.type === "Again") await ctx.waitForEvent(Answer);
      return fail();
    })
    .catchError("rescue", { emits: Again, maxRecoveries: 1 }, () => ((asked += 1), Again()));
  const first = run(workflow);
  await settle();
  const later = resume(workflow, throughJson(await first.snapshot()));
  await later.sendEvent(Answer());
  await expect(later.result()).rejects.toThrow("broken");
  expect(asked).toBe(1);
});
