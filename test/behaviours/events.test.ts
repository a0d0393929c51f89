import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  listOf,
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

const Item = defineEvent("Item");

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

test("the event of a failure tells the attempts, and milliseconds from the first to the last, saved and resumed too (46)", async () => {
  const { clock, runtime } = simulated();
  const workflow = single(
    () => Promise.reject(new Error("no")),
    {},
    { retryPolicy: constantDelay({ maximumAttempts: 3, delay: 500 }) },
  );
  const first = run(workflow, null, { runtime });
  await clock.advance(600);
  const saved = throughJson(await first.snapshot());
  const later = resume(workflow, saved, { runtime });
  const reading = [first, later].map((handler) => readAll(handler.streamEvents()));
  await clock.advance(1000);
  for (const events of await Promise.all(reading)) {
    const end = events.at(-1);
    expect(end?.data).toMatchObject({ step: "step", attempts: 3, elapsed: 1000, error: { message: "no" } });
    expect(throughJson(end)).toEqual(end);
  }
  expect((await later.snapshot()).outcome).toMatchObject({ kind: "failed", attempts: 3, elapsed: 1000 });
  // Taken up once more, it goes on counting.
  const again = resume(workflow, throughJson(await later.snapshot()), { runtime });
  await clock.advance(0);
  expect((await readAll(again.streamEvents())).at(-1)?.data).toMatchObject({ attempts: 4, elapsed: 1600 });
});

test("the event of a failure that was no step's tells neither (46)", async () => {
  const workflow = defineWorkflow("w")
    .step("split", { accepts: StartEvent, emits: [listOf(Item), Item] }, (_event, ctx) => {
      ctx.sendEvent(Item(), { step: "join" });
      return [Item()];
    })
    .step("join", { accepts: listOf(Item), emits: StopEvent }, () => StopEvent());
  const events = await readAll(run(workflow).streamEvents());
  expect(Object.keys(events.at(-1)?.data as object)).toEqual(["error"]);
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
