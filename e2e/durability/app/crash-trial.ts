/** One run whose workers are killed, as a page sees it. */
import { WorkflowError, type PublishedEvent, type WorkflowEvent } from "tickwork";
import type { Engine, Handler } from "tickwork/client";
import { repeatedWork, replayRunFile, ticksOfRunFile } from "tickwork/testing";
import { comparable } from "./comparable.ts";
import type { DeathPlan } from "./mortal-journal.ts";
import { Ledger } from "./ledger.ts";
import type { Subject } from "./subjects.ts";
import { insist, wasInterrupted, type Victim } from "./victim.ts";

export interface Trial {
  readonly plan: DeathPlan | null;
  /** How many workers die by the plan, one after the other. */
  readonly lives: number;
}

export interface Played {
  readonly deaths: number;
  readonly status: string;
  /** The value, or the error as text without its stack. */
  readonly result: unknown;
  /** As the page saw it come, over all deaths. */
  readonly published: readonly unknown[];
  readonly store: unknown;
  /** Writes of its worker, where none died. */
  readonly writes: number;
  /** What must not be, whatever the undisturbed run did: a sentence each. */
  readonly faults: readonly string[];
}

/** The same for all, since some errors say it: a run is deleted before the next begins. */
const runId = "victim";

export async function playTrial(victim: Victim, subject: Subject, { plan, lives }: Trial): Promise<Played> {
  const { engine } = victim;
  const ledger = new Ledger();
  victim.arm(plan, lives, (what) => ledger.note(what));
  const handler = await startOrAttach(engine, subject);
  const outcome = handler.result().then(
    (value: unknown) => ({ value }),
    (error: unknown) => ({ error: comparable(error) }),
  );
  const seen: PublishedEvent[] = [];
  for await (const event of handler.streamEvents()) {
    seen.push(event);
    const reply = subject.answer?.(event);
    if (reply) await sendOnce(engine, reply);
    if (subject.cancelOn?.(event)) await insist(() => engine.cancelRun(runId, "seen enough"));
  }
  const result = await outcome;
  victim.spare();

  const view = await insist(() => engine.stateAt(runId));
  const file = await insist(() => engine.exportRun(runId));
  const again = await insist(() => readAll(engine));
  const faults = [
    ...ledger.faults,
    ...faultsOfStream(seen, again),
    ...repeatedWork(ticksOfRunFile(file)),
    ...replayRunFile(file, subject.workflow).differences.map(({ message }) => message),
  ];
  await insist(() => engine.deleteRun(runId)).catch(ignoreUnknownRun);
  const { deaths } = victim;
  const published = seen.map(({ type, data }) => comparable({ type, data }));
  return {
    deaths,
    status: view.graph.status,
    result: comparable(result),
    published,
    store: comparable(view.store),
    writes: ledger.writes,
    faults,
  };
}

/** What a page does that does not know whether its call arrived. */
async function startOrAttach(engine: Engine, { workflow, input }: Subject): Promise<Handler> {
  for (;;) {
    try {
      return await engine.attach(await engine.startRun(workflow.name, input ?? null, { runId }));
    } catch (error) {
      if (error instanceof WorkflowError && error.code === "RUN_EXISTS") return insist(() => engine.attach(runId));
      if (!wasInterrupted(error)) throw error;
    }
  }
}

/** Sends again only if the history says that it did not arrive. */
async function sendOnce(engine: Engine, reply: WorkflowEvent): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      if (!isFirst && (await hasArrived(engine, reply))) return;
      await engine.sendEvent(runId, reply);
      return;
    } catch (error) {
      if (!wasInterrupted(error)) throw error;
    }
  }
}

async function hasArrived(engine: Engine, { data }: WorkflowEvent): Promise<boolean> {
  const ticks = ticksOfRunFile(await engine.exportRun(runId));
  return ticks.some((tick) => tick.kind === "AddEvent" && tick.causedBy === "external" && tick.event.data === data);
}

async function readAll(engine: Engine): Promise<PublishedEvent[]> {
  const events: PublishedEvent[] = [];
  for await (const event of (await engine.attach(runId)).streamEvents()) events.push(event);
  return events;
}

function faultsOfStream(seen: readonly PublishedEvent[], again: readonly PublishedEvent[]): string[] {
  const faults: string[] = [];
  for (const [index, { sequence }] of seen.entries()) {
    if (sequence !== index + 1) faults.push(`Event ${index + 1} that the page saw has the sequence ${sequence}.`);
  }
  const [before, after] = [seen, again].map((events) => JSON.stringify(comparable(events)));
  if (before !== after) faults.push(`The page saw ${before}; what is kept is ${after}.`);
  return faults;
}

/** Its deletion took effect, and the answer was lost. */
function ignoreUnknownRun(error: unknown): void {
  if (!(error instanceof WorkflowError && error.code === "RUN_UNKNOWN")) throw error;
}
