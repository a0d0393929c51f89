/** A run taken to its end, for tests: what it published, how it ended, and every tick on the way. */
import type { RunStatus } from "../core/run-status.ts";
import type { Tick } from "../core/tick.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { Journal } from "../ports/journal.ts";
import { SimulatedClock } from "../ports/simulated-clock.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { PublishedEvent } from "./event-stream.ts";
import { EngineHost } from "./host.ts";

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

export interface RunToEndOptions {
  readonly journal: Journal;
  /** Default: a simulated clock, moved on whenever the run has nothing to do but wait for time. */
  readonly clock?: SimulatedClock;
  /** Answers each published event that asks for one. */
  readonly answer?: (event: PublishedEvent) => WorkflowEvent | undefined;
}

/** How far the clock moves in one go: further than any reasonable back-off or wait. */
const STEP = 60_000;

/** Runs a workflow until it ends, in simulated time: delays and timeouts cost nothing. */
export async function runToEnd(workflow: Workflow, input: unknown, options: RunToEndOptions): Promise<FinishedRun> {
  const { journal, clock = new SimulatedClock(), answer } = options;
  const host = new EngineHost({ workflows: { [workflow.name]: workflow }, runtime: { clock, journal } });
  const handler = await host.start(workflow.name, input);
  const events: PublishedEvent[] = [];
  const reading = (async () => {
    for await (const event of handler.streamEvents()) {
      events.push(event);
      const reply = answer?.(event);
      if (reply) await handler.sendEvent(reply);
    }
  })();
  let over = false;
  const outcome = handler.result().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  void outcome.then(() => (over = true));
  while (!over) await clock.advance(STEP);
  await reading;
  const ended = await outcome;
  const ticks: Tick[] = [];
  await host.close();
  for await (const batch of journal.read(handler.runId, { from: 1, to: Number.MAX_SAFE_INTEGER }))
    ticks.push(...batch.ticks);
  return { status: handler.status, ...ended, events, ticks };
}
