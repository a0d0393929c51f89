/** Whatever a page asks: a reply, and one that says no with an error of ours, as data. */
import fc from "fast-check";
import { createEngine, MemoryJournal, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { createWorkerApi } from "../../src/runtimes/browser/worker-api.ts";
import { decodeToError } from "../../src/serialize/error-codec.ts";
import type { Reply } from "../../src/runtimes/browser/protocol.ts";
import { histories } from "../histories/workflows.ts";
import { anything, assertUnpolluted, named } from "../serialize/hostile.ts";

/** A port is no data: Comlink brings one or nothing. These end the engine, or wait for as long as a run goes on. */
const OTHERS = new Set(["inspect", "close", "result", "nextEvents"]);

test("every call with any arguments", { timeout: 60_000 }, async () => {
  const clock = new SimulatedClock();
  const host = await createEngine(
    { chain: histories["chain"]?.workflow as never },
    { journal: new MemoryJournal(), clock },
  );
  await (await host.start("chain", null, { runId: "r" })).result();
  const api = createWorkerApi(() => Promise.resolve(host)).api as unknown as Record<
    string,
    (...args: unknown[]) => Promise<Reply<unknown>>
  >;
  const calls = Object.keys(api).filter((name) => !OTHERS.has(name));
  const argument = fc.oneof(anything, fc.constantFrom<unknown>("r", "chain", "*", undefined));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...calls), fc.array(argument, { maxLength: 3 }), async (name, args) => {
      const reply = await api[name]?.(...structuredClone(args));
      expect(() => JSON.stringify(reply)).not.toThrow();
      if (reply && !reply.ok) named(decodeToError(reply.error));
      assertUnpolluted();
    }),
    { numRuns: 1_500 },
  );
  await host.close();
});

test("data with a tag that nobody knows", async () => {
  const host = await createEngine({}, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  const { api } = createWorkerApi(() => Promise.resolve(host));
  const unknown = { $tickwork: "Nope" };
  for (const reply of [
    await api.startRun("w", unknown, {}),
    await api.sendEvent("r", { type: "T", data: unknown }, {}),
  ]) {
    expect(reply).toMatchObject({ ok: false, error: { code: "CALL_INVALID" } });
  }
  await host.close();
});
