/** Small things that tests of runs share. */
import {
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  run,
  StartEvent,
  StopEvent,
  type Handler,
  type PublishedEvent,
  type Runtime,
  type StepConfig,
  type StepContext,
  type WorkflowEvent,
  type WorkflowOptions,
} from "tickwork";
import { settle, SimulatedClock } from "tickwork/testing";

export const Answer = humanResponseEvent("Answer");
export const Question = inputRequiredEvent("Question");

/** A context of any types: tests of behaviour leave types to the type tests. */
// eslint-disable-next-line typescript/no-explicit-any
export type Ctx = StepContext<any, any, any>;

/** A workflow of one step, from StartEvent to StopEvent. What the step returns becomes the result. */
export function single(
  step: (ctx: Ctx, event: WorkflowEvent) => unknown,
  options: WorkflowOptions = {},
  config: Partial<StepConfig> = {},
) {
  return defineWorkflow("single", options as object).step(
    "step",
    { accepts: StartEvent, emits: StopEvent, ...(config as object) },
    async (event, ctx) => StopEvent((await step(ctx as never, event)) as never),
  );
}

export function simulated(): { readonly clock: SimulatedClock; readonly runtime: Runtime } {
  const clock = new SimulatedClock();
  return { clock, runtime: { clock, journal: null } };
}

/** Runs that one step to its end. */
export const resultOf = (step: (ctx: Ctx, event: WorkflowEvent) => unknown, options: WorkflowOptions = {}) =>
  run(single(step, options)).result();

/** What `result()` rejects with. */
export const failureOf = (handler: Pick<Handler, "result">): Promise<unknown> =>
  handler.result().then(
    (result) => {
      throw new Error(`It completed with ${JSON.stringify(result)}.`);
    },
    (error: unknown) => error,
  );

export async function readAll(events: AsyncIterable<PublishedEvent>): Promise<PublishedEvent[]> {
  const all: PublishedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export const typesOf = (events: readonly { readonly type: string }[]): string[] => events.map(({ type }) => type);

/** How a promise stands after everything ran that needs no time. */
export async function stateOf(promise: Promise<unknown>): Promise<"pending" | "resolved" | "rejected"> {
  let state: "pending" | "resolved" | "rejected" = "pending";
  promise.then(
    () => (state = "resolved"),
    () => (state = "rejected"),
  );
  await settle();
  return state;
}

/** Resolves for all once so many have come. */
export function barrier(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return opened;
  };
}

/** A promise settled from outside. */
export function gate<T = void>(): { readonly promise: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (open = resolve));
  return { promise, open: (value) => open(value) };
}

/** As it comes back from a file. */
export const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
