/** The worker's side: hosts workflows, keeps their runs in IndexedDB, and answers the page. */
import { expose } from "comlink";
import { WorkflowConfigurationError } from "../../core/errors.ts";
import { EngineHost, type HostOptions } from "../../engine/host.ts";
import type { OnMismatch } from "../../inspection/engine-control.ts";
import { systemClock } from "../../ports/clock.ts";
import type { Journal } from "../../ports/journal.ts";
import type { RunHook } from "../../ports/run-hook.ts";
import type { Runtime } from "../../ports/runtime.ts";
import { holdForEver } from "../../ports/web-lock.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { encodeError } from "../../serialize/error-codec.ts";
import { withRetries } from "../../ports/retrying-journal.ts";
import { DatabaseLock } from "./database-lock.ts";
import { IndexedDbJournal } from "./indexeddb-journal.ts";
import { PROTOCOL, type WorkerGreeting } from "./protocol.ts";
import { storageFacts } from "./storage-facts.ts";
import { createWorkerApi } from "./worker-api.ts";

export interface ServeOptions {
  /** Name of the IndexedDB database; one per app and origin. */
  readonly database: string;
  /** Told of everything that happens in the runs, e.g. for tracing. */
  readonly hooks?: readonly RunHook[];
  /**
   * Makes a runtime out of the worker's own: `(runtime) => withPool(runtime, …)`, `verbose`, or several of them. Called
   * once, when this worker owns the database.
   */
  readonly decorate?: (runtime: DurableRuntime) => DurableRuntime;
  /**
   * A run that waits for an event or a timer, and in which nothing else happened for so many milliseconds, leaves
   * memory. It comes back by itself when an event is sent to it, a timer is due, or somebody watches it live; handlers,
   * results and streams stay good. Its resources are disposed of and made again. null: never. Default 60,000.
   */
  readonly idleTimeout?: number | null;
  /** For runs whose workflow has no place for some of their work any more; default "pause". */
  readonly onMismatch?: OnMismatch;
}

export type DurableRuntime = Runtime & { readonly journal: Journal };

interface WorkerScope {
  postMessage(message: WorkerGreeting): void;
}

/**
 * Call once, in the module of a Web Worker. Resumes the runs that were not finished, then answers `connect`.
 *
 * Only one worker at a time owns a database: a second one (another tab) waits until the first is gone.
 */
export function serveWorkflows(
  workflows: { readonly [name: string]: Workflow },
  { database, hooks = [], decorate = (runtime) => runtime, ...options }: ServeOptions,
): void {
  if (typeof database !== "string" || database === "") {
    throw new WorkflowConfigurationError('serveWorkflows needs the name of a database: { database: "my-app" }.');
  }
  const scope = globalThis as unknown as WorkerScope;
  const alive = `tickwork-worker-${crypto.randomUUID()}`;
  let host: Promise<EngineHost> | undefined;
  expose(createWorkerApi(() => host ?? Promise.reject(new WorkflowConfigurationError("Not ready."))));

  const greet = (greeting: WorkerGreeting): void => scope.postMessage(greeting);
  begin().catch((error: unknown) => greet({ tickwork: "failed", protocol: PROTOCOL, error: encodeError(error) }));

  async function begin(): Promise<void> {
    // Held as long as this worker lives, so that the page learns of its death at once.
    await holdForEver(alive);
    greet({ tickwork: "starting", protocol: PROTOCOL, alive });
    const journal = new IndexedDbJournal(database);
    const lock = new DatabaseLock(database, journal, (reason) =>
      greet({ tickwork: "waiting", protocol: PROTOCOL, reason }),
    );
    host = start(workflows, decorate(withRetries({ clock: systemClock, journal, lock, hooks })), options);
    await host;
    greet({ tickwork: "ready", protocol: PROTOCOL });
  }
}

async function start(
  workflows: { readonly [name: string]: Workflow },
  runtime: DurableRuntime,
  options: Pick<HostOptions, "idleTimeout" | "onMismatch">,
): Promise<EngineHost> {
  const host = new EngineHost({ workflows, runtime, storage: storageFacts, ...options });
  await host.resumeAll();
  return host;
}
