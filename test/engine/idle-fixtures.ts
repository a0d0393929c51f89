/** Workflows that wait, and a host that lets them leave memory. */
import { defineEvent, defineWorkflow, StartEvent, StopEvent, type Tick, type Workflow } from "tickwork";
import {
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  settle,
  SimulatedClock,
  type Journal,
  type JournalFault,
} from "tickwork/testing";
import { expect } from "vitest";
import { Answer, Question } from "./fixtures.ts";

export const IDLE = 1000;
export const Note = defineEvent("Note");

/** Asks once, without limit; the answer is the result. */
export const asking = defineWorkflow("asking", { timeout: null }).step(
  "ask",
  { accepts: StartEvent, emits: StopEvent },
  async (_event, ctx) =>
    StopEvent((await ctx.waitForEvent(Answer, { waiterEvent: Question("?"), timeout: null })).data),
);
/** Takes note of each answer, and ends with all of them when "end" comes. */
export const noting = defineWorkflow("noting", { timeout: null }).step(
  "note",
  { accepts: [StartEvent, Answer], emits: StopEvent, numWorkers: 1 },
  async ({ type, data }, ctx) => {
    if (type === "StartEvent") return;
    const notes = [...((await ctx.store.get("notes", [])) as string[]), data as string];
    await ctx.store.set("notes", notes);
    ctx.writeEventToStream(Note(data));
    return data === "end" ? StopEvent(notes) : undefined;
  },
);
/** Waits so long, twice. */
export const twice = (timeout: number) =>
  defineWorkflow("twice", { timeout: null }).step(
    "wait",
    { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
    async (_event, ctx) => {
      for (const waiterId of ["one", "two"]) {
        await ctx.waitForEvent(Answer, { waiterId, timeout }).catch(() => undefined);
        ctx.writeEventToStream(Note(waiterId));
      }
      return StopEvent("late");
    },
  );

export async function open(
  workflows: Record<string, Workflow>,
  {
    journal = new MemoryJournal(),
    clock = new SimulatedClock(),
    idleTimeout = IDLE,
  }: { journal?: Journal; clock?: SimulatedClock; idleTimeout?: number | null } = {},
) {
  const engine = await createEngine(workflows, { journal, clock }, { idleTimeout });
  const row = async (runId = "r") => (await engine.listRuns()).runs.find((run) => run.runId === runId);
  const isLoaded = async (runId = "r") => (await row(runId))?.loaded;
  return { engine, journal, clock, row, isLoaded };
}

/** A run `r` that has just been released. */
export async function released(workflow: Workflow = asking, options: Parameters<typeof open>[1] = {}) {
  const opened = await open({ [workflow.name]: workflow }, options);
  const handler = await opened.engine.start(workflow.name, null, { runId: "r" });
  await opened.clock.advance(IDLE);
  await settle();
  expect(await opened.isLoaded()).toBe(false);
  return { ...opened, handler };
}

/** Tells when a timer fires, at that moment. */
export class RingingClock extends SimulatedClock {
  onRing: () => void = () => undefined;

  override setTimer(due: number, callback: () => void): () => void {
    return super.setTimer(due, () => {
      callback();
      this.onRing();
    });
  }
}

export function faulty(...faults: JournalFault[]) {
  return new FaultInjectingJournal(new MemoryJournal(), { durable: true, faults });
}

export async function ticksOf(journal: Journal, runId = "r"): Promise<Tick[]> {
  await settle();
  const ticks: Tick[] = [];
  for await (const batch of journal.read(runId, { from: 1, to: Number.MAX_SAFE_INTEGER })) ticks.push(...batch.ticks);
  return ticks;
}
