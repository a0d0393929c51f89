import { describe, expect, test } from "vitest";
import {
  allOf,
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  listOf,
  resume,
  run,
  startEvent,
  stopEvent,
  type Handler,
} from "tickwork";
import { settle } from "tickwork/testing";

const Start = startEvent<"Start">("Start");
const Item = defineEvent<"Item">("Item");
const Done = defineEvent<"Done">("Done");
const Group = defineEvent<"Group">("Group");
const Answer = humanResponseEvent<"Answer">("Answer");
const Stop = stopEvent<"Stop">("Stop");

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const sorted = (data: unknown): unknown => (data as number[]).toSorted((a, b) => a - b);

/** Returns `count` items; each is doubled, or drops out when `keep` says no; the list is the result. */
const fan = (count: number, keep: (n: number) => boolean = () => true, options: { take?: number } = {}) =>
  defineWorkflow("fan")
    .step("split", { accepts: Start, emits: listOf(Item) }, () => numbers(count).map((n) => Item(n)))
    .step("work", { accepts: Item, emits: Done, numWorkers: 3 }, async ({ data }) => {
      await Promise.resolve();
      return keep(data as number) ? Done((data as number) * 2) : undefined;
    })
    .step("join", { accepts: listOf(Done, options), emits: Stop }, (members) => Stop(members.map(({ data }) => data)));

describe("a returned list", () => {
  test("is worked on element by element, and its join runs once with all members (118, 119)", async () => {
    expect(sorted(await run(fan(10)).result())).toEqual(numbers(10).map((n) => n * 2));
  });

  test("that is empty runs its join once, with nothing (120)", async () => {
    expect(await run(fan(0)).result()).toEqual([]);
  });

  test("loses members that drop out, and only those (121)", async () => {
    expect(sorted(await run(fan(10, (n) => n % 3 === 0)).result())).toEqual([0, 6, 12, 18]);
  });

  test("whose members all drop out runs its join with nothing", async () => {
    expect(await run(fan(5, () => false)).result()).toEqual([]);
  });

  test("that goes straight into a join arrives whole", async () => {
    const workflow = defineWorkflow("straight")
      .step("split", { accepts: Start, emits: listOf(Item) }, () => numbers(3).map((n) => Item(n)))
      .step("join", { accepts: listOf(Item), emits: Stop }, (items) => Stop(items.map(({ data }) => data)));
    expect(await run(workflow).result()).toEqual([0, 1, 2]);
  });

  test("returned by nobody opens nothing: a bare alternative is ordinary routing (122)", async () => {
    const workflow = defineWorkflow("either")
      .step("split", { accepts: Start, emits: [listOf(Item), Stop] }, () => Stop("bare"))
      .step("join", { accepts: listOf(Item), emits: Stop }, () => Stop("joined"));
    expect(await run(workflow).result()).toBe("bare");
  });

  test("takes n: the join runs on the n-th arrival, once, with the first n (127)", async () => {
    const result = (await run(fan(10, () => true, { take: 3 })).result()) as number[];
    expect(result).toHaveLength(3);
  });

  test("with fewer than it takes runs at the close (127)", async () => {
    expect(sorted(await run(fan(2, () => true, { take: 3 })).result())).toEqual([0, 2]);
  });

  test("is refused where a single event was declared, and the other way round (118, 123)", async () => {
    const single = defineWorkflow("single")
      .step("split", { accepts: Start, emits: Item }, (() => [Item(1)]) as never)
      .step("end", { accepts: Item, emits: Stop }, () => Stop());
    await expect(run(single).result()).rejects.toThrow(/returned a list, which it does not declare/);
    const list = defineWorkflow("list")
      .step("split", { accepts: Start, emits: listOf(Item) }, (() => Item(1)) as never)
      .step("join", { accepts: listOf(Item), emits: Stop }, () => Stop());
    await expect(run(list).result()).rejects.toThrow(/returned a single Item, which it emits in lists only/);
  });

  test("with something that is no event fails the run (118)", async () => {
    const workflow = defineWorkflow("bogus")
      .step("split", { accepts: Start, emits: listOf(Item) }, (() => [Item(1), 5]) as never)
      .step("join", { accepts: listOf(Item), emits: Stop }, () => Stop());
    await expect(run(workflow).result()).rejects.toMatchObject({ code: "OUTPUT_UNDECLARED" });
  });

  test("cannot be taken by a negative or broken number (127)", () => {
    for (const take of [0, -1, 1.5, Number.NaN]) expect(() => listOf(Item, { take })).toThrow(/whole number from 1 up/);
  });
});

describe("lists in lists", () => {
  const nested = (inner: (n: number) => number, keep: (n: number) => boolean = () => true) =>
    defineWorkflow("nested")
      .step("outer", { accepts: Start, emits: listOf(Group) }, () => numbers(3).map((n) => Group(n)))
      .step("inner", { accepts: Group, emits: listOf(Item) }, ({ data }) =>
        numbers(inner(data as number)).map((n) => Item([data as number, n])),
      )
      .step("work", { accepts: Item, emits: Done }, async ({ data }) => {
        await Promise.resolve();
        return keep((data as number[])[1] ?? 0) ? Done(data) : undefined;
      })
      .step("sum", { accepts: listOf(Done), emits: Answered }, (members) => Answered(members.length))
      .step("end", { accepts: listOf(Answered), emits: Stop }, (members) => Stop(members.map(({ data }) => data)));
  const Answered = defineEvent<"Answered">("Answered");

  test("join inner first, one summary for each outer element (124)", async () => {
    expect(sorted(await run(nested((n) => n + 1)).result())).toEqual([1, 2, 3]);
  });

  test("with empty inner lists still close the outer one (124)", async () => {
    expect(await run(nested(() => 0)).result()).toEqual([0, 0, 0]);
  });

  test("whose inner members all drop out still end (124)", async () => {
    expect(
      await run(
        nested(
          () => 4,
          () => false,
        ),
      ).result(),
    ).toEqual([0, 0, 0]);
  });
});

describe("several joins", () => {
  test("on one kind each get the whole list, beside a step that takes each member (125)", async () => {
    const seen: number[] = [];
    const workflow = defineWorkflow("two")
      .step("split", { accepts: Start, emits: listOf(Item) }, () => numbers(3).map((n) => Item(n)))
      .step("each", { accepts: Item, emits: [] }, ({ data }) => void seen.push(data as number))
      .step("first", { accepts: listOf(Item), emits: Done }, (items) => Done(items.length))
      .step("second", { accepts: listOf(Item), emits: Done }, (items) => Done(items.length * 10))
      .step("end", { accepts: allOf(Done, Done), emits: Stop }, ([a, b]) => Stop([a.data, b.data]));
    expect(sorted(await run(workflow).result())).toEqual([3, 30]);
    expect(sorted(seen)).toEqual([0, 1, 2]);
  });

  test("fed by two lists get two batches, not one (126)", async () => {
    const workflow = defineWorkflow("sources")
      .step("begin", { accepts: Start, emits: Group }, (_event, ctx) => {
        ctx.sendEvent(Group(2));
        ctx.sendEvent(Group(3));
      })
      .step("split", { accepts: Group, emits: listOf(Item) }, ({ data }) => numbers(data as number).map((n) => Item(n)))
      .step("join", { accepts: listOf(Item), emits: Done }, (items) => Done(items.length))
      .step("end", { accepts: allOf(Done, Done), emits: Stop }, ([a, b]) => Stop([a.data, b.data]));
    expect(sorted(await run(workflow).result())).toEqual([2, 3]);
  });
});

describe("a list through trouble", () => {
  const saved = async (handler: Handler) => JSON.parse(JSON.stringify(await handler.snapshot())) as never;

  const asking = () =>
    defineWorkflow("asking", { timeout: null })
      .step("split", { accepts: Start, emits: listOf(Item) }, () => numbers(3).map((n) => Item(n)))
      .step("work", { accepts: Item, emits: Done, waitsFor: Answer }, async ({ data }, ctx) => {
        if (data !== 1) return Done(data);
        const answer = await ctx.waitForEvent(Answer);
        return Done(answer.data);
      })
      .step("join", { accepts: listOf(Done), emits: Stop }, (members) => Stop(members.map((member) => member.data)));

  test("waits for a member that waits for a person (137)", async () => {
    const handler = run(asking());
    await settle();
    expect(handler.status).toBe("idle");
    await handler.sendEvent(Answer("late"));
    expect(await handler.result()).toEqual([0, 2, "late"]);
  });

  test("saved in the middle goes on to the whole batch (134)", async () => {
    const handler = run(asking());
    await settle();
    const later = resume(asking(), await saved(handler));
    await later.sendEvent(Answer("late"));
    expect(await later.result()).toEqual([0, 2, "late"]);
  });

  test("keeps the identical batch when its join is retried (132)", async () => {
    const batches: unknown[] = [];
    const workflow = defineWorkflow("retry")
      .step("split", { accepts: Start, emits: listOf(Item) }, () => numbers(4).map((n) => Item(n)))
      .step(
        "join",
        { accepts: listOf(Item, { take: 2 }), emits: Stop, retryPolicy: constantDelay({ delay: 0 }) },
        (items) => {
          batches.push(items.map(({ data }) => data));
          if (batches.length < 3) throw new Error("again");
          return Stop(items.map(({ data }) => data));
        },
      );
    expect(await run(workflow).result()).toEqual([0, 1]);
    expect(batches).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  test("that can never be complete fails loudly, naming step and join (137)", async () => {
    const workflow = defineWorkflow("stuck", { timeout: null })
      .step("split", { accepts: Start, emits: listOf(Item) }, () => numbers(3).map((n) => Item(n)))
      .step("pair", { accepts: allOf(Item, Item), emits: Done }, ([a]) => Done(a.data))
      .step("join", { accepts: listOf(Done), emits: Stop }, () => Stop());
    await expect(run(workflow).result()).rejects.toMatchObject({
      code: "STREAM_STUCK",
      data: { producer: "split", joins: ["pair"] },
    });
  });

  test("does not take a member that was sent from outside (130)", async () => {
    const workflow = defineWorkflow("outside", { timeout: null })
      .step("split", { accepts: Start, emits: listOf(Item) }, () => [Item(0)])
      .step("work", { accepts: Item, emits: Done, waitsFor: Answer }, async (_event, ctx) => {
        await ctx.waitForEvent(Answer);
        return Done("inside");
      })
      .step("join", { accepts: listOf(Done), emits: Stop }, (members) => Stop(members.map(({ data }) => data)));
    const handler = run(workflow);
    await settle();
    await handler.sendEvent(Done("outside"));
    await handler.sendEvent(Answer());
    expect(await handler.result()).toEqual(["inside"]);
  });

  test("sent to its join by name fails the run (130)", async () => {
    const workflow = defineWorkflow("targeted", { timeout: null })
      .step("split", { accepts: Start, emits: listOf(Item) }, () => [Item(0)])
      .step("work", { accepts: Item, emits: Done, waitsFor: Answer }, async (_event, ctx) => {
        await ctx.waitForEvent(Answer);
        return Done();
      })
      .step("join", { accepts: listOf(Done), emits: Stop }, () => Stop());
    const handler = run(workflow);
    await settle();
    await handler.sendEvent(Done(), { step: "join" });
    await expect(handler.result()).rejects.toMatchObject({ code: "LIST_TARGETED" });
  });
});

test("a list join to which no list leads is a mistake in the graph (129)", () => {
  const workflow = defineWorkflow("nowhere")
    .step("one", { accepts: Start, emits: Item }, () => Item())
    .step("join", { accepts: listOf(Item), emits: Stop }, () => Stop());
  expect(() => run(workflow)).toThrow(/join accepts a list of Item, to which no returned list leads/);
});
