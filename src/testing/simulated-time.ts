/** Moves a simulated clock while a run is at it: time passes only when nothing else can happen. */
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { RunView } from "../inspection/inspection-event.ts";
import { settle, type SimulatedClock } from "../ports/simulated-clock.ts";

export interface TimedRun {
  /** The newest state. */
  view(): Promise<RunView>;
  isOver(): boolean;
  /** Somebody outside is about to send something. */
  isSending?(): boolean;
}

/** Default of `patience`, in milliseconds of real time. */
const PATIENCE = 200;

/**
 * Goes on until the run is over. The clock moves to its next timer when no step is at work, or when steps
 * themselves wait for the clock. A step that is at work gets `patience` milliseconds of real time; after that it
 * is taken to hang, and simulated time passes.
 *
 * Throws `WorkflowRuntimeError`, code RUN_STUCK, for a run that waits without limit while nobody sends.
 */
export async function passTime(clock: SimulatedClock, run: TimedRun, patience: number = PATIENCE): Promise<void> {
  let quietSince = performance.now();
  let lastSequence = -1;
  for (;;) {
    await settle();
    if (run.isOver()) return;
    const view = await run.view();
    const { graph } = view;
    if (graph.sequence !== lastSequence) {
      lastSequence = graph.sequence;
      quietSince = performance.now();
    }
    const due = clock.nextDue;
    const isQuiet = performance.now() - quietSince >= patience;
    // A run has one timer at most: what is beyond it belongs to steps.
    const isAtWork = graph.busy > 0 && clock.pending < 2;
    if (due !== null && (isQuiet || !(isAtWork || run.isSending?.() === true))) await clock.advanceTo(due);
    else if (isQuiet && graph.status === "idle") throw isStuck(view);
    else await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Waits for something outside a run; what takes `patience` milliseconds of real time may be waiting for the clock. */
export async function passTimeUntil<T>(
  clock: SimulatedClock,
  waited: Promise<T>,
  patience: number = PATIENCE,
): Promise<T> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  waited.then(end, end);
  for (let quietSince = performance.now(); !isOver; await new Promise((resolve) => setTimeout(resolve, 1))) {
    const due = clock.nextDue;
    if (due === null || performance.now() - quietSince < patience) continue;
    await clock.advanceTo(due);
    quietSince = performance.now();
  }
  return waited;
}

function isStuck({ runId, waiters }: RunView): WorkflowRuntimeError {
  const kinds = [...new Set(waiters.map(({ type }) => type))].join(", ");
  return new WorkflowRuntimeError(
    kinds === ""
      ? `Run ${runId} has nothing to do and will never end: no step is left that could make its stop event.`
      : `Run ${runId} waits for ${kinds} without limit and nobody sends it. Answer with the option \`answer\`.`,
    { code: "RUN_STUCK", data: { runId, waitingFor: kinds } },
  );
}
