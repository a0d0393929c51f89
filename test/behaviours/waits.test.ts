import {
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  listOf,
  resume,
  run,
  startEvent,
  StartEvent,
  StopEvent,
  WorkflowTimeoutError,
} from "tickwork";
import { settle } from "tickwork/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { Answer, failureOf, Question, simulated, single, throughJson, type Ctx } from "../engine/fixtures.ts";

const Begin = startEvent("Begin", z.object({ who: z.string() }));
const Reply = humanResponseEvent("Reply", z.object({ to: z.string(), n: z.number() }));
const A = defineEvent("A");

/** Asks by returning a question; another step takes the answer. */
function asking() {
  const ran: string[] = [];
  const workflow = defineWorkflow("asking", { timeout: 1000 })
    .step("ask", { accepts: Begin, emits: Question }, (event) => (ran.push("ask"), Question(event.data.who)))
    .step("take", { accepts: Answer, emits: StopEvent }, (event) => (ran.push("take"), StopEvent(event.data)));
  return { workflow, ran };
}

test("a question that nobody answers ends with the run's time limit (144)", async () => {
  const { clock, runtime } = simulated();
  const handler = run(asking().workflow, { who: "Ada" }, { runtime });
  await clock.advance(1000);
  expect(await failureOf(handler)).toBeInstanceOf(WorkflowTimeoutError);
});

test("cancelled while it waits, restored and answered, each step ran once (145), start data and all (146)", async () => {
  const { workflow, ran } = asking();
  const first = run(workflow, { who: "Ada" });
  await settle();
  await first.cancelRun();
  const later = resume(workflow, throughJson(await first.snapshot()));
  await settle();
  await later.sendEvent(Answer("yes"));
  expect(await later.result()).toBe("yes");
  expect(ran).toEqual(["ask", "take"]);
});

test("waits of parallel work items with equal input stay two over a save (149)", async () => {
  const workflow = defineWorkflow("w", { timeout: null })
    .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2].forEach(() => ctx.sendEvent(A("same"))))
    .step("ask", { accepts: A, emits: StopEvent }, async (event, ctx) => {
      const { data } = await ctx.waitForEvent(Answer);
      return ctx.collectEvents(event, [A, A]) ? StopEvent(data) : undefined;
    });
  const first = run(workflow);
  await settle();
  const saved = throughJson(await first.snapshot());
  expect(saved.memos.flatMap(({ waiters }) => waiters)).toHaveLength(2);
  const later = resume(workflow, saved);
  await later.sendEvent(Answer("both"));
  expect(await later.result()).toBe("both");
});

test("what a wait requires is required after a save too (151)", async () => {
  const workflow = single(async (ctx) => (await ctx.waitForEvent(Reply, { requirements: { to: "me" } })).data);
  const first = run(workflow);
  await settle();
  const later = resume(workflow, throughJson(await first.snapshot()));
  await later.sendEvent(Reply({ to: "you", n: 1 }));
  await settle();
  expect(later.status).toBe("idle");
  await later.sendEvent(Reply({ to: "me", n: 2 }));
  expect(await later.result()).toEqual({ to: "me", n: 2 });
});

test("a join that waits for the kind of its members is not answered by its own batch (154)", async () => {
  const workflow = defineWorkflow("w", { timeout: null })
    .step("split", { accepts: StartEvent, emits: listOf(A) }, () => [A(1), A(2)])
    .step("join", { accepts: listOf(A), emits: StopEvent, waitsFor: A }, async (members, ctx) =>
      StopEvent([members.length, (await ctx.waitForEvent(A)).data]),
    );
  const first = run(workflow);
  await settle();
  const later = resume(workflow, throughJson(await first.snapshot()));
  await settle();
  expect([first.status, later.status]).toEqual(["idle", "idle"]);
  await later.sendEvent(A("other"));
  expect(await later.result()).toEqual([2, "other"]);
});

test("waiting works in functions that the step calls (156)", async () => {
  const tool = async (ctx: Ctx) => (await ctx.waitForEvent(Answer)).data;
  const handler = run(single(async (ctx) => [await tool(ctx), await tool(ctx)]));
  await handler.sendEvent(Answer(1));
  await handler.sendEvent(Answer(2));
  expect(await handler.result()).toEqual([1, 2]);
});
