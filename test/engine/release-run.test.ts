/** What happens while a run leaves memory. */
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, failureOf, gate, readAll } from "./fixtures.ts";
import { asking, faulty, IDLE, Note, noting, open, released, RingingClock, ticksOf, twice } from "./idle-fixtures.ts";

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
