/** The worker's side of a page that shows run files: an engine in memory that serves no workflow and stores nothing. */
import { expose } from "comlink";
import { EngineHost } from "../../engine/host.ts";
import { systemClock } from "../../ports/clock.ts";
import { isFirstToServe } from "../../ports/serve-once.ts";
import { holdForEver } from "../../ports/web-lock.ts";
import { MemoryJournal } from "../memory/memory-journal.ts";
import { PROTOCOL, type WorkerGreeting } from "../browser/protocol.ts";
import { createWorkerApi } from "../browser/worker-api.ts";

interface WorkerScope {
  postMessage(message: WorkerGreeting): void;
}

/**
 * Call once, in the module of a Web Worker, in place of `serveWorkflows`: runs that are imported can be looked at, at
 * every tick, and exported again. They are gone with the worker. Further calls in the same worker do nothing.
 */
export function serveRunFiles(): void {
  if (!isFirstToServe("engine")) return;
  const scope = globalThis as unknown as WorkerScope;
  const greet = (greeting: WorkerGreeting): void => scope.postMessage(greeting);
  const name = `tickwork-worker-${crypto.randomUUID()}`;
  const host = new EngineHost({ workflows: {}, runtime: { clock: systemClock, journal: new MemoryJournal() } });
  expose(createWorkerApi(async () => host).api);
  // What this worker is for, before the first file comes. That it cannot be loaded is said then.
  import("../../engine/import-run.ts").catch(() => undefined);
  // Held as long as this worker lives, so that its page learns of its death at once.
  void holdForEver(name).then(() => {
    greet({ tickwork: "starting", protocol: PROTOCOL, alive: name });
    greet({ tickwork: "ready", protocol: PROTOCOL, database: name });
  });
}
