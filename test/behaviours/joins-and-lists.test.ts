import {
  allOf,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  listOf,
  resume,
  run,
  startEvent,
  stopEvent,
} from "tickwork";
import { settle } from "tickwork/testing";
import { expect, test } from "vitest";
import { throughJson } from "../engine/fixtures.ts";

const Start = startEvent("Start");
const Item = defineEvent("Item");
const Done = defineEvent("Done");
const Part = defineEvent("Part");
const Answer = humanResponseEvent("Answer");
const Stop = stopEvent("Stop");
const items = (count: number) => Array.from({ length: count }, (_, index) => Item(index));

test("a join that takes the first leaves the other members to finish, and runs once (127)", async () => {
  const finished: unknown[] = [];
  let joined = 0;
  const workflow = defineWorkflow("w")
    .step("split", { accepts: Start, emits: listOf(Item) }, () => items(3))
    .step("work", { accepts: Item, emits: Done, numWorkers: 1 }, ({ data }) => (finished.push(data), Done(data)))
    .step("first", { accepts: listOf(Done, { take: 1 }), emits: [] }, () => void (joined += 1))
    .step("all", { accepts: listOf(Done), emits: Stop }, (members) => Stop(members.length));
  expect(await run(workflow).result()).toBe(3);
  expect([finished, joined]).toEqual([[0, 1, 2], 1]);
});

test("a join that returns a list opens one, and runs once itself (128)", async () => {
  const batches: unknown[] = [];
  const workflow = defineWorkflow("w")
    .step("split", { accepts: Start, emits: listOf(Item) }, () => items(3))
    .step("again", { accepts: listOf(Item), emits: listOf(Part) }, (members) => {
      batches.push(members.length);
      return members.map(({ data }) => Part(data));
    })
    .step("end", { accepts: listOf(Part), emits: Stop }, (members) => Stop(members.map(({ data }) => data)));
  expect(await run(workflow).result()).toEqual([0, 1, 2]);
  expect(batches).toEqual([3]);
});

test("an error handler may return a list inside the list it recovers a member of (131)", async () => {
  const workflow = defineWorkflow("w")
    .step("split", { accepts: Start, emits: listOf(Item) }, () => items(3))
    .step("work", { accepts: Item, emits: Done }, ({ data }) => {
      if (data === 1) throw new Error("broken");
      return Done(data);
    })
    .catchError("rescue", { forSteps: ["work"], emits: listOf(Part) }, () => [Part("p"), Part("q")])
    .step("mend", { accepts: listOf(Part), emits: Done }, (parts) => Done(parts.map(({ data }) => data)))
    .step("join", { accepts: listOf(Done), emits: Stop }, (members) => Stop(members.map(({ data }) => data)));
  expect(await run(workflow).result()).toEqual([0, 2, ["p", "q"]]);
});

test("a join that waits has the identical batch after the wait, also when it was saved meanwhile (132)", async () => {
  const batches: unknown[] = [];
  const workflow = defineWorkflow("w", { timeout: null })
    .step("split", { accepts: Start, emits: listOf(Item) }, () => items(4))
    .step("join", { accepts: listOf(Item, { take: 2 }), emits: Stop, waitsFor: Answer }, async (members, ctx) => {
      batches.push(members.map(({ data }) => data));
      await ctx.waitForEvent(Answer);
      return Stop();
    });
  const handler = run(workflow);
  await settle();
  const later = resume(workflow, throughJson(await handler.snapshot()));
  await later.sendEvent(Answer());
  await later.result();
  expect(batches).toEqual([
    [0, 1],
    [0, 1],
  ]);
});

test("a list that can never be complete fails the run although somebody outside of it waits (137)", async () => {
  const Aside = defineEvent("Aside");
  const workflow = defineWorkflow("w", { timeout: null })
    .step("begin", { accepts: Start, emits: [Aside, Item] }, (_event, ctx) => {
      ctx.sendEvent(Aside());
      ctx.sendEvent(Item(0));
    })
    .step(
      "aside",
      { accepts: Aside, emits: [], waitsFor: Answer },
      async (_event, ctx) => void (await ctx.waitForEvent(Answer)),
    )
    .step("split", { accepts: Item, emits: listOf(Part) }, () => [Part(1), Part(2), Part(3)])
    .step("pair", { accepts: allOf(Part, Part), emits: Done }, ([part]) => Done(part.data))
    .step("join", { accepts: listOf(Done), emits: Stop }, () => Stop());
  await expect(run(workflow).result()).rejects.toMatchObject({ code: "STREAM_STUCK" });
});
