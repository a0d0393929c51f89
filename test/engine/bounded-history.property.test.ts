/** Whatever happens to a run: keeping only its newest ticks changes nothing but where its history begins. */
import { defineWorkflow, humanResponseEvent, defineEvent, StartEvent, StopEvent } from "tickwork";
import { createEngine, FaultInjectingJournal, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Answer } from "./fixtures.ts";

const Ping = humanResponseEvent("Ping");
const Note = defineEvent("Note");

/** Collects pings by fours, keeps the odd ones in its state, and ends with the second answer. */
const collecting = (keepTicks?: number) =>
  defineWorkflow("collecting", { timeout: null, ...(keepTicks !== undefined && { history: { keepTicks } }) })
    .step("ask", { accepts: StartEvent, emits: StopEvent, waitsFor: Answer }, async (_event, ctx) => {
      const first = await ctx.waitForEvent(Answer, { waiterId: "first", timeout: null });
      const second = await ctx.waitForEvent(Answer, { waiterId: "second", timeout: null });
      return StopEvent([first.data, second.data, await ctx.store.get("sets", [])]);
    })
    .step(
      "collect",
      { accepts: Ping, emits: [], numWorkers: 2, skipGraphChecks: ["deadEnd", "terminalEvent"] },
      async (event, ctx) => {
        const set = ctx.collectEvents(event, [Ping, Ping, Ping, Ping]);
        ctx.writeEventToStream(Note(event.data));
        if (!set) return;
        const sets = (await ctx.store.get("sets", [])) as unknown[];
        await ctx.store.set("sets", [...sets.slice(-3), set.map(({ data }) => data)]);
      },
    );

type Action =
  | { readonly do: "ping"; readonly count: number }
  | { readonly do: "pass" | "crash" | "answer"; readonly count: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("ping" as const), count: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), count: fc.integer({ min: 50, max: 300 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("crash" as const, "answer" as const), count: fc.constant(1) }),
  },
);

async function play(actions: readonly Action[], keepTicks?: number) {
  const inner = new MemoryJournal();
  const clock = new SimulatedClock();
  let journal = new FaultInjectingJournal(inner, { durable: true, clock });
  const open = () => createEngine({ collecting: collecting(keepTicks) }, { journal, clock }, { idleTimeout: 100 });
  let engine = await open();
  await engine.start("collecting", null, { runId: "r" });
  let sent = 0;
  for (const { do: what, count } of actions) {
    if (what === "ping") {
      for (let n = 0; n < count; n++) {
        await engine.sendEvent("r", Ping(sent++)).catch(() => undefined);
        // One after the other: which of two at once is done first is left to chance.
        await settle();
      }
    } else if (what === "pass") await clock.advance(count);
    else if (what === "answer") await engine.sendEvent("r", Answer(sent++)).catch(() => undefined);
    else {
      await settle();
      journal.crash();
      await engine.close();
      journal = new FaultInjectingJournal(inner, { durable: true, clock });
      engine = await open();
    }
    await settle();
  }
  for (const data of ["a", "b"]) await engine.sendEvent("r", Answer(data)).catch(() => undefined);
  const result = await engine.result("r");
  const published: unknown[] = [];
  for await (const event of (await engine.attach("r")).streamEvents()) published.push(event);
  const record = (await inner.getRun("r"))!;
  return { engine, result, published, record };
}

test("the same ticks, states, results and streams from where its history begins", async () => {
  let cuts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 5, maxLength: 10 }),
      fc.integer({ min: 0, max: 80 }),
      async (actions, keepTicks) => {
        const [whole, cut] = [await play(actions), await play(actions, keepTicks)];
        const { sequence, historyFrom: from = 1 } = cut.record;
        if (from > 1) cuts += 1;
        expect(cut.result).toEqual(whole.result);
        expect(sequence).toBe(whole.record.sequence);
        expect(cut.published).toEqual(whole.published.slice(whole.published.length - cut.published.length));
        const range = { from, limit: 2_000 };
        expect((await cut.engine.readTicks("r", range)).ticks).toEqual(
          (await whole.engine.readTicks("r", range)).ticks,
        );
        for (const asked of new Set([from - 1, from, Math.floor((from + sequence) / 2), sequence])) {
          const [found, expected] = [await cut.engine.stateAt("r", asked), await whole.engine.stateAt("r", asked)];
          // What the tick itself changed is not told of the state before the first.
          expect({ ...found, storeChanges: [] }).toEqual({ ...expected, storeChanges: [] });
        }
      },
    ),
    { numRuns: 15 },
  );
  // It is about something.
  expect(cuts).toBeGreaterThan(0);
});
