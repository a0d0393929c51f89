/** What the worker answers a page, without a worker between them. */
import { defineWorkflow, HumanResponseEvent, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { decodeToError } from "../../src/serialize/error-codec.ts";
import { createWorkerApi } from "../../src/runtimes/browser/worker-api.ts";
import { throughJson } from "../engine/fixtures.ts";

const waits = defineWorkflow("w", { timeout: null }).step(
  "wait",
  { accepts: StartEvent, emits: StopEvent, waitsFor: HumanResponseEvent },
  async (_event, ctx) => StopEvent((await ctx.waitForEvent(HumanResponseEvent)).data),
);

test("a run whose code changed: the page is told what is missing, and can have it go on", async () => {
  const named = (step: string) =>
    defineWorkflow("w", { timeout: null }).step(
      step,
      { accepts: StartEvent, emits: StopEvent },
      () => new Promise<never>(() => undefined),
    );
  const journal = new MemoryJournal();
  const clock = new SimulatedClock();
  const first = await createEngine({ w: named("old") }, { journal, clock });
  await first.start("w", null, { runId: "r" });
  await settle();
  await first.close();
  const hooks = [{ onTick: () => undefined, onProblem: () => undefined }];
  const host = await createEngine({ w: named("new") }, { journal, clock, hooks });
  const { api } = createWorkerApi(() => Promise.resolve(host));

  const refused = throughJson(await api.resumeRun("r", {}));
  if (refused.ok) throw new Error("It was taken up.");
  expect(decodeToError(refused.error)).toMatchObject({
    name: "ContextSerdeError",
    code: "RUN_CODE_CHANGED",
    data: { mismatch: { work: 1, steps: [{ step: "old", why: "gone" }], events: [{ type: "StartEvent", work: 1 }] } },
  });
  expect(await api.resumeRun("r", { onMismatch: "bestEffort" })).toEqual({ ok: true, value: null });
  expect(await api.runStatus("r")).toEqual({ ok: true, value: "idle" });
});

test("a run that a page holds goes on when the page is gone, and waits no longer for another that held nothing", async () => {
  const host = await createEngine({ w: waits }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  const [page, other] = [createWorkerApi(() => Promise.resolve(host)), createWorkerApi(() => Promise.resolve(host))];
  await host.start("w", null, { runId: "r" });
  expect(await page.api.debugRun("r", { kind: "pause" })).toEqual({ ok: true, value: null });
  await host.sendEvent("r", HumanResponseEvent("go on"));
  await settle();
  other.release();
  await settle();
  const told = await other.api.listRuns({});
  expect(told).toMatchObject({ value: { runs: [{ status: "running", held: { isPaused: true } }] } });
  page.release();
  expect(await host.result("r")).toBe("go on");
});

test("a wish to hold a run that is no command is refused", async () => {
  const host = await createEngine({ w: waits }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  const { api } = createWorkerApi(() => Promise.resolve(host));
  await host.start("w", null, { runId: "r" });
  for (const command of ["pause", null, {}, { kind: "set", breakpoints: "w" }, { kind: "set", breakpoints: [null] }]) {
    expect(await api.debugRun("r", command as never)).toMatchObject({ ok: false, error: { code: "CALL_INVALID" } });
  }
  await host.close();
});

test("what a page leaves open is closed when it is gone", async () => {
  const host = await createEngine({ w: waits }, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  const { api, release } = createWorkerApi(() => Promise.resolve(host));
  await host.start("w", null, { runId: "r" });
  const reader = await api.openReader("r", { after: 0, exposeInternal: false });
  if (!reader.ok) throw new Error("There is no reader.");
  const batches: unknown[] = [];
  const channel = new BroadcastChannel(crypto.randomUUID());
  channel.onmessage = ({ data }: MessageEvent<{ number: number }>) => {
    batches.push(data);
    channel.postMessage({ acknowledge: data.number });
  };
  const news = async (runId: string): Promise<number> => {
    const before = batches.length;
    await host.start("w", null, { runId });
    // A channel of our own to compare with: when it has heard, the other would have, too.
    const heard = new Promise<void>((resolve) => {
      const stop = host.inspect("*", ({ runs }) => {
        if (!runs.some((run) => run.runId === runId)) return;
        stop();
        resolve();
      });
    });
    await host.sendEvent(runId, HumanResponseEvent("go on"));
    await heard;
    await settle();
    return batches.length - before;
  };
  expect(await api.inspect("*", channel.name)).toEqual({ ok: true, value: null });
  expect(await news("watched")).toBeGreaterThan(0);

  release();
  expect(await news("unwatched")).toBe(0);
  expect(await api.nextEvents(reader.value)).toMatchObject({ ok: false, error: { code: "READER_CLOSED" } });
  channel.close();
});
