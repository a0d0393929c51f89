import { allOf, defineEvent, defineWorkflow, listOf, run, StartEvent, StopEvent } from "tickwork";
import { settle } from "tickwork/testing";
import { expect, test } from "vitest";
import { Answer, gate, readAll, typesOf } from "../engine/fixtures.ts";

const A = defineEvent("A");
const B = defineEvent("B");
const C = defineEvent("C");
const D = defineEvent("D");

test("a stop event cuts off siblings before they can publish anything more (76)", async () => {
  let signal: AbortSignal | undefined;
  const { promise, open } = gate();
  const workflow = defineWorkflow("w")
    .step("stops", { accepts: StartEvent, emits: StopEvent }, async () => (await promise, StopEvent()))
    .step("late", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) => {
      ({ signal } = ctx);
      await promise;
      await Promise.resolve();
      await Promise.resolve();
      ctx.writeEventToStream(A());
    });
  const handler = run(workflow);
  await settle();
  open();
  await handler.result();
  await settle();
  expect(typesOf(await readAll(handler.streamEvents()))).toEqual(["StopEvent"]);
  expect(signal?.aborted).toBe(true);
});

test("nothing of joins, lists, waits and queues is left after completion (77)", async () => {
  const workflow = defineWorkflow("w", { timeout: null })
    .step("split", { accepts: StartEvent, emits: [listOf(A), C, D] }, (_event, ctx) => {
      ctx.sendEvent(C());
      for (const n of [1, 2]) ctx.sendEvent(D(n));
      return [A(1), A(2)];
    })
    .step("hold", { accepts: D, emits: StopEvent, numWorkers: 1 }, () => gate().promise as Promise<never>)
    .step("ask", { accepts: A, emits: B, numWorkers: 1 }, async (_event, ctx) =>
      B((await ctx.waitForEvent(Answer)).data),
    )
    .step("pair", { accepts: allOf(C, Answer), emits: StopEvent }, () => StopEvent())
    .step("join", { accepts: listOf(B), emits: StopEvent }, () => StopEvent());
  const handler = run(workflow);
  await settle();
  const before = await handler.snapshot();
  expect([before.memos.length, before.streams.length, before.joins.length]).toEqual([2, 1, 1]);
  expect([before.steps["hold"]?.queue.length, before.steps["hold"]?.inProgress.length]).toEqual([1, 1]);
  await handler.sendEvent(StopEvent("enough"));
  const after = await handler.snapshot();
  for (const [key, value] of Object.entries(after)) {
    if (key !== "steps" && Array.isArray(value)) expect([key, value]).toEqual([key, []]);
  }
  for (const { queue, inProgress } of Object.values(after.steps)) expect([...queue, ...inProgress]).toEqual([]);
});
