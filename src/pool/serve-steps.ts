/** The worker's side of a pool. */
import { WorkflowConfigurationError } from "../core/errors.ts";
import { isFirstToServe } from "../ports/serve-once.ts";
import { holdForEver } from "../ports/web-lock.ts";
import { encodeError } from "../serialize/error-codec.ts";
import { compile } from "../workflow/compile.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { Invocation, notServed, type Post } from "./invocation.ts";
import { parentPort } from "./node.ts";
import { isPoolMessage, PROTOCOL, type ToWorker } from "./protocol.ts";

/** This worker, as the code in it sees it. */
export interface WorkerScope {
  readonly post: Post;
  /** Name of the lock that tells of its death; null where the platform does. */
  readonly alive: string | null;
  listen(listener: (message: unknown) => void): void;
}

/**
 * Call once, in the module of a pool's worker, with the workflows whose isolated steps it is to run: the same that the
 * engine has.
 *
 *     // steps.worker.ts
 *     import { serveSteps } from "tickwork/pool";
 *     import { ingest } from "./ingest.ts";
 *     serveSteps({ ingest });
 *
 * Throws `WorkflowConfigurationError` outside a worker, and for a workflow that cannot work. Further calls in the same
 * worker do nothing: a browser may evaluate the module again.
 */
export function serveSteps(workflows: { readonly [name: string]: Workflow }): void {
  const scope = openScope();
  if (isFirstToServe("steps")) serveStepsIn(scope, workflows);
}

export function serveStepsIn(scope: WorkerScope, workflows: { readonly [name: string]: Workflow }): void {
  // Runs are stored by the workflow's own name, whatever it is called here.
  const served = new Map(Object.values(workflows).map((workflow) => [workflow.name, compile(workflow)]));
  const invocations = new Map<number, Invocation>();

  scope.listen((message) => {
    if (!isPoolMessage(message)) return;
    const received = message as ToWorker;
    if (received.tickwork === "run") run(received);
    else invocations.get(received.job)?.receive(received);
  });
  void greet(scope);

  function run(message: Extract<ToWorker, { tickwork: "run" }>): void {
    const { job, workflow, step } = message;
    const compiled = served.get(workflow);
    const definition = compiled?.steps.find(({ name }) => name === step);
    if (!compiled || !definition) {
      const error = encodeError(notServed(workflow, step, [...served.keys()]));
      scope.post({ tickwork: "failed", job, error, breach: true });
      return;
    }
    const over = (): void => void invocations.delete(job);
    const invocation = new Invocation({ run: message, compiled, definition, post: scope.post, over });
    invocations.set(job, invocation);
    void invocation.run();
  }
}

async function greet({ post, alive }: WorkerScope): Promise<void> {
  if (alive !== null) await holdForEver(alive);
  post({ tickwork: "ready", protocol: PROTOCOL, alive });
}

function openScope(): WorkerScope {
  const port = parentPort();
  if (port) {
    return {
      post: (message, transfer = []) => port.postMessage(message, transfer),
      alive: null,
      listen: (listener) => void port.on("message", listener),
    };
  }
  const scope = globalThis as unknown as DedicatedScope;
  if (!scope.WorkerGlobalScope || typeof scope.postMessage !== "function") {
    throw new WorkflowConfigurationError(
      "serveSteps belongs in the module of a worker that a pool starts: withPool(runtime, { worker: () => new Worker(…) }).",
    );
  }
  return {
    post: (message, transfer = []) => scope.postMessage(message, transfer),
    alive: hasLocks() ? `tickwork-pool-${crypto.randomUUID()}` : null,
    listen: (listener) => scope.addEventListener("message", ({ data }) => listener(data)),
  };
}

/** Pages without a secure origin have none. */
function hasLocks(): boolean {
  return (navigator as { readonly locks?: unknown }).locks !== undefined;
}

interface DedicatedScope {
  readonly WorkerGlobalScope?: unknown;
  postMessage(message: unknown, transfer: readonly Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
}
