/** Whatever is done to a run, and whenever: leaving memory in between changes nothing that can be seen of it. */
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  StartEvent,
  StopEvent,
  type PublishedEvent,
} from "tickwork";
import { createEngine, FaultInjectingJournal, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Answer } from "./fixtures.ts";

const Ping = humanResponseEvent("Ping");
const Note = defineEvent("Note");

/** Three answers, each awaited for two seconds, then the end; pings are counted meanwhile, every third at the second try. */
const chat = defineWorkflow("chat", { timeout: null })
  .step("ask", { accepts: StartEvent, emits: StopEvent, waitsFor: Answer, numWorkers: 1 }, async (_event, ctx) => {
    const answers: unknown[] = [];
    for (const waiterId of ["one", "two", "three"]) {
      const answer = await ctx.waitForEvent(Answer, { waiterId, timeout: 2000 }).catch(() => null);
      answers.push(answer ? answer.data : "late");
    }
    return StopEvent({ answers: answers as string[], pings: (await ctx.store.get("pings", 0)) as number });
  })
  .step(
    "count",
    {
      accepts: Ping,
      emits: StopEvent,
      numWorkers: 1,
      retryPolicy: constantDelay({ delay: 700, maximumAttempts: 2 }),
      skipGraphChecks: ["deadEnd"],
    },
    async ({ data }, ctx) => {
      const attempt = ctx.retryInfo().attempt;
      if (Number(data) % 3 === 0 && attempt === 0) throw new Error("at the second try");
      await ctx.store.set("pings", ((await ctx.store.get("pings", 0)) as number) + 1);
      ctx.writeEventToStream(Note({ ping: data as number, attempt }));
    },
  );

type Action =
  | { readonly do: "ping" | "answer" | "read" | "open" | "look" }
  | { readonly do: "burst"; readonly count: number }
  | { readonly do: "pass"; readonly time: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), time: fc.integer({ min: 1, max: 1500 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("ping" as const, "answer" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("read" as const, "open" as const, "look" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("burst" as const), count: fc.integer({ min: 2, max: 5 }) }) },
);

/** What one host shows of the run. */
async function play(actions: readonly Action[], idle: number, isLetGo: boolean, durable: boolean) {
  const clock = new SimulatedClock();
  const journal = new FaultInjectingJournal(new MemoryJournal(), { durable });
  const engine = await createEngine({ chat }, { journal, clock }, { idleTimeout: isLetGo ? idle : null });
  let handler = await engine.start("chat", null, { runId: "r" });
  const result = handler.result().catch((error: unknown) => String(error));
  const readers: AsyncIterator<PublishedEvent>[] = [];
  const seen: unknown[] = [];
  /** Each is answered some time: all streams end. */
  const reads: Promise<unknown>[] = [];
  const refused: string[] = [];
  let number = 0;
  const send = (kind: typeof Ping | typeof Answer): Promise<void> =>
    engine.sendEvent("r", kind(number++)).catch((error: unknown) => void refused.push(`${number}: ${String(error)}`));
  for (const { do: what, ...how } of actions) {
    if (what === "ping") await send(Ping);
    else if (what === "answer") await send(Answer);
    else if (what === "open") readers.push(handler.streamEvents({ after: number % 2 }));
    else if (what === "read") {
      if (readers.length === 0) readers.push(handler.streamEvents());
      reads.push(
        readers
          .at(-1)!
          .next()
          .then(({ value }): unknown => value),
      );
    } else if (what === "look") {
      handler = await engine.attach("r");
      seen.push([handler.status, (await engine.stateAt("r")).store, (await handler.snapshot()).store]);
    } else if (what === "burst") {
      // At the moment at which it may be leaving.
      const passing = clock.advance(idle);
      await Promise.all(Array.from({ length: (how as { count: number }).count }, () => send(Ping)));
      await passing;
    } else await clock.advance((how as { time: number }).time);
    await settle();
  }
  await clock.advance(10_000);
  readers.push(handler.streamEvents());
  const streams: unknown[] = [];
  for (const reader of readers) {
    const events: unknown[] = [];
    for (let next = await reader.next(); !next.done; next = await reader.next()) events.push(next.value);
    streams.push(events);
  }
  const { status } = handler;
  const releases = journal.calls.filter(({ operation }) => operation === "loadSnapshot").length;
  await engine.close();
  return {
    shown: {
      result: await result,
      status,
      streams,
      reads: await Promise.all(reads),
      seen,
      refused,
      pending: clock.pending,
    },
    releases,
  };
}

test("a host that lets idle runs go shows of a run what one shows that keeps it", { timeout: 120_000 }, async () => {
  let releases = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { maxLength: 14 }),
      fc.constantFrom(0, 1, 300, 1000),
      fc.boolean(),
      async (actions, idleTimeout, durable) => {
        const kept = await play(actions, idleTimeout, false, durable);
        const letGo = await play(actions, idleTimeout, true, durable);
        expect(letGo.shown).toEqual(kept.shown);
        releases += letGo.releases;
      },
    ),
    { numRuns: 60 },
  );
  // Or it would prove nothing.
  expect(releases).toBeGreaterThan(60);
});
