/**
 * A run whose journal fails once, at one call of one operation, in one way. It is started, waits, is left by its engine,
 * taken up by another one and brought to its end, so that reads and writes of all kinds are on the way.
 */
import { processRuntime, StorageError, WorkflowError, withRetries, type PublishedEvent, type Workflow } from "tickwork";
import { createEngine, FaultInjectingJournal, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import type { WorkflowEvent } from "tickwork";
import type { EngineHost } from "../../src/engine/host.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { JournalOperation } from "../../src/testing/fault-injecting-journal.ts";
import { repeatedWork } from "../../src/testing/history.ts";

export interface Fault {
  readonly on: JournalOperation;
  readonly call: number;
  readonly how: How;
}

/** fail: nothing was done. failAfter: only the answer is lost. throw: at once. hang: for 20 s, then it is done. */
export type How =
  | { readonly kind: "fail" | "failAfter" | "throw" | "hang and fail"; readonly error: unknown }
  | { readonly kind: "hang" };

export interface Scene {
  readonly workflows: { readonly [name: string]: Workflow };
  readonly workflow: string;
  readonly input: unknown;
  readonly answer?: (event: PublishedEvent) => WorkflowEvent | undefined;
}

export interface Played {
  readonly result: unknown;
  readonly published: readonly unknown[];
  /** What somebody was told on the way. */
  readonly told: readonly unknown[];
  /** What must not be: events undone or doubled, work done again. */
  readonly wrong: readonly string[];
  /** Calls of each operation, by the journal that had the fault. */
  readonly calls: ReadonlyMap<JournalOperation, number>;
  /** How many engines it took. */
  readonly engines: number;
}

const RUN = "r";
const HANG = 20_000;
/** Engines after which a run counts as lost. */
const ENGINES = 5;
/** Simulated time after which an engine counts as hanging, far more than any back-off; and real time without a timer. */
const LONG = 600_000;
const LONG_IDLE = 3000;

export async function play(scene: Scene, fault: Fault | null): Promise<Played> {
  const clock = new SimulatedClock();
  const inner = new MemoryJournal();
  const journal = faulty(inner, fault, clock);
  const told: unknown[] = [];
  const wrong: string[] = [];
  const seen: PublishedEvent[] = [];
  let result: { readonly value: unknown } | null = null;
  let engines = 0;
  while (!result && engines < ENGINES) {
    engines += 1;
    // The first engine is left where the run waits first; each later one is to end it.
    const isFirst = engines === 1;
    const engine = await tell(told, clock, () =>
      createEngine(scene.workflows, withRetries({ ...processRuntime, clock, journal: journal.given }), {
        idleTimeout: 1000,
      }),
    );
    if (!engine) continue;
    result = await tell(told, clock, () => sit(engine, scene, seen, wrong, isFirst));
    await tell(told, clock, () => engine.close());
  }
  const published: unknown[] = [];
  for (const [index, event] of seen.entries()) {
    if (event.sequence !== index + 1) wrong.push(`event ${index + 1} has the sequence ${event.sequence}`);
    published.push([event.type, event.data]);
  }
  const ticks = [];
  for await (const batch of inner.read(RUN, { from: 1, to: Infinity })) ticks.push(...batch.ticks);
  for (const [index, { sequence }] of ticks.entries()) {
    if (sequence !== index + 1) wrong.push(`tick ${index + 1} has the sequence ${sequence}`);
  }
  wrong.push(...repeatedWork(ticks));
  return { result: result?.value, published, told, wrong, calls: journal.counts(), engines };
}

/** One engine's life: until the run ends, or null, until it first waits. */
async function sit(
  engine: EngineHost,
  { workflow, input, answer }: Scene,
  seen: PublishedEvent[],
  wrong: string[],
  untilItWaits: boolean,
): Promise<{ value: unknown } | null> {
  const handler = await engine.attach(RUN).catch((error: unknown) => {
    if (error instanceof WorkflowError && error.code === "RUN_UNKNOWN") {
      return engine.start(workflow, input, { runId: RUN });
    }
    throw error;
  });
  const result = handler.result();
  result.catch(() => undefined);
  let index = 0;
  for await (const event of handler.streamEvents()) {
    const before = seen[index];
    if (!before) seen.push(event);
    else if (JSON.stringify(before) !== JSON.stringify(event)) wrong.push(`event ${index + 1} is another one now`);
    index += 1;
    const reply = answer?.(event);
    if (reply && untilItWaits) return null;
    if (reply) {
      await handler.sendEvent(reply).catch((error: unknown) => {
        // It was taken before, and the engine that took it is gone.
        if (!(error instanceof WorkflowError && error.code === "RUN_ENDED")) throw error;
      });
    }
  }
  return result.then(
    (value) => ({ value }),
    (error: unknown) => {
      // Its own end is a result as well; anything else is somebody being told.
      if (handler.status !== "failed") throw error;
      return { value: `failed: ${String(error)}` };
    },
  );
}

/** Does it in simulated time; an error is told to whoever asked, and null comes instead. */
async function tell<T>(told: unknown[], clock: SimulatedClock, action: () => Promise<T>): Promise<T | null> {
  try {
    return await drive(clock, action());
  } catch (error) {
    told.push(error);
    return null;
  }
}

/** Lets time pass whenever nothing else happens, until it settles. */
async function drive<T>(clock: SimulatedClock, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  promise.then(over, over);
  const begun = clock.now();
  let idleSince = performance.now();
  while (!isOver) {
    await settle();
    if (isOver) break;
    if (clock.now() - begun > LONG || performance.now() - idleSince > LONG_IDLE) throw new Error("It hangs.");
    const due = clock.nextDue;
    if (due === null) continue;
    idleSince = performance.now();
    await clock.advanceTo(due);
  }
  return promise;
}

function faulty(inner: Journal, fault: Fault | null, clock: SimulatedClock) {
  const faults = fault ? [toJournalFault(fault)] : [];
  const journal = new FaultInjectingJournal(inner, { durable: true, clock, faults });
  return {
    given: fault?.how.kind === "throw" ? throwing(journal, fault, fault.how.error) : journal,
    counts: () => {
      const counts = new Map<JournalOperation, number>();
      for (const { operation } of journal.calls) counts.set(operation, (counts.get(operation) ?? 0) + 1);
      return counts;
    },
  };
}

function toJournalFault({ on, call, how }: Fault) {
  switch (how.kind) {
    case "fail":
      return { on, call, fail: how.error };
    case "failAfter":
      return { on, call, failAfter: how.error };
    case "hang":
      return { on, call, delay: HANG };
    case "hang and fail":
      return { on, call, delay: HANG, fail: how.error };
    case "throw":
      return { on, call };
  }
}

function throwing(journal: Journal, { on, call }: Fault, error: unknown): Journal {
  let seen = 0;
  return new Proxy(journal, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]): unknown => {
        if (key === on && ++seen === call) throw error;
        return Reflect.apply(value, target, args);
      };
    },
  });
}

export const passing = ["STORAGE", "STORAGE_LOST", "STORAGE_QUOTA", "STORAGE_BLOCKED", "STORAGE_DENIED"];
const final = ["STORAGE_NEWER", "STORAGE_REPLACED", "STORAGE_DELETED", "STORAGE_TAKEN_OVER"];

const named = (code: string): StorageError => new StorageError(`The fault ${code}.`, { code });

/** Every kind of error, and every way to fail. */
export const ways: readonly How[] = [
  ...[...passing, ...final].map((code): How => ({ kind: "fail", error: named(code) })),
  ...["STORAGE_LOST", "STORAGE_TAKEN_OVER"].map((code): How => ({ kind: "failAfter", error: named(code) })),
  { kind: "throw", error: named("STORAGE_LOST") },
  { kind: "throw", error: new TypeError("a bug of the journal") },
  { kind: "fail", error: new TypeError("a bug of the journal") },
  { kind: "hang" },
  { kind: "hang and fail", error: named("STORAGE_LOST") },
];
