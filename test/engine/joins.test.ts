import { describe, expect, test } from "vitest";
import { allOf, defineEvent, defineWorkflow, humanResponseEvent, resume, run, startEvent, stopEvent } from "tickwork";
import { settle } from "tickwork/testing";

const Start = startEvent<"Start">("Start");
const Query = defineEvent<"Query">("Query");
const Context = defineEvent<"Context">("Context");
const Answer = humanResponseEvent<"Answer">("Answer");
const Stop = stopEvent<"Stop">("Stop");

describe("allOf", () => {
  const joining = (order: readonly ("Query" | "Context")[]) =>
    defineWorkflow("joining")
      .step("split", { accepts: Start, emits: [Query, Context] }, (_event, ctx) => {
        for (const [index, type] of order.entries()) ctx.sendEvent(type === "Query" ? Query(index) : Context(index));
      })
      .step("join", { accepts: allOf(Query, Context), emits: Stop }, ([query, context]) =>
        Stop([query.data, context.data]),
      );

  test("runs once with one of each, by kind, whatever comes first (111)", async () => {
    expect(await run(joining(["Query", "Context"])).result()).toEqual([0, 1]);
    expect(await run(joining(["Context", "Query"])).result()).toEqual([1, 0]);
  });

  test("of one kind twice fills in order of arrival, and again for the next set (112)", async () => {
    const pairs: unknown[] = [];
    const workflow = defineWorkflow("pairs")
      .step("split", { accepts: Start, emits: Query }, (_event, ctx) => {
        for (const letter of ["a", "b", "c", "d", "e"]) ctx.sendEvent(Query(letter));
      })
      .step("join", { accepts: allOf(Query, Query), emits: Stop }, ([first, second]) => {
        pairs.push([first.data, second.data]);
        return pairs.length === 2 ? Stop() : undefined;
      });
    await run(workflow).result();
    expect(pairs).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  test("with child kinds finds a full set although slots overlap (113)", async () => {
    const Doc = defineEvent<"Doc">("Doc");
    const Image = defineEvent("Image", undefined, { extends: Doc });
    const workflow = defineWorkflow("overlap")
      .step("split", { accepts: Start, emits: [Doc, Image] }, (_event, ctx) => {
        ctx.sendEvent(Image("image"));
        ctx.sendEvent(Doc("doc"));
      })
      .step("join", { accepts: allOf(Doc, Image), acceptsSubkinds: true, emits: Stop }, ([doc, image]) =>
        Stop([doc.data, image.data]),
      );
    expect(await run(workflow).result()).toEqual(["doc", "image"]);
  });

  test("keeps what waits for the rest of its set over a save (116)", async () => {
    const workflow = defineWorkflow("saved", { timeout: null })
      .step("first", { accepts: Start, emits: Query }, () => Query("asked"))
      .step("join", { accepts: allOf(Query, Answer), emits: Stop }, ([query, answer]) =>
        Stop([query.data, answer.data]),
      );
    const handler = run(workflow);
    await settle();
    const later = resume(workflow, JSON.parse(JSON.stringify(await handler.snapshot())) as never);
    await later.sendEvent(Answer("given"));
    expect(await later.result()).toEqual(["asked", "given"]);
  });

  test("keeps its set through a wait and through a retry (115)", async () => {
    let attempts = 0;
    const workflow = defineWorkflow("waits", { timeout: null })
      .step("split", { accepts: Start, emits: [Query, Context] }, (_event, ctx) => {
        ctx.sendEvent(Query(1));
        ctx.sendEvent(Context(2));
      })
      .step(
        "join",
        {
          accepts: allOf(Query, Context),
          emits: Stop,
          waitsFor: Answer,
          retryPolicy: { description: "once more", decide: () => ({ retry: true, delay: 0 }) },
        },
        async ([query, context], ctx) => {
          const answer = await ctx.waitForEvent(Answer);
          if (attempts++ === 0) throw new Error("once");
          return Stop([query.data, context.data, answer.data]);
        },
      );
    const handler = run(workflow);
    await settle();
    await handler.sendEvent(Answer(3));
    expect(await handler.result()).toEqual([1, 2, 3]);
  });

  test("does not mix with what collectEvents gathers (114)", async () => {
    const sets: unknown[] = [];
    const workflow = defineWorkflow("both")
      .step("split", { accepts: Start, emits: [Query, Context] }, (_event, ctx) => {
        for (let n = 0; n < 4; n++) ctx.sendEvent(Query(n));
        for (let n = 0; n < 2; n++) ctx.sendEvent(Context(n));
      })
      // In another step, and in the join itself.
      .step("collect", { accepts: Query, emits: [] }, (event, ctx) => {
        const set = ctx.collectEvents(event, [Query, Query]);
        if (set) sets.push(["collect", ...set.map(({ data }) => data)]);
      })
      .step("join", { accepts: allOf(Query, Context), emits: Stop }, ([query, context], ctx) => {
        sets.push(["join", query.data, context.data]);
        const both = ctx.collectEvents(query, [Query, Query]);
        return both ? Stop(both.map(({ data }) => data)) : undefined;
      });
    expect(await run(workflow).result()).toEqual([0, 1]);
    expect(sets).toEqual([
      ["collect", 0, 1],
      ["collect", 2, 3],
      ["join", 0, 0],
      ["join", 1, 1],
    ]);
  });
});

describe("acceptsSubkinds", () => {
  const Doc = defineEvent<"Doc">("Doc");
  const Image = defineEvent("Image", undefined, { extends: Doc });
  const Photo = defineEvent("Photo", undefined, { extends: Image });

  test("takes kinds that extend the accepted one, at any distance (90)", async () => {
    const workflow = defineWorkflow("sub")
      .step("make", { accepts: Start, emits: Photo }, () => Photo("p"))
      .step("take", { accepts: Doc, acceptsSubkinds: true, emits: Stop }, (event) => Stop([event.type, event.data]));
    expect(await run(workflow).result()).toEqual(["Photo", "p"]);
  });

  test("is off by default: the exact kind only, and the graph check says so (89)", () => {
    const workflow = defineWorkflow("exact")
      .step("make", { accepts: Start, emits: Photo }, () => Photo("p"))
      .step("take", { accepts: Doc, emits: Stop }, () => Stop());
    expect(() => run(workflow)).toThrow(/Doc, which no step emits/);
  });
});
