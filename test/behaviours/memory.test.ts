import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { defineEvent, defineWorkflow, run, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { Answer } from "../engine/fixtures.ts";

test("a finished run and its workflow can be collected, timers that a step left behind or not (265)", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const timers: NodeJS.Timeout[] = [];
  const play = async () => {
    const workflow = defineWorkflow("gone").step("a", { accepts: StartEvent, emits: StopEvent }, () => {
      timers.push(setTimeout(() => undefined, 60_000));
      return StopEvent();
    });
    const handler = run(workflow);
    await handler.result();
    return [new WeakRef<object>(workflow), new WeakRef<object>(handler)];
  };
  const refs = await play();
  for (let tries = 0; tries < 20 && refs.some((ref) => ref.deref()); tries++) {
    await settle();
    collect();
  }
  for (const timer of timers) clearTimeout(timer);
  expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
});

test("state and snapshot of a long run stay as small as those of a short one (G15)", async () => {
  const looping = (rounds: number) =>
    defineWorkflow("w", { timeout: null, state: undefined }).step(
      "loop",
      {
        accepts: StartEvent,
        emits: StopEvent,
        retryPolicy: { description: "", decide: () => ({ retry: true, delay: 0 }) },
      },
      async (_event, ctx) => {
        if (ctx.retryInfo().attempt < rounds) throw new Error("again");
        await new Promise(() => undefined);
      },
    );
  const sizeAfter = async (rounds: number) => {
    const handler = run(looping(rounds));
    let saved = await handler.snapshot();
    while (saved.sequence <= rounds) {
      await settle();
      saved = await handler.snapshot();
    }
    await handler.cancelRun();
    return JSON.stringify({ ...saved, runId: "" }).replace(/"stack":"(\\.|[^"])*"/g, "").length;
  };
  const [short, long] = [await sizeAfter(10), await sizeAfter(5000)];
  expect(long - short).toBeLessThan(200);
});

test("a long history is taken up from its last snapshot, not from its beginning (267)", async () => {
  const Next = defineEvent("Next");
  const long = defineWorkflow("long", { timeout: null }).step(
    "loop",
    { accepts: [StartEvent, Next], emits: [Next, StopEvent], waitsFor: Answer },
    async ({ data }, ctx) =>
      Number(data) < 5000 ? Next(Number(data) + 1) : StopEvent((await ctx.waitForEvent(Answer)).data),
  );
  let read = 0;
  class Counting extends MemoryJournal {
    override async *read(...range: Parameters<MemoryJournal["read"]>) {
      for await (const batch of super.read(...range)) {
        read += batch.ticks.length;
        yield batch;
      }
    }
  }
  const journal = new Counting();
  const open = () => createEngine({ long }, { journal, clock: new SimulatedClock() });
  const first = await open();
  const handler = await first.start("long", 0, { runId: "r" });
  while (handler.status !== "idle") await settle();
  await first.close();
  read = 0;
  const engine = await open();
  await engine.sendEvent("r", Answer("on"));
  expect(await engine.result("r")).toBe("on");
  expect(read).toBeLessThan(2500);
});
