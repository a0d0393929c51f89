/** A run that is killed at every write, taken up again, and held against the same run undisturbed. */
import { WorkflowError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { isEqualJson, type JsonObject } from "../core/json.ts";
import type { RunStatus } from "../core/run-status.ts";
import { FAILED_EVENT } from "../core/terminal-event.ts";
import { createEngine } from "../engine/create-engine.ts";
import type { PublishedEvent } from "../engine/event-stream.ts";
import type { Handler } from "../engine/handler.ts";
import type { EngineHost } from "../engine/host.ts";
import type { Journal } from "../ports/journal.ts";
import { SimulatedClock } from "../ports/simulated-clock.ts";
import { MemoryJournal } from "../runtimes/memory/memory-journal.ts";
import { encodeError } from "../serialize/error-codec.ts";
import { encodeValue } from "../serialize/serializer.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { show } from "./assertions.ts";
import { FaultInjectingJournal, type JournalOperation } from "./fault-injecting-journal.ts";
import { repeatedWork } from "./history.ts";
import { replayRunFile, ticksOfRunFile } from "./replay-run-file.ts";
import { passTime } from "./simulated-time.ts";

export interface CrashOptions {
  /** Answers each published event that asks for one; called again for the same event after a crash. */
  readonly answer?: (event: PublishedEvent) => WorkflowEvent | undefined;
  /**
   * Published events must come in the same order as undisturbed. Default false: the same events in any order,
   * since work done side by side may end in another order when it begins anew.
   */
  readonly inOrder?: boolean;
  /** Where each trial is kept; default: a journal in memory. */
  readonly createJournal?: () => Journal | Promise<Journal>;
  /** Milliseconds of real time that a step at work gets before simulated time passes; default 200. */
  readonly patience?: number;
}

export interface CrashReport {
  /** How many trials there were: two per write, and a few in which the process dies over and over. */
  readonly trials: number;
  /** What came out otherwise than undisturbed. Must be empty. */
  readonly differences: readonly CrashDifference[];
}

export interface CrashDifference {
  readonly place: CrashPlace;
  readonly what: CrashSubject;
  readonly undisturbed: unknown;
  readonly found: unknown;
  /** All of it in a sentence. */
  readonly message: string;
}

/** The write at which the process died: the n-th of this operation that this process made. */
export interface CrashPlace {
  readonly operation: JournalOperation;
  readonly call: number;
  readonly when: "before" | "after";
  /** How many processes died there, one after the other; the next was left alone. */
  readonly times: number;
}

/**
 * status, result (or error), published, store: as undisturbed. stream: what a reader saw before the crash is still
 * there, in its place. work: a step ran again for work it had finished. history: the ticks do not give the state.
 */
export type CrashSubject = "status" | "result" | "published" | "store" | "stream" | "work" | "history";

interface Played {
  readonly status: RunStatus;
  readonly result: unknown;
  readonly published: readonly unknown[];
  readonly store: unknown;
  /** What readers saw before the crash that is not what they see after it. */
  readonly undone: string | null;
  readonly repeated: readonly string[];
  readonly history: readonly string[];
  readonly places: readonly CrashPlace[];
}

/** In some trials every process dies after so many writes, so that recovering is interrupted too. */
const OVER_AND_OVER = [1, 2, 3].map((call): CrashPlace => ({ operation: "append", call, when: "after", times: 6 }));

const RUN_ID = "crash-everywhere";

/**
 * Runs a workflow to its end once undisturbed, then once for every write to its journal with a crash before it, and
 * once with a crash after it; each time a new engine takes the run up from what is stored, in simulated time. Then
 * a few times with processes that die one after the other, so that recovering is interrupted too.
 *
 * Give a function that makes the workflow if its steps keep state outside the run. Steps run at least once: what
 * they do to the outside world, or to `ctx.store` in a way that counts (`n += 1`), may be done again, and the latter
 * is reported here.
 *
 * Rejects when the undisturbed run cannot be brought to its end: see `runToEnd`.
 */
export async function crashEverywhere(
  workflow: Workflow | (() => Workflow),
  input: unknown,
  options: CrashOptions = {},
): Promise<CrashReport> {
  const make = typeof workflow === "function" ? workflow : () => workflow;
  const undisturbed = await play(make(), input, options, null);
  const differences: CrashDifference[] = [];
  const places = [...undisturbed.places, ...OVER_AND_OVER];
  for (const place of places) {
    const played = await play(make(), input, options, place);
    differences.push(...compare(undisturbed, played, place, options.inOrder === true));
  }
  return { trials: places.length, differences };
}

async function play(
  workflow: Workflow,
  input: unknown,
  options: CrashOptions,
  place: CrashPlace | null,
): Promise<Played> {
  const inner = (await options.createJournal?.()) ?? new MemoryJournal();
  const clock = new SimulatedClock();
  const lives: (readonly PublishedEvent[])[] = [];
  for (;;) {
    const isFatal = place !== null && lives.length < place.times;
    const journal = new FaultInjectingJournal(inner, {
      durable: true,
      clock,
      faults: isFatal ? [{ on: place.operation, call: place.call, crash: place.when }] : [],
    });
    const { seen, end } = await sit(workflow, input, journal, clock, options);
    if (!end) {
      lives.push(seen);
      continue;
    }
    const undone = lives.map((before) => undoneOf(before, seen)).find((found) => found !== null) ?? null;
    return { ...end, undone, places: placesOf(journal) };
  }
}

interface Sitting {
  readonly seen: readonly PublishedEvent[];
  /** null: it crashed. */
  readonly end: Omit<Played, "undone" | "places"> | null;
}

/** One engine's life: from its start to the run's end, or to the crash. */
async function sit(
  workflow: Workflow,
  input: unknown,
  journal: FaultInjectingJournal,
  clock: SimulatedClock,
  { answer, patience }: CrashOptions,
): Promise<Sitting> {
  const seen: PublishedEvent[] = [];
  const host = await createEngine({ [workflow.name]: workflow }, { journal, clock }, { idleTimeout: null });
  try {
    const handler = await startOrAttach(host, workflow, input);
    let isOver = false;
    let isSending = false;
    let landed = await repliesIn(journal);
    const reading = (async () => {
      for await (const event of handler.streamEvents()) {
        seen.push(event);
        const reply = answer?.(event);
        // Replies are sent one after the other, so those that reached the journal are the first ones.
        if (!reply || landed-- > 0) continue;
        isSending = true;
        await handler.sendEvent(reply);
        isSending = false;
      }
    })();
    const end = (): void => {
      isOver = true;
    };
    reading.catch(end);
    const outcome = handler.result().then(
      (value): unknown => ({ value }),
      (error: unknown) => ({ error: withoutStack(encodeError(error) as unknown as JsonObject) }),
    );
    void outcome.then(end);
    await passTime(
      clock,
      {
        view: () => host.stateAt(RUN_ID),
        isOver: () => isOver || journal.crashed,
        isSending: () => isSending,
      },
      patience,
    );
    if (journal.crashed) {
      // What readers were told by then is durable; closing ends them.
      await host.close();
      await reading.catch(() => undefined);
      return { seen, end: null };
    }
    await reading;
    const result = await outcome;
    return { seen, end: await describeEnd(host, handler, workflow, result, seen) };
  } catch (error) {
    if (!journal.crashed) throw error;
    return { seen, end: null };
  } finally {
    await host.close();
  }
}

/** What a client does that does not know whether its run was started. */
async function startOrAttach(host: EngineHost, workflow: Workflow, input: unknown): Promise<Handler> {
  try {
    return await host.attach(RUN_ID);
  } catch (error) {
    if (!(error instanceof WorkflowError && error.code === "RUN_UNKNOWN")) throw error;
    return host.start(workflow.name, input, { runId: RUN_ID });
  }
}

async function repliesIn(journal: Journal): Promise<number> {
  let count = 0;
  for await (const { ticks } of journal.read(RUN_ID, { from: 1, to: Number.MAX_SAFE_INTEGER })) {
    for (const { kind, causedBy } of ticks) if (kind === "AddEvent" && causedBy === "external") count += 1;
  }
  return count;
}

async function describeEnd(
  host: EngineHost,
  handler: Handler,
  workflow: Workflow,
  result: unknown,
  seen: readonly PublishedEvent[],
): Promise<NonNullable<Sitting["end"]>> {
  const file = await host.exportRun(RUN_ID);
  const history = replayRunFile(file, workflow).differences.map(({ message }) => message);
  for (const [index, { sequence }] of seen.entries()) {
    if (sequence !== index + 1) history.push(`Published event ${index + 1} has the sequence ${sequence}.`);
  }
  return {
    status: handler.status,
    result,
    published: seen.map(toComparable),
    store: (await host.stateAt(RUN_ID)).store,
    repeated: repeatedWork(ticksOfRunFile(file)),
    history,
  };
}

function placesOf(journal: FaultInjectingJournal): CrashPlace[] {
  return journal.calls.flatMap(({ operation, call }) =>
    operation === "createRun" || operation === "append" || operation === "saveSnapshot"
      ? [
          { operation, call, when: "before" as const, times: 1 },
          { operation, call, when: "after" as const, times: 1 },
        ]
      : [],
  );
}

function undoneOf(before: readonly PublishedEvent[], after: readonly PublishedEvent[]): string | null {
  for (const [index, event] of before.entries()) {
    const now = after[index];
    if (now && now.sequence === event.sequence && isEqualJson(toComparable(now), toComparable(event))) continue;
    const there = now ? `${show(toComparable(now))} with sequence ${now.sequence}` : "nothing";
    return `event ${event.sequence}, ${show(toComparable(event))}, was seen before the crash; after it there is ${there}`;
  }
  return null;
}

function compare(undisturbed: Played, played: Played, place: CrashPlace, inOrder: boolean): CrashDifference[] {
  const { operation, call, when, times } = place;
  const where = `Crash ${when} ${operation} ${call}${times > 1 ? `, ${times} times over` : ""}`;
  const differences: CrashDifference[] = [];
  const differ = (what: CrashSubject, expected: unknown, found: unknown, said: string): void => {
    differences.push({ place, what, undisturbed: expected, found, message: `${where}: ${said}` });
  };
  const same = (what: CrashSubject, expected: unknown, found: unknown): void => {
    if (isEqualJson(expected, found)) return;
    differ(what, expected, found, `${what} is ${show(found)}, undisturbed ${show(expected)}.`);
  };
  const ordered = (events: readonly unknown[]): readonly unknown[] =>
    inOrder ? events : events.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  same("status", undisturbed.status, played.status);
  same("result", undisturbed.result, played.result);
  same("published", ordered(undisturbed.published), ordered(played.published));
  same("store", undisturbed.store, played.store);
  if (played.undone !== null) differ("stream", null, played.undone, `${played.undone}.`);
  for (const sentence of played.repeated) differ("work", null, sentence, sentence);
  for (const sentence of played.history) differ("history", null, sentence, sentence);
  return differences;
}

function toComparable({ type, data }: WorkflowEvent): unknown {
  return { type, data: type === FAILED_EVENT ? withoutStack(data as JsonObject) : data };
}

/** Two runs of the same code have errors with different stacks. */
function withoutStack(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "stack")
      .map(([key, item]) => [
        key,
        (key === "error" || key === "cause") && item !== null ? withoutStack(item as JsonObject) : item,
      ]),
  );
}

const sortKey = (event: unknown): string => JSON.stringify(encodeValue(event));
