import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { DurableJournal } from "./durable-journal.ts";
import { Answer, failureOf, gate, stateOf } from "./fixtures.ts";
import { A, asking, many, open } from "./host-fixtures.ts";

describe("output commit", () => {
  test("nothing is published and no result given before its ticks are durable", async () => {
    const journal = new DurableJournal();
    const { engine } = await open({ asking: asking() }, journal);
    const handler = await engine.start("asking", null);
    await settle();
    journal.hold();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const event of handler.streamEvents({ after: 1 })) seen.push(event.type);
    })();
    const sending = handler.sendEvent(Answer(1));
    expect([await stateOf(sending), await stateOf(handler.result()), seen]).toEqual(["pending", "pending", []]);
    journal.release();
    await reading;
    expect([await handler.result(), seen]).toEqual([1, ["StopEvent"]]);
    await sending;
  });

  test("a cancel is confirmed when it is durable", async () => {
    const journal = new DurableJournal();
    const { engine } = await open({ asking: asking() }, journal);
    const handler = await engine.start("asking", null);
    await settle();
    journal.hold();
    const cancelling = handler.cancelRun();
    expect([await stateOf(cancelling), await stateOf(handler.result())]).toEqual(["pending", "pending"]);
    journal.release();
    await cancelling;
    expect(await stateOf(handler.result())).toBe("rejected");
  });

  test("steps do not wait for the disk, and ticks of that time are written together", async () => {
    const journal = new DurableJournal();
    const { engine, clock } = await open({ many }, journal);
    const handler = await engine.start("many", null);
    journal.hold();
    await clock.advance(10);
    for (let turn = 0; turn < 10; turn++) await settle();
    const before = journal.appends;
    journal.release();
    await handler.result();
    expect(journal.appends - before).toBeLessThanOrEqual(3);
  });
});

describe("a journal that fails", () => {
  async function broken() {
    const journal = new DurableJournal();
    const ran: string[] = [];
    const release = gate();
    const workflow = defineWorkflow("w", { timeout: null })
      .step("a", { accepts: StartEvent, emits: A }, async (_event, ctx) => {
        ran.push("a");
        await ctx.waitForEvent(Answer);
        ran.push("answered");
        await release.promise;
        return A();
      })
      .step("b", { accepts: A, emits: StopEvent }, () => (ran.push("b"), StopEvent()));
    const opened = await open({ workflow }, journal);
    const handler = await opened.engine.start("workflow", null, { runId: "r" });
    await settle();
    journal.failure = new Error("disk full");
    const sent = await handler.sendEvent(Answer()).catch((error: unknown) => error);
    return { ...opened, journal, handler, ran, sent, release };
  }

  test("rejects the call whose tick was lost, and the result, with the reason", async () => {
    const { handler, sent } = await broken();
    expect(String((sent as Error).cause ?? sent)).toContain("disk full");
    const error = await failureOf(handler);
    expect(error).toBeInstanceOf(Error);
    expect(String((error as Error).cause ?? error)).toContain("disk full");
    expect([sent, error].map((each) => (each as { code?: unknown }).code)).toEqual([
      expect.any(String),
      expect.any(String),
    ]);
  });

  test("stops the run: nothing further executes", async () => {
    const { handler, ran, release, engine, clock } = await broken();
    release.open();
    await clock.advance(1000);
    await handler.sendEvent(A()).catch(() => undefined);
    await settle();
    expect(ran).not.toContain("b");
    await expect(handler.sendEvent(A())).rejects.toBeInstanceOf(Error);
    expect((await engine.storage()).problem).toBeDefined();
  });

  test("says in the stream that it is cut, publishes nothing that was not written, and says why the run is paused", async () => {
    const { handler, engine } = await broken();
    const next = await failureOf({ result: () => handler.streamEvents().next() });
    expect(String((next as Error).cause ?? next)).toContain("disk full");
    expect((await engine.listRuns()).runs[0]?.pausedBecause).toBeDefined();
  });

  test("loses nothing that was written: the run can be resumed", async () => {
    const { journal, release } = await broken();
    journal.failure = null;
    release.open();
    const workflow = defineWorkflow("w", { timeout: null })
      .step("a", { accepts: StartEvent, emits: A }, async (_event, ctx) => (await ctx.waitForEvent(Answer), A()))
      .step("b", { accepts: A, emits: StopEvent }, () => StopEvent("resumed"));
    const { engine } = await open({ workflow }, journal);
    await engine.sendEvent("r", Answer());
    expect(await engine.result("r")).toBe("resumed");
  });

  test("leaves no timer behind", async () => {
    const { clock } = await broken();
    expect(clock.pending).toBe(0);
  });
});
