/** How the recorded runs are played: on a simulated clock, with answers from outside, saved at every rest. */
import type { Handler, SerializedContext, WorkflowEvent } from "tickwork";
import { settle, type SimulatedClock } from "tickwork/testing";

export interface Stage {
  readonly clock: SimulatedClock;
  readonly handler: Handler;
  /** The run that was started before this one, if the history has one. */
  readonly other: Handler | null;
  /** Keeps a context of this moment. */
  save(moment: string): Promise<void>;
  /** The engine is closed, and a new one takes up its runs. */
  restart(): Promise<void>;
  /** The run is saved, and resumed where nobody knows it. */
  move(): Promise<void>;
}

export type Play = (stage: Stage) => Promise<void>;
/** What is sent to a wait, by the name in its requirements. */
export type Answers = { readonly [to: string]: WorkflowEvent };

const ended = ({ status }: Handler): boolean => ["completed", "failed", "cancelled", "timedOut"].includes(status);

/** Answers the waits that have an answer, and lets time pass where nothing else can happen, until the run ends. */
export const answering =
  (answers: Answers = {}): Play =>
  (stage) =>
    finish(stage.handler, stage.clock, answers, (moment) => stage.save(moment));

export const cancelledAfter =
  (milliseconds: number, reason: string): Play =>
  async (stage) => {
    await stage.clock.advance(milliseconds);
    await stage.save("before the cancel");
    await stage.handler.cancelRun(reason);
  };

export const restartedAfter =
  (milliseconds: number, then: Play): Play =>
  async (stage) => {
    await stage.clock.advance(milliseconds);
    await stage.save("before the restart");
    await stage.restart();
    await then(stage);
  };

export const movedAfter =
  (milliseconds: number, then: Play): Play =>
  async (stage) => {
    await stage.clock.advance(milliseconds);
    await stage.move();
    await then(stage);
  };

/** The other run has the only turn, until it gets its event. */
export const afterTheOther =
  (event: WorkflowEvent, then: Play): Play =>
  async (stage) => {
    await settle();
    await stage.handler.sendEvent({ type: "Unheard", data: null });
    await stage.save("while it waits its turn");
    await stage.other?.sendEvent(event);
    await then(stage);
  };

export async function finish(
  handler: Handler,
  clock: SimulatedClock,
  answers: Answers,
  atRest: (moment: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (let rest = 1; ; rest++) {
    await settle();
    if (ended(handler)) return;
    await atRest(`rest ${rest}`);
    const waiting = waitingFor(await handler.snapshot());
    const answer = waiting.map((to) => answers[to]).find((event) => event !== undefined);
    if (answer) await handler.sendEvent(answer);
    else if (clock.nextDue !== null) await clock.advanceTo(clock.nextDue);
    else throw new Error(`The run waits for ever: ${waiting.join(", ")}.`);
  }
}

const waitingFor = ({ memos }: SerializedContext): string[] =>
  memos.flatMap(({ waiters }) => waiters.map(({ requirements }) => String(requirements?.["to"])));
