// #region workflow
import { z } from "zod";
import {
  constantDelay,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  resource,
  run,
  startEvent,
  stopEvent,
} from "tickwork";
import {
  attemptsOf,
  crashEverywhere,
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  replayRunFile,
  runToEnd,
  SimulatedClock,
  stepsRun,
} from "tickwork/testing";

const Book = startEvent("Book", z.object({ seats: z.number() }));
const Confirm = inputRequiredEvent("Confirm", z.object({ seats: z.number() }));
const Confirmed = humanResponseEvent("Confirmed", z.object({ ok: z.boolean() }));
const Booked = stopEvent("Booked", z.object({ ok: z.boolean() }));

const booking = defineWorkflow("booking", { timeout: null }).step(
  "book",
  {
    accepts: Book,
    emits: Booked,
    waitsFor: Confirmed,
    retryPolicy: constantDelay({ delay: 60_000 }),
  },
  async ({ data: { seats } }, ctx) => {
    if (ctx.retryInfo().attempt === 0) throw new Error("the booking system is busy");
    const { data } = await ctx.waitForEvent(Confirmed, {
      waiterEvent: Confirm({ seats }),
      timeout: null,
    });
    return Booked({ ok: data.ok });
  },
);
// #endregion

// #region to-end
const finished = await runToEnd(
  booking,
  { seats: 2 },
  {
    journal: new MemoryJournal(),
    answer: (event) => (Confirm.is(event) ? Confirmed({ ok: true }) : undefined),
  },
);
console.log(finished.status, finished.result);
console.log(
  finished.events.map(({ type }) => type),
  stepsRun(finished.ticks),
);
console.log(attemptsOf(finished.ticks, "book")[0]?.outcomes);
// #endregion

// #region fakes
interface Hall {
  free(): Promise<number>;
}

const hall = resource((): Hall => {
  throw new Error("a test must not ask the real hall");
});

const looking = defineWorkflow("looking", { resources: { hall } }).step(
  "look",
  { accepts: Book, emits: Booked },
  async ({ data }, ctx) => Booked({ ok: (await ctx.resources.hall.free()) >= data.seats }),
);

const looked = await runToEnd(
  looking,
  { seats: 2 },
  { journal: new MemoryJournal(), resources: { hall: { free: async () => 3 } } },
);
console.log(looked.result);
// #endregion

// #region clock
const clock = new SimulatedClock();
const handler = run(booking, { seats: 2 }, { runtime: { clock, journal: null } });
await clock.advance(59_999);
console.log(handler.status);
await clock.advance(1); // the retry begins, and asks
console.log(handler.status);
await handler.sendEvent(Confirmed({ ok: false }));
console.log(await handler.result());
// #endregion

// #region faults
const journal = new FaultInjectingJournal(new MemoryJournal(), {
  durable: true,
  faults: [{ on: "append", call: 1, fail: new Error("disk full") }],
});
const broken = run(
  booking,
  { seats: 2 },
  { runtime: { clock: new SimulatedClock(), journal } },
);
await broken.result().catch((error) => console.log(error.name, "-", error.cause.message));
// #endregion

// #region crashes
const report = await crashEverywhere(
  booking,
  { seats: 2 },
  { answer: (event) => (Confirm.is(event) ? Confirmed({ ok: true }) : undefined) },
);
console.log(report.trials > 10, report.differences);
// #endregion

// #region replay
const engine = await createEngine({ booking }, { journal: new MemoryJournal() });
const recorded = await engine.start("booking", { seats: 2 });
await recorded.cancelRun();
const file = await engine.exportRun(recorded.runId);
await engine.close();

const changed = defineWorkflow("booking", { version: "2" }).step(
  "reserve", // was: book
  { accepts: Book, emits: Booked },
  () => Booked({ ok: true }),
);
for (const difference of replayRunFile(file, changed).differences.slice(0, 2)) {
  console.log(difference.kind, "-", difference.message);
}
// #endregion
