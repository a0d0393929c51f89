import { describe, expect, test } from "vitest";
import {
  constantDelay,
  ContractBreach,
  processRuntime,
  run,
  systemClock,
  verbose,
  withHooks,
  withJournal,
  WorkflowRuntimeError,
  type Runtime,
  type StepExecutor,
} from "tickwork";
import { createEngine, MemoryJournal, runToEnd, settle, SimulatedClock } from "tickwork/testing";
import { single } from "../engine/fixtures.ts";

const hook = (seen: string[], name: string) => ({ onTick: () => void seen.push(name) });

describe("a decorator", () => {
  const executor: StepExecutor = { execute: (step, input, context) => step.run(input, context) };
  /** With a part this version knows nothing of. */
  const base = { clock: new SimulatedClock(), journal: new MemoryJournal(), executor, ofTheUser: {} };

  test.each<[string, (runtime: typeof base) => Runtime, keyof Runtime]>([
    ["withHooks", (runtime) => withHooks(runtime, hook([], "")), "hooks"],
    ["withJournal", (runtime) => withJournal(runtime, new MemoryJournal()), "journal"],
    ["verbose", (runtime) => verbose(runtime, () => undefined), "hooks"],
  ])("%s forwards what it does not override", (_name, decorate, overridden) => {
    const { [overridden]: before, ...others } = base as Runtime;
    const { [overridden]: after, ...forwarded } = decorate(base);
    expect(after).not.toBe(before);
    expect(Object.keys(forwarded)).toEqual(Object.keys(others));
    for (const key of Object.keys(others) as (keyof typeof others)[]) expect(forwarded[key]).toBe(others[key]);
  });

  test("leaves the runtime it was given as it was", () => {
    const first = withHooks(processRuntime, hook([], "a"));
    withHooks(first, hook([], "b"));
    expect(first.hooks).toHaveLength(1);
    expect(processRuntime).toEqual({ clock: systemClock, journal: null });
  });

  test("may be put on another, and both do their part", async () => {
    const seen: string[] = [];
    const runtime = withHooks(withHooks(base, hook(seen, "inner")), hook(seen, "outer"));
    await run(
      single(() => null),
      null,
      { runtime: withJournal(runtime, new MemoryJournal()) },
    ).result();
    expect(seen.slice(0, 4)).toEqual(["inner", "outer", "inner", "outer"]);
  });
});

describe("a step executor", () => {
  test("calls every step's function with what it would get, and its result counts", async () => {
    const calls: unknown[] = [];
    const executor: StepExecutor = {
      execute(step, input, context, workflow) {
        calls.push([workflow, step.name, (input as { type: string }).type, context.runId]);
        return step.run(input, context);
      },
    };
    const workflow = single((ctx) => ctx.stepName);
    const handler = run(workflow, null, { runId: "r", runtime: { ...processRuntime, executor } });
    expect(await handler.result()).toBe("step");
    expect(calls).toEqual([["single", "step", "StartEvent", "r"]]);
  });

  test("is told by the context's signal that the result is not wanted any more", async () => {
    let signal: AbortSignal | undefined;
    const executor: StepExecutor = {
      execute: (_step, _input, context) => {
        signal = context.signal;
        return new Promise(() => undefined);
      },
    };
    const handler = run(
      single(() => null),
      null,
      { runtime: { ...processRuntime, executor } },
    );
    await settle();
    expect(signal?.aborted).toBe(false);
    await handler.cancelRun();
    expect(signal?.aborted).toBe(true);
  });

  test("that says the contract was broken fails the run, whatever the retry policy", async () => {
    let calls = 0;
    const executor: StepExecutor = {
      execute: () => {
        calls += 1;
        throw new ContractBreach(new WorkflowRuntimeError("no event", { code: "OUTPUT_UNDECLARED" }));
      },
    };
    const retryPolicy = constantDelay({ maximumAttempts: 3, delay: 0 });
    const handler = run(
      single(() => null, {}, { retryPolicy }),
      null,
      { runtime: { ...processRuntime, executor } },
    );
    await expect(handler.result()).rejects.toMatchObject({ name: "WorkflowRuntimeError", code: "OUTPUT_UNDECLARED" });
    expect(calls).toBe(1);
  });

  test("is closed with the engine", async () => {
    let isClosed = false;
    const executor: StepExecutor = {
      execute: (step, input, context) => step.run(input, context),
      close: async () => void (isClosed = true),
    };
    const engine = await createEngine({ single: single(() => 1) }, { journal: new MemoryJournal(), executor });
    expect(await engine.result(await engine.startRun("single", null))).toBe(1);
    await engine.close();
    expect(isClosed).toBe(true);
  });

  test("is not needed", async () => {
    const { status } = await runToEnd(
      single(() => 1),
      null,
      { journal: new MemoryJournal() },
    );
    expect(status).toBe("completed");
  });
});
