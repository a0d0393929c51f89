/** What `acceptsSubkinds` opts in to, wherever a step meets events. */
import {
  buildGraph,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  resume,
  run,
  startEvent,
  StartEvent,
  stopEvent,
  StopEvent,
  validate,
  type WorkflowEvent,
} from "tickwork";
import { MemoryJournal, runToEnd, settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { throughJson } from "../engine/fixtures.ts";

const Doc = defineEvent("Doc");
const Image = defineEvent("Image", undefined, { extends: Doc });
const Photo = defineEvent("Photo", undefined, { extends: Image });
const Reply = humanResponseEvent("Reply");
const Approval = humanResponseEvent("Approval", undefined, { extends: Reply });

describe("the graph", () => {
  const graphOf = (acceptsSubkinds: boolean) =>
    buildGraph(
      defineWorkflow("w")
        .step("make", { accepts: StartEvent, emits: [Image, Photo] }, () => undefined)
        .step("take", { accepts: [Doc, Image], acceptsSubkinds, emits: StopEvent }, () => undefined)
        .step("exact", { accepts: Image, emits: StopEvent }, () => undefined),
    );
  const into = (step: string, graph = graphOf(true)) =>
    graph.edges.filter(({ target }) => target === `step:${step}`).map(({ source }) => source);

  test("has an edge from each kind that extends an accepted one, once, and for that step only (59)", () => {
    expect(into("take").toSorted()).toEqual(["event:Doc", "event:Image", "event:Photo"]);
    expect(into("exact")).toEqual(["event:Image"]);
    expect(into("take", graphOf(false)).toSorted()).toEqual(["event:Doc", "event:Image"]);
    expect(new Set(graphOf(true).edges.map(({ id }) => id)).size).toBe(graphOf(true).edges.length);
  });

  test("says of a kind who takes it as a special case of another", () => {
    const photo = graphOf(true).nodes.find(({ id }) => id === "event:Photo");
    expect(photo).toMatchObject({ acceptedBy: ["take"] });
  });

  test("has none from a stop event (59)", () => {
    const End = stopEvent("End", undefined, { extends: Doc });
    const graph = buildGraph(
      defineWorkflow("w")
        .step("make", { accepts: StartEvent, emits: [Image, End] }, () => undefined)
        .step("take", { accepts: Doc, acceptsSubkinds: true, emits: End }, () => undefined),
    );
    expect(into("take", graph)).not.toContain("event:End");
  });

  test("has an edge from each kind that may answer a wait (59)", () => {
    const asking = (acceptsSubkinds: boolean) =>
      buildGraph(
        defineWorkflow("w")
          .step("ask", { accepts: StartEvent, waitsFor: Reply, acceptsSubkinds, emits: StopEvent }, () => undefined)
          .step("log", { accepts: Approval, emits: [] }, () => undefined),
      );
    expect(into("ask", asking(true))).toEqual(["event:StartEvent", "event:Reply", "event:Approval"]);
    expect(into("ask", asking(false))).toEqual(["event:StartEvent", "event:Reply"]);
  });
});

describe("validation", () => {
  test("takes a kind for consumed that answers a wait for the kind it extends", () => {
    const Done = defineEvent("Done");
    const AllDone = defineEvent("AllDone", undefined, { extends: Done });
    const workflow = (acceptsSubkinds: boolean) =>
      defineWorkflow("w")
        .step("work", { accepts: StartEvent, emits: AllDone }, () => AllDone())
        .step("ask", { accepts: StartEvent, waitsFor: Done, acceptsSubkinds, emits: StopEvent }, () => undefined);
    expect(() => validate(workflow(true))).not.toThrow();
    expect(() => validate(workflow(false))).toThrow(/AllDone, emitted by work, is accepted by no step/);
  });

  test("takes an event that answers a wait for a way to the end", () => {
    const Done = defineEvent("Done");
    const workflow = (waitsFor: (typeof Done)[]) =>
      defineWorkflow("w", { skipGraphChecks: ["terminalEvent"] })
        .step("work", { accepts: StartEvent, emits: Done }, () => Done())
        .step("ask", { accepts: StartEvent, waitsFor, emits: StopEvent }, () => undefined);
    expect(() => validate(workflow([Done]))).not.toThrow();
    expect(() => validate(workflow([]))).toThrow(/work leads to no stop event/);
  });

  test("reaches a step through an outside event that extends what it accepts", () => {
    const Upload = humanResponseEvent("Upload", undefined, { extends: Doc });
    const workflow = (acceptsSubkinds: boolean) =>
      defineWorkflow("w")
        .step("begin", { accepts: [StartEvent, Upload], emits: StopEvent }, () => undefined)
        .step("any", { accepts: Doc, acceptsSubkinds, emits: StopEvent }, () => undefined);
    expect(() => validate(workflow(true))).not.toThrow();
    expect(() => validate(workflow(false))).toThrow(/Doc, which no step emits(.|\n)*any can never be reached/);
  });

  test("reaches a step through a start event that extends what it accepts", async () => {
    const Begin = startEvent("Begin", undefined, { extends: Doc });
    const seen: string[] = [];
    const workflow = defineWorkflow("w")
      .step("first", { accepts: Begin, emits: Image }, () => Image())
      .step("any", { accepts: Doc, acceptsSubkinds: true, emits: StopEvent }, ({ type }: WorkflowEvent) => {
        seen.push(type);
        return seen.length === 2 ? StopEvent() : undefined;
      });
    await run(workflow).result();
    expect(seen).toEqual(["Begin", "Image"]);
  });
});

describe("an event sent to a step by name", () => {
  const workflow = (acceptsSubkinds: boolean) =>
    defineWorkflow("w", { skipGraphChecks: ["terminalEvent"] })
      .step("make", { accepts: StartEvent, emits: [Doc, Photo] }, (_event, ctx) => {
        ctx.sendEvent(Photo(1), { step: "take" });
      })
      .step("take", { accepts: Doc, acceptsSubkinds, emits: StopEvent }, ({ type, data }: WorkflowEvent) =>
        StopEvent([type, data as number]),
      )
      .step("other", { accepts: Photo, emits: StopEvent }, () => StopEvent("other"));

  test("may be of a kind that extends the accepted one (90)", async () => {
    expect(await run(workflow(true)).result()).toEqual(["Photo", 1]);
  });

  test("must be of the accepted kind itself where the step did not opt in (90)", async () => {
    await expect(run(workflow(false)).result()).rejects.toMatchObject({ code: "EVENT_NOT_ACCEPTED" });
  });

  test("from outside too (90)", async () => {
    const idle = (acceptsSubkinds: boolean) =>
      run(
        defineWorkflow("w", { skipGraphChecks: ["terminalEvent"] })
          .step("make", { accepts: StartEvent, emits: [Doc, Photo] }, () => undefined)
          .step("take", { accepts: Doc, acceptsSubkinds, emits: StopEvent }, ({ type }: WorkflowEvent) =>
            StopEvent(type),
          ),
      );
    const handler = idle(true);
    await handler.sendEvent(Photo(), { step: "take" });
    expect(await handler.result()).toBe("Photo");
    const exact = idle(false);
    await expect(exact.sendEvent(Photo(), { step: "take" })).rejects.toMatchObject({ code: "EVENT_NOT_ACCEPTED" });
    await exact.cancelRun();
  });
});

describe("a wait", () => {
  const asking = (acceptsSubkinds: boolean, data: object = {}) =>
    defineWorkflow("w", { timeout: 1000 })
      .step("ask", { accepts: StartEvent, waitsFor: Reply, acceptsSubkinds, emits: StopEvent }, async (_event, ctx) => {
        const { type, data: given }: WorkflowEvent = await ctx.waitForEvent(Reply, data);
        return StopEvent([type, given as string]);
      })
      .step("log", { accepts: Approval, emits: [] }, () => undefined);

  test("takes kinds that extend the awaited one where the step opted in (153)", async () => {
    const handler = run(asking(true));
    await settle();
    await handler.sendEvent(Approval("yes"));
    expect(await handler.result()).toEqual(["Approval", "yes"]);
  });

  test("takes the exact kind only where it did not (153)", async () => {
    const handler = run(asking(false));
    await settle();
    await handler.sendEvent(Approval("yes"));
    await handler.sendEvent(Reply("exactly"));
    expect(await handler.result()).toEqual(["Reply", "exactly"]);
  });

  test("takes one that came early, and asks the required fields of it (153)", async () => {
    const Go = humanResponseEvent("Go");
    const workflow = defineWorkflow("w")
      .step("begin", { accepts: StartEvent, emits: [] }, () => undefined)
      .step(
        "ask",
        { accepts: Go, waitsFor: [Reply, Approval], acceptsSubkinds: true, emits: StopEvent },
        async (_, ctx) => {
          const answer: WorkflowEvent = await ctx.waitForEvent(Reply, { requirements: { id: 2 } as never });
          return StopEvent(answer.data as number);
        },
      );
    const handler = run(workflow);
    await handler.sendEvent(Approval({ id: 1 }));
    await handler.sendEvent(Approval({ id: 2 }));
    await handler.sendEvent(Go());
    expect(await handler.result()).toEqual({ id: 2 });
  });

  test("still does after a save, and its kinds stand in the history (153)", async () => {
    const handler = run(asking(true));
    await settle();
    const later = resume(asking(true), throughJson(await handler.snapshot()));
    await later.sendEvent(Approval("later"));
    expect(await later.result()).toEqual(["Approval", "later"]);
    await handler.cancelRun();

    const { ticks } = await runToEnd(asking(true), null, { journal: new MemoryJournal() });
    const waits = ticks.flatMap((tick) =>
      tick.kind === "StepResult" && tick.outcome.kind === "waiting" ? tick.outcome.waits : [],
    );
    expect(waits).toMatchObject([{ type: "Reply", subtypes: ["Approval"] }]);
  });
});
