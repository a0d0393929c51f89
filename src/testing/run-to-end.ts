/** A run taken to its end, for tests: what it published, how it ended, and every tick on the way. */
import type { RunStatus } from "../core/run-status.ts";
import type { Tick } from "../core/tick.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { PublishedEvent } from "../engine/event-stream.ts";
import { EngineHost } from "../engine/host.ts";
import type { ResourcesOfWorkflow } from "../workflow/infer.ts";
import type { Journal } from "../ports/journal.ts";
import { SimulatedClock } from "../ports/simulated-clock.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { withResources } from "./with-resources.ts";
import { passTime, passTimeUntil } from "./simulated-time.ts";

export interface FinishedRun {
  readonly status: RunStatus;
  /** The stop event's data, if the run completed. */
  readonly result?: unknown;
  /** What `result()` rejected with, if it did. */
  readonly error?: unknown;
  readonly events: readonly PublishedEvent[];
  /** The run's whole history. */
  readonly ticks: readonly Tick[];
}

export interface RunToEndOptions<Resources = object> {
  readonly journal: Journal;
  /** Default: a simulated clock, moved on whenever the run has nothing to do but wait for time. */
  readonly clock?: SimulatedClock;
  /** Answers each published event that asks for one. */
  readonly answer?: (event: PublishedEvent) => WorkflowEvent | undefined;
  /** Values to use, by name, in place of those the workflow's factories would make: fakes. As for `run`. */
  readonly resources?: Partial<Resources>;
  /** Milliseconds of real time that a step at work gets before simulated time passes; default 200. */
  readonly patience?: number;
}

/**
 * Runs a workflow until it ends, in simulated time: delays and timeouts cost nothing.
 *
 * Rejects with `WorkflowRuntimeError`, code RUN_STUCK, when the run waits without limit and nobody answers, with
 * `WorkflowConfigurationError` for a resource that the workflow does not list, and as starting a run does. However the
 * run itself ends, this resolves.
 */
export async function runToEnd<W extends Workflow>(
  workflow: W,
  input: unknown,
  options: RunToEndOptions<ResourcesOfWorkflow<W>>,
): Promise<FinishedRun> {
  const { journal, clock = new SimulatedClock(), answer, patience, resources = {} } = options;
  const workflows = { [workflow.name]: withResources(workflow, resources) };
  // Only the run's own timers are to move the clock.
  const host = new EngineHost({ workflows, runtime: { clock, journal }, idleTimeout: null });
  try {
    const handler = await passTimeUntil(clock, host.start(workflow.name, input), patience);
    const { runId } = handler;
    const events: PublishedEvent[] = [];
    let isSending = false;
    const reading = (async () => {
      for await (const event of handler.streamEvents()) {
        events.push(event);
        const reply = answer?.(event);
        if (!reply) continue;
        isSending = true;
        await handler.sendEvent(reply);
        isSending = false;
      }
    })();
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    // A reply that is refused ends the test, not only the reading.
    reading.catch(end);
    const outcome = handler.result().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    void outcome.then(end);
    await passTime(
      clock,
      { view: () => host.stateAt(runId), isOver: () => isOver, isSending: () => isSending },
      patience,
    );
    await reading;
    const ended = await outcome;
    const { status } = handler;
    await host.readTicks(runId, { from: 1, limit: 0 });
    const ticks: Tick[] = [];
    for await (const batch of journal.read(runId, { from: 1, to: Number.MAX_SAFE_INTEGER })) ticks.push(...batch.ticks);
    return { status, ...ended, events, ticks };
  } finally {
    await host.close();
  }
}
