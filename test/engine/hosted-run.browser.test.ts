/** Idle runs leave memory and come back, from a real IndexedDB. */
import { defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { Answer, readAll } from "./fixtures.ts";

const Note = defineEvent("Note");
const asking = defineWorkflow("asking", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
  async ({ data }, ctx) => {
    ctx.writeEventToStream(Note(data));
    return StopEvent((await ctx.waitForEvent(Answer, { timeout: 5_000_000 })).data);
  },
);

test("runs released to IndexedDB get their answers, also in the next engine", async () => {
  const name = `test-${crypto.randomUUID()}`;
  const clock = new SimulatedClock();
  const open = async () => {
    const journal = await IndexedDbJournal.open(name);
    const engine = await createEngine({ asking }, { journal, clock }, { idleTimeout: 1000 });
    const isLoaded = async () => (await engine.listRuns()).runs.map(({ loaded, status }) => [loaded, status]);
    return { engine, isLoaded };
  };
  const first = await open();
  const [one, two] = [await first.engine.start("asking", 1), await first.engine.start("asking", 2)];
  const reading = readAll(one.streamEvents());
  // Every tick on disk: a release waits for nothing then.
  await expect.poll(async () => (await first.isLoaded()).every(([, status]) => status === "idle")).toBe(true);
  await clock.advance(1000);
  const released = [false, "idle"];
  await expect.poll(first.isLoaded).toEqual([released, released]);

  const results = Promise.all([one.result(), one.sendEvent(Answer("first"))]);
  expect((await results)[0]).toBe("first");
  expect((await reading).map(({ type, sequence }) => [type, sequence])).toEqual([
    ["Note", 1],
    ["StopEvent", 2],
  ]);
  await first.engine.close();

  const second = await open();
  expect(await second.isLoaded()).toContainEqual(released);
  expect(clock.pending).toBe(1);
  await second.engine.sendEvent(two.runId, Answer("second"));
  expect(await second.engine.result(two.runId)).toBe("second");
  await second.engine.close();
  indexedDB.deleteDatabase(name);
});
