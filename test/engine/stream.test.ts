import { constantDelay, defineEvent, defineWorkflow, resume, run, StartEvent, StopEvent, type Handler } from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, failureOf, gate, Question, readAll, simulated, single, stateOf, typesOf } from "./fixtures.ts";

const Note = defineEvent("Note");
const Next = defineEvent("Next");
const notes = (count: number) =>
  single((ctx) => {
    for (let n = 0; n < count; n++) ctx.writeEventToStream(Note(n));
  });
const read = (handler: Handler, after?: number) => readAll(handler.streamEvents(after === undefined ? {} : { after }));

describe("streamEvents", () => {
  test("ends for a reader that began before a run that needs no time at all", async () => {
    expect(await stateOf(read(run(single(() => 1))))).toBe("resolved");
  });

  test("ends for a reader that begins at any turn of a short run", async () => {
    for (let turns = 0; turns < 12; turns++) {
      const handler = run(notes(1));
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      expect(await stateOf(read(handler)), `after ${turns} turns`).toBe("resolved");
    }
  });

  test("gives what steps write, in order, and the stop event last", async () => {
    const handler = run(notes(3));
    await handler.result();
    expect((await read(handler)).map(({ type, data }) => [type, data])).toEqual([
      ["Note", 0],
      ["Note", 1],
      ["Note", 2],
      ["StopEvent", null],
    ]);
  });

  test("gives every reader every event, at once, late, and after the end", async () => {
    const workflow = defineWorkflow("w").step(
      "loop",
      { accepts: [StartEvent, Next], emits: [Next, StopEvent] },
      async ({ data }, ctx) => {
        await settle();
        ctx.writeEventToStream(Note(data));
        return Number(data) < 5 ? Next(Number(data) + 1) : StopEvent();
      },
    );
    const handler = run(workflow, 1);
    const readers = [read(handler), read(handler)];
    for await (const { data } of handler.streamEvents()) if (data === 3) break;
    readers.push(read(handler));
    await handler.result();
    readers.push(read(handler));
    const all = ["Note 1", "Note 2", "Note 3", "Note 4", "Note 5", "StopEvent null"];
    for (const events of await Promise.all(readers)) {
      expect(events.map(({ type, data }) => `${type} ${String(data)}`)).toEqual(all);
    }
  });

  test("shows what a step sent before its stop event, in that order (C-51)", async () => {
    const workflow = defineWorkflow("w").step(
      "last",
      { accepts: StartEvent, emits: [Question, StopEvent] },
      (_event, ctx) => {
        ctx.sendEvent(Question("first"));
        ctx.writeEventToStream(Note());
        return StopEvent();
      },
    );
    expect(typesOf(await read(run(workflow)))).toEqual(["Question", "Note", "StopEvent"]);
  });

  test("begins after the sequence asked for", async () => {
    const handler = run(notes(3));
    await handler.result();
    expect((await read(handler, 2)).map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(await read(handler, 4)).toEqual([]);
  });

  test("ends after one terminal event when the run fails; earlier events were delivered", async () => {
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: Next }, (_event, ctx) => (ctx.writeEventToStream(Note(1)), Next()))
      .step("b", { accepts: Next, emits: StopEvent }, () => Promise.reject(new TypeError("no")));
    const handler = run(workflow);
    await failureOf(handler);
    const events = await read(handler);
    expect(typesOf(events)).toEqual(["Note", "WorkflowFailedEvent"]);
    expect(events[1]?.data).toMatchObject({ step: "b", error: { name: "TypeError", message: "no" } });
  });

  test("ends after one terminal event when the run is cancelled", async () => {
    const handler = run(single(() => gate().promise));
    await handler.cancelRun("why not");
    await handler.cancelRun("again");
    expect((await read(handler)).map(({ type, data }) => [type, data])).toEqual([
      ["WorkflowCancelledEvent", { reason: "why not" }],
    ]);
  });

  test("ends after one terminal event when the time is up", async () => {
    const { clock, runtime } = simulated();
    const handler = run(
      single(() => gate().promise, { timeout: 100 }),
      null,
      { runtime },
    );
    await clock.advance(100);
    expect((await read(handler)).map(({ type, data }) => [type, data])).toEqual([
      ["WorkflowTimedOutEvent", { timeout: 100, activeSteps: ["step"] }],
    ]);
  });

  test("wakes a reader that waits when the run ends", async () => {
    const handler = run(single(() => gate().promise));
    const reading = read(handler);
    expect(await stateOf(reading)).toBe("pending");
    await handler.cancelRun();
    expect(typesOf(await reading)).toEqual(["WorkflowCancelledEvent"]);
  });

  test("nothing of a failed attempt is published", async () => {
    const handler = run(single((ctx) => (ctx.writeEventToStream(Note(1)), Promise.reject(new Error("x")))));
    await failureOf(handler);
    expect(typesOf(await read(handler))).toEqual(["WorkflowFailedEvent"]);
  });

  test("an input-required event that a step returns is published", async () => {
    const workflow = defineWorkflow("w")
      .step("ask", { accepts: StartEvent, emits: Question }, () => Question("?"))
      .step("take", { accepts: Answer, emits: StopEvent }, (event) => StopEvent(event.data));
    const handler = run(workflow);
    for await (const event of handler.streamEvents()) {
      if (event.type === "Question") await handler.sendEvent(Answer("!"));
    }
    expect(await handler.result()).toBe("!");
  });

  test("a reader may stop in the middle and the run goes on", async () => {
    const handler = run(notes(3));
    for await (const _ of handler.streamEvents()) break;
    expect(await handler.result()).toBe(null);
  });

  test("a reader that waits can be ended from outside", async () => {
    const events = run(single(() => gate().promise)).streamEvents();
    const waiting = events.next();
    await settle();
    expect(await stateOf(events.return!(undefined))).toBe("resolved");
    expect(await stateOf(waiting)).toBe("resolved");
  });

  test("says what is missing when a slow reader falls behind what is kept", async () => {
    const handler = run(notes(20_000));
    await handler.result();
    await expect(read(handler)).rejects.toMatchObject({ code: "STREAM_GAP", data: { from: 1 } });
    expect((await read(handler, 19_000)).length).toBe(1001);
  });
});

describe("the stream of a resumed run", () => {
  const asking = single(async (ctx) => (await ctx.waitForEvent(Answer, { waiterEvent: Question("?") })).data);

  test("goes on with the events after the snapshot, for a reader who asks for no place", async () => {
    const first = run(asking);
    await settle();
    const later = resume(asking, await first.snapshot());
    await later.sendEvent(Answer(1));
    expect(typesOf(await read(later))).toEqual(["StopEvent"]);
  });

  test("of a completed run is over", async () => {
    const first = run(asking);
    await first.sendEvent(Answer(1));
    await first.result();
    expect(await read(resume(asking, await first.snapshot()))).toEqual([]);
  });

  test("keeps counting where the saved run stopped", async () => {
    const first = run(asking);
    await settle();
    const later = resume(asking, await first.snapshot());
    await later.sendEvent(Answer(1));
    expect((await read(later, 1)).map(({ sequence }) => sequence)).toEqual([2]);
  });
});

describe("exposeInternal", () => {
  const chain = () =>
    defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: Next }, async () => (await settle(), Next()))
      .step("b", { accepts: Next, emits: StopEvent }, async () => (await settle(), StopEvent()));
  const changes = async (handler: Handler) =>
    (await readAll(handler.streamEvents({ exposeInternal: true }))).map(({ type, data }) => {
      const { step, state } = (data ?? {}) as { step?: string; state?: string };
      return type === "StepStateChanged" ? `${step} ${state}` : type;
    });

  test("shows each step start and stop, then the stop event", async () => {
    expect(await changes(run(chain()))).toEqual([
      "a running",
      "a notRunning",
      "b running",
      "b notRunning",
      "StopEvent",
    ]);
  });

  test("tells that a step stopped before anything that its result did (98)", async () => {
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: [Question, Next] }, async (_event, ctx) => {
        await settle();
        ctx.writeEventToStream(Note());
        ctx.sendEvent(Question("?"));
        return Next();
      })
      .step("b", { accepts: Next, emits: StopEvent }, async () => (await settle(), StopEvent()));
    const seen = await changes(run(workflow));
    expect(seen.slice(0, 2)).toEqual(["a running", "a notRunning"]);
    expect(seen.slice(2, 5).toSorted()).toEqual(["Note", "Question", "b running"]);
    expect(seen.slice(5)).toEqual(["b notRunning", "StopEvent"]);
  });

  test("is off by default", async () => {
    expect(typesOf(await read(run(chain())))).toEqual(["StopEvent"]);
  });

  test("marks internal events, and repeats the number of the event before them", async () => {
    const events = await readAll(run(chain()).streamEvents({ exposeInternal: true }));
    expect(events.filter(({ internal }) => internal).every(({ sequence }) => sequence === 0)).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "StopEvent", sequence: 1 });
  });

  test("tells of work that must wait for a free worker, and of what starts in its place (96)", async () => {
    const workflow = defineWorkflow("w")
      .step("split", { accepts: StartEvent, emits: Next }, (_event, ctx) => {
        for (const n of [1, 2, 3]) ctx.sendEvent(Next(n));
      })
      .step("work", { accepts: Next, emits: StopEvent, numWorkers: 1 }, ({ data }) =>
        data === 3 ? StopEvent() : undefined,
      );
    const events = await readAll(run(workflow).streamEvents({ exposeInternal: true }));
    const notices = events.flatMap(({ data, internal }) => (internal ? [data as Record<string, unknown>] : []));
    expect(
      notices.flatMap(({ step, state, workItem }) => (step === "work" ? [`${String(state)} ${Number(workItem)}`] : [])),
    ).toEqual([
      "running 2",
      "queued 3",
      "queued 4",
      "notRunning 2",
      "running 3",
      "notRunning 3",
      "running 4",
      "notRunning 4",
    ]);
    expect(notices.find(({ state }) => state === "queued")).toEqual({
      step: "work",
      workItem: 3,
      state: "queued",
      input: "Next",
    });
  });

  test("tells of every work item that is queued once, whatever brought it: events, retries, answers (96)", async () => {
    const { clock, runtime } = simulated();
    let failures = 0;
    const workflow = defineWorkflow("w", { timeout: null })
      .step("split", { accepts: StartEvent, emits: Next }, (_event, ctx) => {
        for (let n = 1; n <= 6; n++) ctx.sendEvent(Next(n));
      })
      .step(
        "work",
        {
          accepts: Next,
          emits: StopEvent,
          numWorkers: 1,
          retryPolicy: constantDelay({ maximumAttempts: 3, delay: 10 }),
        },
        async ({ data }, ctx) => {
          if (data === 1) await ctx.waitForEvent(Answer);
          if (data === 2 && failures++ === 0) throw new Error("once");
          await new Promise<void>((resolve) => clock.setTimer(clock.now() + 20, resolve));
          return data === 1 ? StopEvent() : undefined;
        },
      );
    const handler = run(workflow, null, { runtime });
    const reading = readAll(handler.streamEvents({ exposeInternal: true }));
    await clock.advance(30);
    await handler.sendEvent(Answer());
    await clock.advance(200);
    const queued = (await reading).flatMap(({ data }) => {
      const { state, workItem } = (data ?? {}) as { state?: string; workItem?: number };
      return state === "queued" ? [workItem] : [];
    });
    // 3 to 7 behind the first; 3 again when its back-off is over; 2 again, ahead of all, when it has its answer.
    expect(queued).toEqual([3, 4, 5, 6, 7, 3, 2]);
  });

  test("tells of an event nobody handles, with its type and target", async () => {
    const handler = run(single(() => gate().promise));
    const events = handler.streamEvents({ exposeInternal: true });
    const first = events.next();
    await handler.sendEvent({ type: "Unknown", data: 1 });
    let { value } = await first;
    while (value && value.type !== "UnhandledEvent") ({ value } = await events.next());
    expect(value?.data).toEqual({ eventType: "Unknown", idle: false });
    await handler.cancelRun();
  });

  test("tells when the run has nothing to do but wait", async () => {
    const handler = run(single((ctx) => ctx.waitForEvent(Answer)));
    const reading = changes(handler);
    await settle();
    await handler.sendEvent(Answer());
    expect(await reading).toContain("WorkflowIdleEvent");
  });

  test("does not tell a run idle that completes", async () => {
    expect(await changes(run(chain()))).not.toContain("WorkflowIdleEvent");
  });
});
