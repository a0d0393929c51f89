/** One behaviour of a host of an engine, as a check; what such checks are made with. */
import type { EngineControl } from "../inspection/engine-control.ts";
import type { PublishedEvent } from "../engine/event-stream.ts";
import type { Handler } from "../engine/handler.ts";
import type { RunView } from "../inspection/inspection-event.ts";
import { assertEqual, assertTrue } from "./assertions.ts";

/** What `createEngine` and `connect` give. */
export interface ConformanceEngine extends EngineControl {
  attach(runId: string): Promise<Handler>;
  close(): Promise<void>;
}

/** One engine with nothing in its storage, that serves `conformanceWorkflows`. */
export interface RuntimeUnderTest {
  readonly engine: ConformanceEngine;
  /**
   * Ends the engine as a crash would, without telling it, and gives the one to go on with when it answers: a new
   * one on the same storage, or the same when it restarts by itself. Needed if `storage()` says durable.
   */
  crash?(): Promise<ConformanceEngine>;
}

export type OpenRuntime = () => RuntimeUnderTest | Promise<RuntimeUnderTest>;

/** One behaviour. */
export interface RuntimeCheck {
  /** A sentence about what holds. */
  readonly name: string;
  /** Rejects with an Error that says what does not hold. Opens a runtime of its own and closes its engine. */
  readonly run: (open: OpenRuntime) => Promise<void>;
}

/** A check that takes longer hangs. */
const DEADLINE = 30_000;

/** Of one engine, that is closed at the end. */
export function check(name: string, body: (engine: ConformanceEngine) => Promise<void>): RuntimeCheck {
  return {
    name,
    async run(open) {
      const runtime = await open();
      try {
        await withDeadline(body(runtime.engine));
      } finally {
        await runtime.engine.close();
      }
    },
  };
}

/** Of an engine that dies; one that keeps nothing has nothing to lose. */
export function crashCheck(
  name: string,
  body: (engine: ConformanceEngine, crash: () => Promise<ConformanceEngine>) => Promise<void>,
): RuntimeCheck {
  return {
    name,
    async run(open) {
      const runtime = await open();
      let current = runtime.engine;
      try {
        if (runtime.crash) {
          await withDeadline(body(current, async () => (current = (await runtime.crash?.()) ?? current)));
        } else {
          const { durable } = await current.storage();
          assertTrue(!durable, "This engine says that it is durable: give `crash`, so that it can be checked");
        }
      } finally {
        await current.close();
      }
    },
  };
}

async function withDeadline(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done within ${DEADLINE} ms: something hangs.`)), DEADLINE);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function start(
  engine: ConformanceEngine,
  workflow: string,
  input: unknown,
  runId?: string,
): Promise<Handler> {
  return engine.attach(await engine.startRun(workflow, input, runId === undefined ? {} : { runId }));
}

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; waited < 5_000; waited += 5) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${what}: not within 5 seconds.`);
}

export async function untilView(
  engine: ConformanceEngine,
  runId: string,
  condition: (view: RunView) => boolean,
): Promise<RunView> {
  let view = await engine.stateAt(runId);
  await until(async () => condition((view = await engine.stateAt(runId))), `The run gets as far as it should`);
  return view;
}

export async function untilDurable(engine: ConformanceEngine, { graph }: RunView): Promise<void> {
  await until(async () => (await engine.storage()).lastDurableSequence >= graph.sequence, "The ticks become durable");
}

export const bare = (event: PublishedEvent | undefined | void): unknown =>
  event && { type: event.type, data: event.data };

/** Events `from` … `count` are notes of that number; the one after them is the last. */
export function assertNotes(events: readonly PublishedEvent[], from: number, count: number): void {
  const expected = Array.from({ length: Math.max(0, count + 2 - from) }, (_, index) => {
    const sequence = from + index;
    return sequence <= count ? ["Note", sequence, sequence] : ["StopEvent", count, sequence];
  });
  assertEqual(
    events.map(({ type, data, sequence }) => [type, data, sequence]),
    expected,
    `The stream from event ${from} on`,
  );
}
