/** What becomes of a run when the engine itself is broken. The reducer is made to throw at one event. */
import { run, type BrokerState, type Tick } from "tickwork";
import { settle } from "tickwork/testing";
import { expect, test, vi } from "vitest";
import { failureOf, gate, readAll, simulated, single, typesOf } from "../engine/fixtures.ts";

vi.mock("../../src/core/reduce.ts", async (original) => {
  const real = await original<{ reduce(state: BrokerState, tick: Tick): unknown }>();
  return {
    ...real,
    reduce(state: BrokerState, tick: Tick) {
      if (tick.kind === "AddEvent" && tick.event.type === "Poison") throw new RangeError("a fault of the engine");
      return real.reduce(state, tick);
    },
  };
});

test("an error of the reducer ends the run, its steps and every reader with one last event (G9, C-31)", async () => {
  const { clock, runtime } = simulated();
  let signal: AbortSignal | undefined;
  const handler = run(
    single((ctx) => (({ signal } = ctx), gate().promise)),
    null,
    { runtime },
  );
  const readers = [readAll(handler.streamEvents()), readAll(handler.streamEvents())];
  await settle();
  await handler.sendEvent({ type: "Poison", data: null });
  expect(await failureOf(handler)).toMatchObject({
    code: "REDUCER_FAILED",
    cause: { message: "a fault of the engine" },
  });
  expect((await Promise.all(readers)).map(typesOf)).toEqual([["WorkflowFailedEvent"], ["WorkflowFailedEvent"]]);
  expect([handler.status, signal?.aborted, clock.pending]).toEqual(["failed", true, 0]);
});
