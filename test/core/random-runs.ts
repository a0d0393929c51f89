/** Random workflows on a simulated clock, with everything that can happen to a run, and what was recorded of it. */
import fc from "fast-check";
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  startEvent,
  stopEvent,
  WaiterTimeoutError,
  type Handler,
  type Program,
  type StepContext,
  type Tick,
  type Workflow,
  type WorkflowEvent,
} from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { compile } from "../../src/workflow/compile.ts";

// What random workflows are made of.

const Start = startEvent("Start");
const Stop = stopEvent("Stop");
const Answer = humanResponseEvent("Answer");
const Question = inputRequiredEvent("Question");
const kinds = [defineEvent("E0"), defineEvent("E1"), defineEvent("E2")] as const;
type Context = StepContext<WorkflowEvent, unknown, object>;

/** One thing a step does, in turn with others. */
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("send" as const), kind: fc.nat(2), count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("target" as const), kind: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("work" as const), time: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("fail" as const), times: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      timeout: fc.option(fc.nat(80)),
      caught: fc.boolean(),
      id: fc.option(fc.nat(1)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("both" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("collect" as const), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("edit" as const), key: fc.constantFrom("a", "b") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stream" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stop" as const) }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const stepSpec = fc.record({
  accepts: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
  numWorkers: fc.integer({ min: 1, max: 3 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  delay: fc.constantFrom(0, 0, 7, 40),
  actions: fc.array(action, { maxLength: 4 }),
});

const outside = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("answer" as const), id: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("event" as const), kind: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unknown" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("snapshot" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const) }) },
);

export const scenario = fc.record({
  timeout: fc.option(fc.integer({ min: 20, max: 400 })),
  limited: fc.boolean(),
  first: fc.array(action, { minLength: 1, maxLength: 4 }),
  steps: fc.array(stepSpec, { minLength: 1, maxLength: 4 }),
  outside: fc.array(fc.record({ after: fc.nat(60), what: outside }), { maxLength: 7 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function build({ timeout, steps, first }: Scenario, clock: SimulatedClock): Workflow {
  const checks = ["reachability", "terminalEvent", "deadEnd"] as const;
  const emits = [...kinds, Stop];
  const run = (actions: readonly Action[]) => async (event: WorkflowEvent, ctx: Context) => {
    for (const one of actions) {
      if (one.do === "stop") return Stop(depthOf(event));
      await perform(one, event, ctx, clock);
    }
    return undefined;
  };
  let workflow = defineWorkflow("random", { timeout, skipGraphChecks: checks }).step(
    "first",
    { accepts: Start, emits },
    run(first),
  );
  for (const [index, { accepts, numWorkers, attempts, delay, actions }] of steps.entries()) {
    const config = {
      accepts: accepts.map((kind) => kinds[kind]!),
      emits,
      numWorkers,
      retryPolicy: constantDelay({ maximumAttempts: attempts, delay }),
    };
    workflow = workflow.step(`s${index}`, config, run(actions));
  }
  return workflow;
}

/** Events carry how deep they may still go, so that every run comes to an end. */
function depthOf({ data }: WorkflowEvent): number {
  return typeof data === "object" && data !== null && "depth" in data ? Number(data.depth) : 3;
}

async function perform(one: Action, event: WorkflowEvent, ctx: Context, clock: SimulatedClock): Promise<void> {
  const depth = depthOf(event);
  const next = { depth: depth - 1, at: new Date(depth), tags: new Set([depth]) };
  switch (one.do) {
    case "send":
      for (let count = 0; depth > 0 && count < one.count; count++) ctx.sendEvent(kinds[one.kind]!(next as never));
      return;
    case "target":
      // Only some graphs have such a step: the error is caught and nothing happens.
      try {
        if (depth > 0) ctx.sendEvent(kinds[one.kind]!(next as never), { step: "s0" });
      } catch {}
      return;
    case "work":
      await new Promise<void>((resolve) => clock.setTimer(clock.now() + one.time, resolve));
      return;
    case "fail":
      if (ctx.retryInfo().attempt < one.times) throw Object.assign(new Error("random"), { depth });
      return;
    case "wait":
      try {
        const requirements = one.id === null ? undefined : { id: one.id };
        await ctx.waitForEvent(Answer, {
          timeout: one.timeout,
          waiterEvent: Question("?"),
          ...(requirements && { requirements: requirements as never }),
        });
      } catch (error) {
        if (!one.caught || !(error instanceof WaiterTimeoutError)) throw error;
      }
      return;
    case "both":
      await Promise.all([
        ctx.waitForEvent(Answer, { waiterId: "p" }),
        ctx.waitForEvent(Answer, { waiterId: "q", timeout: 500 }),
      ]);
      return;
    case "collect":
      return void ctx.collectEvents(
        event,
        Array.from({ length: one.count }, () => ({ type: event.type, is: (_event): _event is WorkflowEvent => true })),
      );
    case "edit":
      await ctx.store.edit((draft: Record<string, { n: number } | undefined>) => {
        draft[one.key] = { n: (draft[one.key]?.n ?? 0) + 1 };
      });
      return;
    case "stream":
      return ctx.writeEventToStream(kinds[0](next as never));
    case "stop":
  }
}

export interface Recording {
  readonly program: Program;
  readonly ticks: readonly Tick[];
  /** Live states by sequence, as `handler.snapshot()` gave them. */
  readonly seen: ReadonlyMap<number, unknown>;
}

export async function record(spec: Scenario): Promise<Recording> {
  const clock = new SimulatedClock();
  const journal = new MemoryJournal();
  const workflow = build(spec, clock);
  const seen = new Map<number, unknown>();
  const look = async (handler: Handler): Promise<void> => {
    const saved = await handler.snapshot();
    seen.set(saved.sequence, plain(saved));
  };
  let engine = await createEngine({ workflow }, { journal, clock });
  let handler = await engine.start("workflow", "go", { runId: "r" });
  for (const { after, what } of spec.outside) {
    await clock.advance(after);
    await happen(what);
  }
  await clock.advance(60_000);
  await look(handler);
  await handler.cancelRun("the end");
  await settle();
  await look(handler);
  await engine.close();
  const ticks: Tick[] = [];
  for await (const batch of journal.read("r", { from: 1, to: Number.MAX_SAFE_INTEGER })) ticks.push(...batch.ticks);
  return { program: compile(workflow).program, ticks, seen };

  async function happen(what: Scenario["outside"][number]["what"]): Promise<void> {
    switch (what.do) {
      case "answer":
        return handler.sendEvent(Answer({ id: what.id })).catch(() => undefined);
      case "event":
        return handler.sendEvent(kinds[what.kind]!({ depth: 2 })).catch(() => undefined);
      case "unknown":
        return handler.sendEvent({ type: "Unknown", data: new Map([[1, new Date(0)]]) }).catch(() => undefined);
      case "snapshot":
        return look(handler);
      case "restart":
        await engine.close();
        engine = await createEngine({ workflow }, { journal, clock });
        handler = await engine.attach("r");
        return undefined;
      case "cancel":
        return handler.cancelRun("outside");
    }
  }
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
