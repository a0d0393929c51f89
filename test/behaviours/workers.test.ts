import { defineEvent, defineWorkflow, listOf, run, StartEvent, StopEvent } from "tickwork";
import { expect, test } from "vitest";
import { barrier, readAll } from "../engine/fixtures.ts";

const A = defineEvent("A");
const B = defineEvent("B");

test("notices of parallel invocations carry worker ids of their own (97), inputs and outputs (204)", async () => {
  const meet = barrier(3);
  const workflow = defineWorkflow("w")
    .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) => [1, 2, 3].forEach((n) => ctx.sendEvent(A(n))))
    .step("work", { accepts: A, emits: B, numWorkers: 3 }, async () => (await meet(), B()))
    .step("end", { accepts: B, emits: StopEvent }, (event, ctx) =>
      ctx.collectEvents(event, [B, B, B]) ? StopEvent() : undefined,
    );
  const events = await readAll(run(workflow).streamEvents({ exposeInternal: true }));
  const notices = events.flatMap(({ data, internal }) => (internal ? [data as Record<string, unknown>] : []));
  const of = (state: string) => notices.filter(({ step, ...rest }) => step === "work" && rest["state"] === state);
  for (const state of ["running", "notRunning"]) {
    expect(
      of(state)
        .map(({ workerId }) => Number(workerId))
        .toSorted((a, b) => a - b),
    ).toEqual([0, 1, 2]);
  }
  expect(of("running").map(({ input }) => input)).toEqual(["A", "A", "A"]);
  expect(of("notRunning").map(({ output }) => output)).toEqual(["B", "B", "B"]);
});

test("inside a list, collectEvents with many workers gathers the whole batch once (109)", async () => {
  const batches: unknown[][] = [];
  const workflow = defineWorkflow("w")
    .step("split", { accepts: StartEvent, emits: listOf(A) }, () => [1, 2, 3, 4].map((n) => A(n)))
    .step("gather", { accepts: A, emits: B }, async (event, ctx) => {
      await Promise.resolve();
      const batch = ctx.collectEvents(event, [A, A, A, A]);
      if (batch) batches.push(batch.map(({ data }) => data));
      return batch ? B(batch.length) : undefined;
    })
    .step("join", { accepts: listOf(B), emits: StopEvent }, (members) => StopEvent(members.map(({ data }) => data)));
  expect(await run(workflow).result()).toEqual([4]);
  expect(batches).toEqual([[1, 2, 3, 4]]);
});
