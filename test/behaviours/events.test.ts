import {
  defineWorkflow,
  resume,
  run,
  StartEvent,
  StopEvent,
  WorkflowCancelledEvent,
  WorkflowFailedEvent,
  WorkflowTimedOutEvent,
} from "tickwork";
import { settle } from "tickwork/testing";
import { expect, test } from "vitest";
import { decodeError, encodeError } from "../../src/serialize/error-codec.ts";
import { Answer, gate, readAll, simulated, single, throughJson } from "../engine/fixtures.ts";

test("the events that end a run otherwise are stop events and survive JSON with their fields (46)", async () => {
  const { clock, runtime } = simulated();
  const handlers = [
    run(
      single(() => Promise.reject(new TypeError("no"))),
      null,
      { runtime },
    ),
    run(
      single(() => gate().promise),
      null,
      { runtime },
    ),
    run(
      single(() => gate().promise, { timeout: 50 }),
      null,
      { runtime },
    ),
  ];
  await handlers[1]!.cancelRun("why");
  await clock.advance(50);
  const events = await Promise.all(handlers.map(async (handler) => (await readAll(handler.streamEvents())).at(-1)));
  expect(throughJson(events)).toMatchObject([
    { type: "WorkflowFailedEvent", data: { step: "step", error: { name: "TypeError", message: "no" } } },
    { type: "WorkflowCancelledEvent", data: { reason: "why" } },
    { type: "WorkflowTimedOutEvent", data: { timeout: 50, activeSteps: ["step"] } },
  ]);
  const kinds = [WorkflowFailedEvent, WorkflowCancelledEvent, WorkflowTimedOutEvent];
  expect(kinds.map((kind, index) => [kind.role, kind.is(events[index])])).toEqual(kinds.map(() => ["stop", true]));
});

test("an error of an unknown class travels again and again without changing (48)", () => {
  class Odd extends Error {
    override name = "Odd";
    readonly first: number;
    readonly second: number;
    constructor(first: number, second: number) {
      super("two arguments");
      this.first = first;
      this.second = second;
    }
  }
  const once = throughJson(encodeError(new Odd(1, 2)));
  const twice = throughJson(encodeError(decodeError(once)));
  expect(twice).toEqual(once);
  expect(decodeError(twice)).toMatchObject({ name: "Odd", message: "two arguments", first: 1, second: 2 });
});

test("kinds are found by their names, wherever they were defined (C-53)", async () => {
  const make = () =>
    defineWorkflow("local", { timeout: null }).step(
      "ask",
      { accepts: StartEvent, emits: StopEvent },
      async (event, ctx) => StopEvent([event.data, (await ctx.waitForEvent(Answer)).data]),
    );
  const first = run(make(), "input");
  await settle();
  const later = resume(make(), throughJson(await first.snapshot()));
  await later.sendEvent(Answer("given"));
  expect(await later.result()).toEqual(["input", "given"]);
});

test("a stop event that a step sends ends the run, and what it does after that is ignored (C-52)", async () => {
  const workflow = defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, (_event, ctx) => {
    ctx.sendEvent(StopEvent("sent"));
    return StopEvent("returned");
  });
  expect(await run(workflow).result()).toBe("sent");
});
