/** Plays the histories with the code of now and gives what is to be kept: see `.ci/record-histories.mjs`. */
import { resume, type BrokerState, type Handler, type RunHook, type SerializedContext, type Workflow } from "tickwork";
import { createEngine, MemoryJournal, SimulatedClock } from "tickwork/testing";
import type { JsonObject } from "../../src/core/json.ts";
import { encodeValue } from "../../src/serialize/serializer.ts";
import { finish, type Stage } from "./play.ts";
import { portraitOf, stampOf } from "./portrait.ts";
import { statesOf } from "./states.ts";
import { answers, histories, type History } from "./workflows.ts";

export interface RecordedHistory {
  readonly name: string;
  readonly runFile: JsonObject;
  /** Of each tenth state and the last, by sequence. */
  readonly stamps: { readonly [sequence: string]: string };
  /** What the last state was like. */
  readonly end: JsonObject;
  readonly contexts: readonly RecordedContext[];
}

export interface RecordedContext {
  readonly moment: string;
  readonly context: SerializedContext;
  /** How the run ended when this was resumed. */
  readonly resumed: JsonObject;
}

export async function recordAll(): Promise<RecordedHistory[]> {
  // Stacks would hold the paths of this machine.
  Error.stackTraceLimit = 0;
  const recorded: RecordedHistory[] = [];
  for (const [name, history] of Object.entries(histories)) recorded.push(await record(name, history));
  return recorded;
}

async function record(name: string, history: History): Promise<RecordedHistory> {
  const { workflow, input, play, other, changed = workflow } = history;
  const clock = new SimulatedClock(Date.UTC(2025, 10, 22));
  let journal = new MemoryJournal();
  const quiet: RunHook = { onTick: () => undefined, onProblem: () => undefined };
  const open = (code: Workflow) =>
    createEngine(
      { [code.name]: code },
      { journal, clock, hooks: [quiet] },
      { onMismatch: "bestEffort", idleTimeout: null },
    );
  const saved: { moment: string; context: SerializedContext }[] = [];
  const runId = `recorded-${name}`;
  let engine = await open(workflow);
  const first = other === undefined ? null : await engine.start(workflow.name, other, { runId: `before-${name}` });
  let handler: Handler = await engine.start(workflow.name, input, { runId });
  const stage: Stage = {
    clock,
    other: first,
    get handler() {
      return handler;
    },
    save: async (moment) => void saved.push({ moment, context: throughJson(await handler.snapshot()) }),
    restart: async () => {
      await engine.close();
      engine = await open(changed);
      handler = await engine.attach(runId);
    },
    move: async () => {
      const context = throughJson(await handler.snapshot());
      await engine.close();
      journal = new MemoryJournal();
      handler = resume(workflow, context, { runtime: { clock, journal } });
      engine = await open(changed);
    },
  };
  await saveMidway(stage);
  await play(stage);
  await stage.save("end");
  const runFile = throughJson(await engine.exportRun(runId));
  await engine.close();

  const states = statesOf(runFile, workflow);
  const contexts: RecordedContext[] = [];
  for (const each of saved) contexts.push({ ...each, resumed: await resumed(workflow, each.context) });
  return {
    name,
    runFile,
    stamps: stampsOf(states),
    end: portraitOf(states.at(-1) as BrokerState),
    contexts,
  };
}

/** Some moments of the time in which steps work, which on a simulated clock is no time at all. */
async function saveMidway(stage: Stage): Promise<void> {
  let last = 0;
  for (let hop = 0; hop < 200 && stage.handler.status === "running"; hop++) {
    const { sequence } = await stage.handler.snapshot();
    if (sequence >= last + 3) await stage.save(`the steps after ${(last = sequence)} ticks`);
  }
}

export function stampsOf(states: readonly BrokerState[]): { [sequence: string]: string } {
  const last = states.length - 1;
  const kept = states.filter(({ sequence }, index) => sequence % 10 === 0 || index === last);
  return Object.fromEntries(kept.map((state) => [state.sequence, stampOf(state)]));
}

/** How a run ends that is resumed from a context, by itself, from the time at which it was saved. */
export async function resumed(workflow: Workflow, context: SerializedContext): Promise<JsonObject> {
  const clock = new SimulatedClock(context.at);
  const hooks: RunHook[] = [{ onTick: () => undefined, onProblem: () => undefined }];
  const handler = resume(workflow, context, { runtime: { clock, journal: null, hooks } });
  await finish(handler, clock, answers);
  const outcome = await handler.result().then(
    (result) => ({ result }),
    (error: Error) => ({ error: `${error.name}: ${error.message}` }),
  );
  const { published, store } = await handler.snapshot();
  return throughJson(encodeValue({ status: handler.status, ...outcome, published, store })) as JsonObject;
}

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
