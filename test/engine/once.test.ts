import { describe, expect, test } from "vitest";
import {
  constantDelay,
  defineWorkflow,
  humanResponseEvent,
  resume,
  run,
  startEvent,
  stopEvent,
  type StepContext,
} from "tickwork";
import { createEngine, MemoryJournal, settle } from "tickwork/testing";

const Start = startEvent<"Start">("Start");
const Answer = humanResponseEvent<"Answer">("Answer");
const Stop = stopEvent<"Stop">("Stop");

const single = (body: (ctx: StepContext) => Promise<unknown>) =>
  defineWorkflow("once", { timeout: null }).step(
    "work",
    { accepts: Start, emits: Stop, waitsFor: Answer, retryPolicy: constantDelay({ delay: 0, maximumAttempts: 4 }) },
    async (_event, ctx) => Stop((await body(ctx as never)) as never),
  );

/** Counts how often each effect ran. */
function effects() {
  const ran: string[] = [];
  return { ran, effect: (name: string) => () => (ran.push(name), `${name} ${ran.length}`) };
}

describe("ctx.once", () => {
  test("runs an effect once over retries and gives each the same result", async () => {
    const { ran, effect } = effects();
    const told: unknown[] = [];
    const workflow = single(async (ctx) => {
      told.push(await ctx.once("charge", effect("charge")));
      if (told.length < 3) throw new Error("later trouble");
      return told;
    });
    expect(await run(workflow).result()).toEqual(["charge 1", "charge 1", "charge 1"]);
    expect(ran).toEqual(["charge"]);
  });

  test("runs an effect once although its step runs again after a wait", async () => {
    const { ran, effect } = effects();
    const workflow = single(async (ctx) => {
      const mail = await ctx.once("mail", effect("mail"));
      const answer = await ctx.waitForEvent(Answer);
      return [mail, answer.data];
    });
    const handler = run(workflow);
    await settle();
    await handler.sendEvent(Answer("yes"));
    expect(await handler.result()).toEqual(["mail 1", "yes"]);
    expect(ran).toEqual(["mail"]);
  });

  test("keeps what was done over a save, whatever data it is", async () => {
    const { ran, effect } = effects();
    const workflow = single(async (ctx) => {
      const value = await ctx.once("when", () => (effect("when")(), { at: new Date(5), many: [1n, new Set(["a"])] }));
      await ctx.waitForEvent(Answer);
      return value;
    });
    const handler = run(workflow);
    await settle();
    const later = resume(workflow, JSON.parse(JSON.stringify(await handler.snapshot())) as never);
    await later.sendEvent(Answer());
    expect(await later.result()).toEqual({ at: new Date(5), many: [1n, new Set(["a"])] });
    expect(ran).toEqual(["when"]);
  });

  test("tries again what failed, and only that", async () => {
    const { ran, effect } = effects();
    let broken = true;
    const workflow = single(async (ctx) => {
      const first = await ctx.once("first", effect("first"));
      const second = await ctx.once("second", () => {
        if (broken) {
          broken = false;
          throw new Error("no connection");
        }
        return effect("second")();
      });
      return [first, second];
    });
    expect(await run(workflow).result()).toEqual(["first 1", "second 2"]);
    expect(ran).toEqual(["first", "second"]);
  });

  test("shares one run among calls of one key at the same time", async () => {
    const { ran, effect } = effects();
    const workflow = single(async (ctx) =>
      Promise.all([
        ctx.once("same", async () => (await settle(), effect("same")())),
        ctx.once("same", effect("other")),
      ]),
    );
    expect(await run(workflow).result()).toEqual(["same 1", "same 1"]);
    expect(ran).toEqual(["same"]);
  });

  test("is apart for each piece of work", async () => {
    const { ran, effect } = effects();
    const workflow = single(async (ctx) => ctx.once("key", effect("key")));
    await Promise.all([run(workflow).result(), run(workflow).result()]);
    expect(ran).toEqual(["key", "key"]);
  });

  test("refuses a result that cannot be written down, and says where", async () => {
    const workflow = single(async (ctx) => ctx.once("bad", () => ({ deep: { f: () => 1 } }) as never));
    await expect(run(workflow).result()).rejects.toThrow(/ctx\.once\("bad"\) cannot be written down: deep\.f/);
  });

  test("stands in the history as a tick of its own", async () => {
    const journal = new MemoryJournal();
    const workflow = single(async (ctx) => ctx.once("charge", () => 42));
    const engine = await createEngine({ once: workflow }, { journal });
    await (await engine.start("once", null, { runId: "r" })).result();
    const { ticks } = await engine.readTicks("r", { from: 1, limit: 10 });
    expect(ticks.map(({ kind, note }) => [kind, note])).toContainEqual(["RecordEffect", "charge = 42"]);
  });

  test("comes too late once the step is over", async () => {
    let leaked: StepContext | undefined;
    const workflow = single(async (ctx) => {
      leaked = ctx;
      return null;
    });
    await run(workflow).result();
    expect(() => leaked?.once("late", () => 1)).toThrow(/after this invocation/);
  });
});
