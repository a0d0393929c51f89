/** The worker's side: hosts workflows, keeps their runs in IndexedDB, and answers the page. */
import { expose } from "comlink";
import { StorageError, WorkflowConfigurationError } from "../../core/errors.ts";
import { fingerprintOf } from "../../core/program.ts";
import { EngineHost } from "../../engine/host.ts";
import type { HostOptions } from "../../engine/host-parts.ts";
import type { OnMismatch } from "../../inspection/engine-control.ts";
import { systemClock } from "../../ports/clock.ts";
import type { Redact } from "../../inspection/redaction.ts";
import type { Journal } from "../../ports/journal.ts";
import type { RunHook } from "../../ports/run-hook.ts";
import type { Runtime } from "../../ports/runtime.ts";
import { isFirstToServe } from "../../ports/serve-once.ts";
import { holdForEver } from "../../ports/web-lock.ts";
import { compile } from "../../workflow/compile.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { encodeError } from "../../serialize/error-codec.ts";
import { withRetries } from "../../ports/retrying-journal.ts";
import { DatabaseLock } from "./database-lock.ts";
import { IndexedDbJournal } from "./indexeddb-journal.ts";
import { PROTOCOL, type WaitingGreeting, type WorkerGreeting } from "./protocol.ts";
import { isSameVersion, type AppVersion, type OwnerFacts } from "./tab-messages.ts";
import { assertCodec, type StorageCodec } from "./storage-codec.ts";
import { storageFacts } from "./storage-facts.ts";
import { createWorkerApi } from "./worker-api.ts";

export interface ServeOptions {
  /** Name of the IndexedDB database; one per app and origin. */
  readonly database: string;
  /**
   * Encodes what is stored of runs, e.g. encrypts it. Runs written before there was one stay readable, and go on
   * encoded. Default: none, everything is stored as text.
   */
  readonly codec?: StorageCodec;
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
  /**
   * The app's version, of its build for example. Tabs of one version share the engine of one of them; a tab of another
   * version waits until those are closed, and both are told (`engine.connection.otherVersion`). Default: made of the
   * names, versions and steps of the workflows.
   */
  readonly version?: string;
  /**
   * Says what may be shown of the runs' data to inspectors, in lists of runs, in exported files and to hooks, before any
   * of it leaves this worker. Results, streams and snapshots are for the app that runs them, and stay whole.
   */
  readonly redact?: Redact;
}

export type DurableRuntime = Runtime & { readonly journal: Journal };

interface WorkerScope {
  postMessage(message: WorkerGreeting): void;
}

/**
 * Call once, in the module of a Web Worker. Resumes the runs that were not finished, then answers `connect`. Further
 * calls in the same worker do nothing: a browser may evaluate the module again.
 *
 * Only one worker at a time owns a database: that of the tab that came first. The pages of other tabs call it from
 * where they are; their own workers wait, and one of them takes over when it is closed, dies, or does not answer for
 * more than a second.
 */
export function serveWorkflows(
  workflows: { readonly [name: string]: Workflow },
  { database, codec, hooks = [], decorate = (runtime) => runtime, version = "", ...options }: ServeOptions,
): void {
  if (typeof database !== "string" || database === "") {
    throw new WorkflowConfigurationError('serveWorkflows needs the name of a database: { database: "my-app" }.');
  }
  if (codec) assertCodec(codec);
  if (!isFirstToServe("engine")) return;
  const scope = globalThis as unknown as WorkerScope;
  let host: Promise<EngineHost> | undefined;
  const getHost = (): Promise<EngineHost> => host ?? Promise.reject(new WorkflowConfigurationError("Not ready."));
  expose(createWorkerApi(getHost).api);

  const greet = (greeting: WorkerGreeting): void => scope.postMessage(greeting);
  begin().catch((error: unknown) => greet({ tickwork: "failed", protocol: PROTOCOL, error: encodeError(error) }));

  async function begin(): Promise<void> {
    const alive = `tickwork-worker-${crypto.randomUUID()}`;
    // Held as long as this worker lives, so that pages learn of its death at once.
    await holdForEver(alive);
    greet({ tickwork: "starting", protocol: PROTOCOL, alive });
    const self = { alive, protocol: PROTOCOL, app: version || identify(workflows), version };
    const journal = new IndexedDbJournal(database, codec);
    const lock = new DatabaseLock({
      database,
      self,
      createApi: () => createWorkerApi(getHost),
      open: () =>
        openUnblocked(journal, ({ code, message }) =>
          greet({ tickwork: "waiting", protocol: PROTOCOL, owner: null, isOtherVersion: false, reason: message, code }),
        ),
      waiting: (owner) => greet({ tickwork: "waiting", protocol: PROTOCOL, ...toOwner(owner, self, database) }),
      replaced: (reason) => greet({ tickwork: "replaced", protocol: PROTOCOL, reason: reason.message }),
      otherVersion: (other) =>
        greet({
          tickwork: "otherVersion",
          protocol: PROTOCOL,
          reason: other === null ? null : otherTab(other, version),
        }),
    });
    host = start(workflows, decorate(withRetries({ clock: systemClock, journal, lock, hooks })), options);
    await host;
    greet({ tickwork: "ready", protocol: PROTOCOL, database });
  }
}

/** A tab that holds an older version of the database will be closed one day: it goes on then, by itself. */
async function openUnblocked(journal: IndexedDbJournal, blocked: (error: StorageError) => void): Promise<number> {
  for (;;) {
    try {
      return await journal.open();
    } catch (error) {
      if (!(error instanceof StorageError && error.code === "STORAGE_BLOCKED")) throw error;
      blocked(error);
    }
  }
}

/** Of tabs with the same, each could run the other's runs. */
function identify(workflows: { readonly [name: string]: Workflow }): string {
  const all = Object.entries(workflows).map(([name, workflow]) => {
    const { program } = compile(workflow);
    return [name, program.version, fingerprintOf(program)].join("@");
  });
  return all.toSorted().join();
}

function toOwner(
  owner: OwnerFacts | null,
  self: AppVersion,
  database: string,
): Pick<WaitingGreeting, "owner" | "reason" | "isOtherVersion"> {
  if (owner && !isSameVersion(owner, self)) {
    return { owner: null, isOtherVersion: true, reason: otherTab(owner.version, self.version) };
  }
  return {
    owner: owner && { alive: owner.alive, database },
    isOtherVersion: false,
    reason: "Another tab runs this app's engine, and does not answer yet.",
  };
}

function otherTab(theirs: string, ours: string): string {
  const which = theirs && ours ? ` (${theirs} there, ${ours} here)` : "";
  return `Another tab runs another version of this app${which}. They cannot share an engine: reload the older one, or close it.`;
}

async function start(
  workflows: { readonly [name: string]: Workflow },
  runtime: DurableRuntime,
  options: Pick<HostOptions, "idleTimeout" | "onMismatch" | "redact">,
): Promise<EngineHost> {
  const host = new EngineHost({ workflows, runtime, storage: storageFacts, ...options });
  await host.resumeAll();
  return host;
}
