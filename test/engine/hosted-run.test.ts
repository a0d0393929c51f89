/** Idle runs leave memory and come back by themselves. */
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  EngineUnavailableError,
  initialState,
  replay,
  resource,
  StartEvent,
  StopEvent,
  WorkflowCancelledByUser,
  WorkflowConfigurationError,
  WorkflowTimeoutError,
  type Tick,
  type Workflow,
} from "tickwork";
import {
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  settle,
  SimulatedClock,
  type Journal,
  type JournalFault,
} from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { graphStatus } from "../../src/graph/graph-status.ts";
import type { InspectionBatch, RunSummary } from "../../src/inspection/inspection-event.ts";
import { compile } from "../../src/workflow/compile.ts";
import { Answer, failureOf, gate, Question, readAll, stateOf, typesOf } from "./fixtures.ts";

const IDLE = 1000;
const Note = defineEvent("Note");

/** Asks once, without limit; the answer is the result. */
const asking = defineWorkflow("asking", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent },
  async (_event, ctx) =>
    StopEvent((await ctx.waitForEvent(Answer, { waiterEvent: Question("?"), timeout: null })).data),
);
/** Takes note of each answer, and ends with all of them when "end" comes. */
const noting = defineWorkflow("noting", { timeout: null }).step(
  "note",
  { accepts: [StartEvent, Answer], emits: StopEvent, numWorkers: 1 },
  async ({ type, data }, ctx) => {
    if (type === "StartEvent") return;
    const notes = [...((await ctx.store.get("notes", [])) as string[]), data as string];
    await ctx.store.set("notes", notes);
    ctx.writeEventToStream(Note(data));
    return data === "end" ? StopEvent(notes) : undefined;
  },
);
/** Waits so long, twice. */
const twice = (timeout: number) =>
  defineWorkflow("twice", { timeout: null }).step(
    "wait",
    { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
    async (_event, ctx) => {
      for (const waiterId of ["one", "two"]) {
        await ctx.waitForEvent(Answer, { waiterId, timeout }).catch(() => undefined);
        ctx.writeEventToStream(Note(waiterId));
      }
      return StopEvent("late");
    },
  );

async function open(
  workflows: Record<string, Workflow>,
  {
    journal = new MemoryJournal(),
    clock = new SimulatedClock(),
    idleTimeout = IDLE,
  }: { journal?: Journal; clock?: SimulatedClock; idleTimeout?: number | null } = {},
) {
  const engine = await createEngine(workflows, { journal, clock }, { idleTimeout });
  const row = async (runId = "r") => (await engine.listRuns()).runs.find((run) => run.runId === runId);
  const isLoaded = async (runId = "r") => (await row(runId))?.loaded;
  return { engine, journal, clock, row, isLoaded };
}

/** A run `r` that has just been released. */
async function released(workflow: Workflow = asking, options: Parameters<typeof open>[1] = {}) {
  const opened = await open({ [workflow.name]: workflow }, options);
  const handler = await opened.engine.start(workflow.name, null, { runId: "r" });
  await opened.clock.advance(IDLE);
  await settle();
  expect(await opened.isLoaded()).toBe(false);
  return { ...opened, handler };
}

/** Tells when a timer fires, at that moment. */
class RingingClock extends SimulatedClock {
  onRing: () => void = () => undefined;

  override setTimer(due: number, callback: () => void): () => void {
    return super.setTimer(due, () => {
      callback();
      this.onRing();
    });
  }
}

function faulty(...faults: JournalFault[]) {
  return new FaultInjectingJournal(new MemoryJournal(), { durable: true, faults });
}

async function ticksOf(journal: Journal, runId = "r"): Promise<Tick[]> {
  await settle();
  const ticks: Tick[] = [];
  for await (const batch of journal.read(runId, { from: 1, to: Number.MAX_SAFE_INTEGER })) ticks.push(...batch.ticks);
  return ticks;
}

describe("an idle run", () => {
  test("leaves memory after idleTimeout, stays listed as idle, and an event brings it back", async () => {
    const { engine, clock, row } = await open({ asking });
    const handler = await engine.start("asking", null, { runId: "r" });
    await settle();
    const idleSince = clock.now();
    await clock.advance(IDLE - 1);
    expect(await row()).toMatchObject({ status: "idle", loaded: true, idleSince });
    await clock.advance(1);
    expect(await row()).toMatchObject({ status: "idle", loaded: false, idleSince, waitingFor: ["Answer"] });
    expect(handler.status).toBe("idle");
    await handler.sendEvent(Answer(5));
    expect([await handler.result(), handler.status]).toEqual([5, "completed"]);
    await settle();
    const ended = await row();
    expect([ended?.loaded, ended && "idleSince" in ended]).toEqual([false, false]);
  });

  test("stays while events keep coming, and leaves once they stop", async () => {
    const { engine, clock, isLoaded } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    for (let count = 0; count < 5; count++) {
      await clock.advance(IDLE - 1);
      await handler.sendEvent(Answer(count));
    }
    await clock.advance(IDLE - 1);
    expect(await isLoaded()).toBe(true);
    await clock.advance(1);
    expect(await isLoaded()).toBe(false);
  });

  test("stays for ever with idleTimeout null, and nothing is set on the clock for it", async () => {
    const { engine, clock, isLoaded } = await open({ asking }, { idleTimeout: null });
    await engine.start("asking", null, { runId: "r" });
    await settle();
    expect(clock.pending).toBe(0);
    await clock.advance(1e9);
    expect(await isLoaded()).toBe(true);
  });

  test("leaves after a minute by default", async () => {
    const clock = new SimulatedClock();
    const engine = await createEngine({ asking }, { journal: new MemoryJournal(), clock });
    await engine.start("asking", null);
    await clock.advance(59_999);
    expect((await engine.listRuns()).runs[0]?.loaded).toBe(true);
    await clock.advance(1);
    expect((await engine.listRuns()).runs[0]?.loaded).toBe(false);
  });

  test.each([-1, Number.NaN])("with idleTimeout %d is refused", async (idleTimeout) => {
    await expect(open({ asking }, { idleTimeout })).rejects.toBeInstanceOf(WorkflowConfigurationError);
  });

  test("is none while a step works or backs off", async () => {
    const busy = defineWorkflow("busy", { timeout: null }).step(
      "work",
      { accepts: StartEvent, emits: StopEvent },
      async () => (await gate().promise, StopEvent()),
    );
    const failing = defineWorkflow("failing", { timeout: null }).step(
      "work",
      { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ delay: 1e9, maximumAttempts: 2 }) },
      () => Promise.reject(new Error("no")),
    );
    const { engine, clock, isLoaded } = await open({ busy, failing });
    await engine.start("busy", null, { runId: "busy" });
    await engine.start("failing", null, { runId: "failing" });
    await clock.advance(IDLE * 10);
    expect([await isLoaded("busy"), await isLoaded("failing")]).toEqual([true, true]);
  });

  test("is written down when it leaves, and nothing is added", async () => {
    const { engine, journal, clock } = await open({ asking });
    const handler = await engine.start("asking", null, { runId: "r" });
    await settle();
    const { sequence } = await handler.snapshot();
    await clock.advance(IDLE);
    expect((await ticksOf(journal)).map((tick) => tick.sequence)).toEqual(
      Array.from({ length: sequence }, (_, index) => index + 1),
    );
  });

  test("has a history that replays to its live state after several releases", async () => {
    const { engine, journal, clock } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    for (let count = 0; count < 3; count++) {
      await clock.advance(IDLE);
      await handler.sendEvent(Answer(count));
    }
    await settle();
    const live = (await engine.stateAt("r")).graph;
    await clock.advance(IDLE);
    expect((await engine.stateAt("r")).graph).toEqual(live);
    expect(graphStatus(replay(initialState(compile(noting).program), await ticksOf(journal)))).toEqual(live);
  });

  test("leaves a snapshot if its history is long, so that it is read from there", async () => {
    const { engine, journal, clock } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    for (let count = 0; count < 100; count++) await handler.sendEvent(Answer(count));
    await settle();
    await clock.advance(IDLE);
    const { length } = await ticksOf(journal);
    expect((await journal.loadSnapshot("r", 1e9))?.sequence).toBe(length);
    // A few ticks later a second one would save nothing.
    await handler.sendEvent(Answer("more"));
    await clock.advance(IDLE);
    expect((await journal.loadSnapshot("r", 1e9))?.sequence).toBe(length);
  });
});

describe("a released run", () => {
  test("does not run steps again that were done, and the one that waits only for its answer", async () => {
    const ran: string[] = [];
    const workflow = defineWorkflow("w", { timeout: null })
      .step("a", { accepts: StartEvent, emits: Note }, () => (ran.push("a"), Note()))
      .step("b", { accepts: Note, emits: StopEvent, waitsFor: Answer }, async (_event, ctx) => {
        ran.push("b");
        return StopEvent((await ctx.waitForEvent(Answer, { timeout: null })).data);
      });
    const { engine, handler, clock } = await released(workflow);
    await engine.stateAt("r");
    await handler.snapshot();
    await clock.advance(IDLE);
    await handler.sendEvent(Answer(1));
    expect([await handler.result(), ran]).toEqual([1, ["a", "b", "b"]]);
  });

  test("keeps the promise of a result that was asked for before, and gives one that is asked for now", async () => {
    const { engine, clock } = await open({ asking });
    const handler = await engine.start("asking", null, { runId: "r" });
    const before = handler.result();
    await clock.advance(IDLE);
    const now = handler.result();
    const elsewhere = engine.result("r");
    expect(await stateOf(before)).toBe("pending");
    await engine.sendEvent("r", Answer(7));
    expect(await Promise.all([before, now, elsewhere, (await engine.attach("r")).result()])).toEqual([7, 7, 7, 7]);
  });

  test("rejects a result that is waited for when it fails after its return", async () => {
    const workflow = defineWorkflow("w", { timeout: null }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
      async (_event, ctx) => {
        await ctx.waitForEvent(Answer, { timeout: null });
        throw new TypeError("bad answer");
      },
    );
    const { engine, clock } = await open({ workflow });
    const handler = await engine.start("workflow", null);
    const failure = failureOf(handler);
    await clock.advance(IDLE);
    await handler.sendEvent(Answer());
    expect(await failure).toMatchObject({ name: "TypeError", message: "bad answer" });
  });

  test("goes on in open streams without a gap or a duplicate, wherever their readers are", async () => {
    const { engine, clock } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    const waiting = readAll(handler.streamEvents());
    const slow = handler.streamEvents();
    for (let round = 0; round < 3; round++) {
      for (const note of ["x", "y"]) await handler.sendEvent(Answer(`${note}${round}`));
      await settle();
      await slow.next();
      await clock.advance(IDLE);
    }
    const opened = readAll(handler.streamEvents({ after: 2 }));
    await handler.sendEvent(Answer("end"));
    const all = ["x0", "y0", "x1", "y1", "x2", "y2", "end"];
    const notes = (events: readonly { data: unknown }[]) => events.slice(0, -1).map(({ data }) => data);
    expect((await waiting).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(notes(await waiting)).toEqual(all);
    expect(notes(await readAll(slow))).toEqual(all.slice(3));
    expect(notes(await opened)).toEqual(all.slice(2));
  });

  test("is not loaded by those who ask for its status, result, published events or past", async () => {
    const { engine, journal, handler, isLoaded } = await released();
    const before = await ticksOf(journal);
    const again = await engine.attach("r");
    expect([again.status, await stateOf(again.result())]).toEqual(["idle", "pending"]);
    expect((await again.streamEvents().next()).value).toMatchObject({ type: "Question", sequence: 1 });
    expect((await engine.stateAt("r")).waiters).toMatchObject([{ type: "Answer" }]);
    await engine.readTicks("r", { from: 1, limit: 10 });
    await engine.exportRun("r");
    expect([await isLoaded(), handler.status]).toEqual([false, "idle"]);
    expect(await ticksOf(journal)).toEqual(before);
  });

  test("tells readers of internal events what happens after its return, and not again that it is idle", async () => {
    const { engine, clock } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    await settle();
    const reading = readAll(handler.streamEvents({ exposeInternal: true }));
    await clock.advance(IDLE);
    await handler.sendEvent(Answer("end"));
    expect(typesOf(await reading)).toEqual(["StepStateChanged", "StepStateChanged", "Note", "StopEvent"]);
  });

  test("can be cancelled", async () => {
    const { handler } = await released();
    const reading = readAll(handler.streamEvents());
    await handler.cancelRun("enough");
    expect(await failureOf(handler)).toBeInstanceOf(WorkflowCancelledByUser);
    expect(typesOf(await reading)).toEqual(["Question", "WorkflowCancelledEvent"]);
  });

  test("refuses what it refuses in memory", async () => {
    const { engine, handler } = await released();
    await expect(handler.sendEvent(Answer(), { step: "nope" })).rejects.toMatchObject({ name: "WorkflowRuntimeError" });
    await expect(engine.sendEvent("r", Answer(), { waiter: 99 })).rejects.toMatchObject({ code: "WAITER_GONE" });
    await handler.sendEvent(Answer(1));
    expect(await handler.result()).toBe(1);
    await expect(handler.sendEvent(Answer())).rejects.toMatchObject({ code: "RUN_ENDED" });
  });

  test("is loaded once by all who ask at once, and takes their events in order", async () => {
    const journal = faulty();
    const { engine, handler } = await released(noting, { journal });
    const reads = () => journal.calls.filter(({ operation }) => operation === "loadSnapshot").length;
    const before = reads();
    const notes = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(
      notes.map((note) => (note % 2 ? handler.sendEvent(Answer(note)) : engine.sendEvent("r", Answer(note)))),
    );
    expect(reads() - before).toBe(1);
    await handler.sendEvent(Answer("end"));
    expect(await handler.result()).toEqual([...notes, "end"]);
  });

  test("takes events in the order in which they were sent, those that come while it is being loaded too", async () => {
    const { handler } = await released(noting, { journal: faulty() });
    const notes = Array.from({ length: 60 }, (_, index) => index);
    const sending: Promise<void>[] = [];
    for (const note of notes) {
      sending.push(handler.sendEvent(Answer(note)));
      await Promise.resolve();
    }
    await Promise.all(sending);
    await handler.sendEvent(Answer("end"));
    expect(await handler.result()).toEqual([...notes, "end"]);
  });

  test("can be deleted: who waits for it is told", async () => {
    const { engine, handler, clock } = await released(twice(1e6));
    const reading = readAll(handler.streamEvents());
    const result = failureOf(handler);
    await engine.deleteRun("r");
    expect(await result).toBeInstanceOf(WorkflowCancelledByUser);
    expect(typesOf(await reading)).toEqual(["WorkflowCancelledEvent"]);
    await expect(engine.attach("r")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
    expect([(await engine.listRuns()).runs, clock.pending]).toEqual([[], 0]);
  });

  test("is gone from a host that closes: results and streams reject, calls are refused, no timer is left", async () => {
    const { engine, handler, clock, journal } = await released(twice(1e6));
    const reading = failureOf({ result: () => readAll(handler.streamEvents()) });
    const result = failureOf(handler);
    await engine.close();
    expect(await result).toBeInstanceOf(EngineUnavailableError);
    expect(await reading).toBeInstanceOf(EngineUnavailableError);
    await expect(handler.sendEvent(Answer())).rejects.toBeInstanceOf(EngineUnavailableError);
    expect(clock.pending).toBe(0);
    const next = await open({ twice: twice(1e6) }, { journal, clock });
    await next.clock.advance(2e6);
    expect(await next.engine.result("r")).toBe("late");
  });
});

describe("an event that comes while a run is being released", () => {
  test.each(["append", "saveSnapshot"] as const)("(it waits for %s) keeps it in memory", async (on) => {
    const hold = gate();
    const journal = faulty();
    const { engine, clock, isLoaded } = await open({ noting }, { journal });
    const handler = await engine.start("noting", null, { runId: "r" });
    for (let count = 0; count < 40; count++) await handler.sendEvent(Answer(count));
    await settle();
    journal.inject({ on, call: 1, hold: hold.promise });
    // A tick of which the disk knows nothing yet, when the time comes.
    const early = on === "append" ? handler.sendEvent(Note()) : Promise.resolve();
    await clock.advance(IDLE);
    const sending = handler.sendEvent(Answer("end"));
    hold.open();
    await Promise.all([early, sending]);
    expect(((await handler.result()) as unknown[]).at(-1)).toBe("end");
    // What is on its way to the journal arrives first.
    await settle();
    expect(await isLoaded()).toBe(false);
    expect((await ticksOf(journal)).some(({ kind }) => kind === "ResumeRun")).toBe(false);
  });

  test("lets it go later if it is idle again", async () => {
    const hold = gate();
    const journal = faulty();
    const { engine, clock, isLoaded } = await open({ noting }, { journal });
    const handler = await engine.start("noting", null, { runId: "r" });
    for (let count = 0; count < 40; count++) await handler.sendEvent(Answer(count));
    await settle();
    journal.inject({ on: "saveSnapshot", call: 1, hold: hold.promise });
    await clock.advance(IDLE);
    await handler.sendEvent(Answer("more"));
    hold.open();
    await clock.advance(IDLE - 1);
    expect(await isLoaded()).toBe(true);
    await clock.advance(1);
    expect(await isLoaded()).toBe(false);
  });

  test("is neither lost nor doubled, at whatever moment of it", async () => {
    for (let turns = 0; turns < 40; turns++) {
      const clock = new RingingClock();
      const { engine } = await open({ noting }, { journal: faulty(), clock });
      const handler = await engine.start("noting", null, { runId: "r" });
      const reading = readAll(handler.streamEvents());
      await settle();
      const sent = gate<Promise<unknown>>();
      const send = async (): Promise<void> => {
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        sent.open(Promise.all([handler.sendEvent(Answer("one")), handler.sendEvent(Answer("end"))]));
      };
      clock.onRing = () => void send();
      await clock.advance(IDLE);
      await sent.promise;
      expect(await handler.result()).toEqual(["one", "end"]);
      expect((await reading).map(({ data }) => data)).toEqual(["one", "end", ["one", "end"]]);
      await engine.close();
    }
  });
});

describe("a release that storage disturbs", () => {
  test("without its snapshot still takes place", async () => {
    const journal = faulty({ on: "saveSnapshot", fail: new Error("quota") });
    const { engine, clock, isLoaded } = await open({ noting }, { journal });
    const handler = await engine.start("noting", null, { runId: "r" });
    for (let count = 0; count < 40; count++) await handler.sendEvent(Answer(count));
    await settle();
    await clock.advance(IDLE);
    expect(await isLoaded()).toBe(false);
    await handler.sendEvent(Answer("end"));
    expect(((await handler.result()) as unknown[]).length).toBe(41);
  });

  test("does not take place without its ticks: the run is paused and says why", async () => {
    const hold = gate();
    const journal = faulty();
    const { engine, clock, row } = await open({ noting }, { journal });
    const handler = await engine.start("noting", null, { runId: "r" });
    await settle();
    journal.inject({ on: "append", call: 1, hold: hold.promise, fail: new Error("disk full") });
    const sending = failureOf({ result: () => handler.sendEvent(Note()) });
    await clock.advance(IDLE);
    hold.open();
    expect(String(await sending)).toContain("could not be written");
    expect(await row()).toMatchObject({ loaded: true, pausedBecause: expect.stringContaining("could not be written") });
    expect(clock.pending).toBe(0);
  });

  test("a run that cannot be read tells who asks, and is read when it can be", async () => {
    const journal = faulty();
    const { handler, row } = await released(asking, { journal });
    const failure = new Error("not now");
    journal.inject({ on: "loadSnapshot", call: 1, fail: failure });
    await expect(handler.sendEvent(Answer(1))).rejects.toBe(failure);
    expect(await row()).toMatchObject({ loaded: false, pausedBecause: "not now" });
    await handler.sendEvent(Answer(2));
    expect(await handler.result()).toBe(2);
  });

  test("a timer whose run cannot be read is tried again", async () => {
    const journal = faulty();
    const { engine, clock } = await released(twice(5000), { journal });
    journal.inject({ on: "loadSnapshot", call: 1, fail: new Error("not now") });
    await clock.advance(60_000);
    expect(await engine.result("r")).toBe("late");
  });
});

describe("timers of released runs", () => {
  test("fire when they are due, once", async () => {
    const { handler, clock, isLoaded } = await released(twice(5000));
    const seen: [unknown, number][] = [];
    const start = clock.now() - IDLE;
    const reading = (async () => {
      for await (const { data, at } of handler.streamEvents()) seen.push([data, at - start]);
    })();
    await clock.advance(5000 - IDLE - 1);
    expect(await isLoaded()).toBe(false);
    await clock.advance(1);
    expect(await isLoaded()).toBe(true);
    await clock.advance(IDLE);
    expect(await isLoaded()).toBe(false);
    await clock.advance(5000);
    expect(await handler.result()).toBe("late");
    await reading;
    expect(seen).toEqual([
      ["one", 10_000],
      ["two", 10_000],
      ["late", 10_000],
    ]);
    expect(clock.pending).toBe(0);
  });

  test("share one timer of the clock", async () => {
    const { engine, clock } = await open({ twice: twice(1e6) });
    for (let run = 0; run < 50; run++) {
      await engine.start("twice", null);
      await clock.advance(10);
    }
    await clock.advance(IDLE);
    expect(clock.pending).toBe(1);
    await clock.advance(4e6);
    const { runs } = await engine.listRuns({ status: "completed" });
    expect([runs.length, clock.pending]).toEqual([50, 0]);
  });

  test("fire for those that are due when the machine wakes from sleep, and leave the others alone", async () => {
    const { engine, clock, isLoaded } = await open({ asking, short: twice(5000) });
    await engine.start("short", null, { runId: "r" });
    await engine.start("asking", null, { runId: "other" });
    await clock.advance(IDLE);
    clock.jumpTo(clock.now() + 1e7);
    engine.wake();
    await settle();
    expect([await isLoaded(), await isLoaded("other")]).toEqual([true, false]);
    clock.jumpTo(clock.now() + 1e7);
    engine.wake();
    expect(await engine.result("r")).toBe("late");
  });

  test("that are taken back by an answer do not fire", async () => {
    const workflow = defineWorkflow("w", { timeout: null }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
      async (_event, ctx) => {
        await ctx.waitForEvent(Answer, { waiterId: "one", timeout: 5000 });
        return StopEvent((await ctx.waitForEvent(Answer, { waiterId: "two", timeout: null })).data);
      },
    );
    const { handler, clock, isLoaded } = await released(workflow);
    await handler.sendEvent(Answer("one"));
    await clock.advance(IDLE);
    expect([await isLoaded(), clock.pending]).toEqual([false, 0]);
    await clock.advance(1e6);
    await handler.sendEvent(Answer("two"));
    expect(await handler.result()).toBe("two");
  });
});

describe("the time limit", () => {
  const limited = (timeout: number) =>
    defineWorkflow("limited", { timeout }).step(
      "ask",
      { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
      async (_event, ctx) => {
        await ctx.waitForEvent(Answer, { waiterId: "one", timeout: null });
        return StopEvent((await ctx.waitForEvent(Answer, { waiterId: "two", timeout: null })).data);
      },
    );

  test("stands still while a run is released, and counts all the time it is loaded", async () => {
    const { handler, clock, isLoaded } = await released(limited(1500));
    await clock.advance(1e6);
    expect(await isLoaded()).toBe(false);
    await handler.sendEvent(Answer("one"));
    await clock.advance(499);
    expect(handler.status).toBe("idle");
    await clock.advance(1);
    expect(await failureOf(handler)).toBeInstanceOf(WorkflowTimeoutError);
  });

  test("that ends at the moment of the release ends the run", async () => {
    const { engine, clock } = await open({ limited: limited(IDLE) });
    const handler = await engine.start("limited", null);
    await clock.advance(IDLE);
    expect(await failureOf(handler)).toBeInstanceOf(WorkflowTimeoutError);
    expect(clock.pending).toBe(0);
  });
});

describe("resources of a released run", () => {
  function withConnection() {
    const made: string[] = [];
    const leaving = gate();
    const workflow = defineWorkflow("w", {
      timeout: null,
      resources: {
        connection: resource(() => (made.push("made"), { id: made.length }), {
          dispose: async () => {
            made.push("leaves");
            await leaving.promise;
            made.push("left");
          },
        }),
      },
    }).step("a", { accepts: StartEvent, emits: StopEvent, waitsFor: Answer }, async (_event, ctx) => {
      const { connection } = ctx.resources;
      return StopEvent([(await ctx.waitForEvent(Answer, { timeout: null })).data, connection.id > 0]);
    });
    return { workflow, made, leaving };
  }

  test("are disposed of, and made again once the old ones have left", async () => {
    const { workflow, made, leaving } = withConnection();
    const { handler } = await released(workflow);
    expect(made).toEqual(["made", "leaves"]);
    const sending = handler.sendEvent(Answer(1));
    expect(await stateOf(sending)).toBe("pending");
    leaving.open();
    await sending;
    expect(await handler.result()).toEqual([1, true]);
    expect(made).toEqual(["made", "leaves", "left", "made", "leaves", "left"]);
  });
});

describe("inspectors", () => {
  async function watched(runId: string) {
    const opened = await open({ asking });
    const batches: InspectionBatch[] = [];
    const handler = await opened.engine.start("asking", null, { runId: "r" });
    const unsubscribe = opened.engine.inspect(runId, (batch) => batches.push(batch));
    const rows = async () => {
      for (let turn = 0; turn < 20; turn++) await settle();
      return batches.flatMap(({ runs }) => runs);
    };
    return { ...opened, handler, batches, rows, unsubscribe };
  }

  test("are told when a run is released and when it is back", async () => {
    const { clock, engine, rows, handler } = await watched("*");
    await rows();
    await clock.advance(IDLE);
    expect((await rows()).at(-1)).toMatchObject({ runId: "r", status: "idle", loaded: false });
    await handler.snapshot();
    expect((await rows()).at(-1)).toMatchObject({ runId: "r", status: "idle", loaded: true });
    await engine.close();
  });

  test.each([
    ["the engine that had it", false],
    ["another engine", true],
  ])("are told at once by %s that a run cannot be taken up, and that it can again", async (_, isOther) => {
    const journal = faulty();
    const first = await released(asking, { journal });
    const { engine } = isOther ? await open({ asking }, { journal, clock: first.clock }) : first;
    const rows: RunSummary[] = [];
    engine.inspect("*", ({ runs }) => rows.push(...runs));
    const newest = async () => {
      for (let turn = 0; turn < 20; turn++) await settle();
      return rows.at(-1);
    };
    journal.inject({ on: "read", runId: "r", fail: new Error("not now"), call: 1 });
    await expect(engine.cancelRun("r")).rejects.toThrow("not now");
    expect(await newest()).toMatchObject({ runId: "r", loaded: false, pausedBecause: "not now" });
    await engine.resumeRun("r");
    expect(await newest()).not.toHaveProperty("pausedBecause");
  });

  test("bring a run back by watching it live", async () => {
    const { engine, isLoaded, clock } = await released();
    const news: InspectionBatch[] = [];
    engine.inspect("r", (batch) => news.push(batch));
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(await isLoaded()).toBe(true);
    expect(news.at(-1)?.run).toMatchObject({ runId: "r", graph: { status: "idle" } });
    await clock.advance(IDLE);
    expect(await isLoaded()).toBe(false);
  });
});

describe("a thousand idle runs", () => {
  test("are released, and each gets its answer", async () => {
    const { engine, clock } = await open({ asking });
    const handlers = await Promise.all(Array.from({ length: 1000 }, (_, run) => engine.start("asking", run)));
    const results = handlers.map((handler) => handler.result());
    await clock.advance(IDLE);
    await settle();
    const { runs } = await engine.listRuns({ limit: 2000 });
    expect([runs.length, runs.filter(({ loaded }) => loaded).length, clock.pending]).toEqual([1000, 0, 0]);
    await Promise.all(handlers.map((handler, run) => handler.sendEvent(Answer(run))));
    expect(await Promise.all(results)).toEqual(Array.from({ length: 1000 }, (_, run) => run));
  });
});
