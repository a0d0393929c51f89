/** Whatever is resumed: a run that can be sent to and cancelled, or a named error. */
import fc from "fast-check";
import { resume } from "tickwork";
import { settle, SimulatedClock } from "tickwork/testing";
import { test } from "vitest";
import type { SerializedContext } from "../../src/serialize/serialized-context.ts";
import { answers, histories } from "../histories/workflows.ts";
import { anyObject, assertUnpolluted, changes, mutated, named, recordings } from "../serialize/hostile.ts";

const contexts = recordings.flatMap(({ name, contexts: saved }) => saved.map(({ context }) => ({ name, context })));
const hooks = [{ onTick: () => undefined, onProblem: () => undefined }];

async function carryOn(name: string, saved: unknown): Promise<void> {
  const clock = new SimulatedClock(2e12);
  try {
    const handler = resume(histories[name]?.workflow as never, saved as SerializedContext, {
      runtime: { clock, journal: null, hooks },
    });
    handler.result().catch(() => undefined);
    await settle();
    await handler.sendEvent(answers["gate"] as never).catch(named);
    for (let hop = 0; hop < 3 && clock.nextDue !== null; hop++) await clock.advanceTo(clock.nextDue);
    await handler.snapshot();
    await handler.cancelRun();
    await settle();
  } catch (error) {
    named(error);
  } finally {
    assertUnpolluted();
  }
}

test("anything at all", async () => {
  await fc.assert(
    fc.asyncProperty(anyObject, (saved) => carryOn("chain", saved)),
    { numRuns: 300 },
  );
});

test("real snapshots with something changed", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...contexts), changes, ({ name, context }, made) =>
      carryOn(name, mutated(context, made)),
    ),
    { numRuns: 1_500 },
  );
});
