/** One page on an engine whose storage gets into trouble: what the test asks of it, and what it tells. */
import { WorkflowError } from "tickwork";
import { connect, type Engine } from "tickwork/client";
import { outsideOf, type Outside } from "./outside.ts";
import { insist } from "./victim.ts";
import type { StorageWorkerName } from "./storage.worker.ts";

export type StorageNews =
  | Outside
  /** The page saw this event of a run. */
  | { readonly kind: "event"; readonly runId: string; readonly sequence: number; readonly type: string }
  /** Where the page finds its engine now. */
  | { readonly kind: "connection"; readonly state: string; readonly isElsewhere: boolean; readonly at: number };

/** How a call ended. */
export type Outcome<T> = { readonly value: T } | { readonly code: string; readonly message: string };

export interface StorageOptions extends StorageWorkerName {
  /** Milliseconds for which a worker that is to be ended goes on: for what it does in that time. */
  readonly lingering?: number;
}

let engine: Engine;

/** Called by tests; what they give and get crosses to the page as data. */
export const storageProofs = {
  open({ stall, lingering = 0, ...rest }: StorageOptions): void {
    let workers = 0;
    engine = connect(() => {
      workers += 1;
      // Only the first one stands still.
      const name: StorageWorkerName = { ...rest, ...(stall && workers === 1 && { stall }) };
      const worker = new Worker(new URL("./storage.worker.ts", import.meta.url), {
        type: "module",
        name: JSON.stringify(name),
      });
      worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        const outside = outsideOf(data);
        if (outside) window.tellStorage(outside);
      });
      if (lingering > 0) worker.terminate = () => void setTimeout(() => endWorker(worker), lingering);
      return worker;
    });
    engine.onConnectionChange(() => {
      const { state, isElsewhere } = engine.connection;
      window.tellStorage({ kind: "connection", state, isElsewhere, at: Date.now() });
    });
  },

  start: (runId: string, input: { steps: number; ballast: number }): Promise<Outcome<string>> =>
    outcomeOf(engine.startRun("chain", input, { runId })),

  result: (runId: string): Promise<Outcome<unknown>> => outcomeOf(engine.result(runId)),

  /** Resolves when the stream has ended. */
  watch: (runId: string): Promise<Outcome<null>> =>
    outcomeOf(
      (async () => {
        const handler = await insist(() => engine.attach(runId));
        for await (const { sequence, type } of handler.streamEvents()) {
          window.tellStorage({ kind: "event", runId, sequence, type });
        }
        return null;
      })(),
    ),

  storage: async () => {
    const { state, problem, usage = 0, quota = 0 } = await engine.storage();
    return { state, code: problem?.code ?? null, remedy: problem?.remedy ?? null, usage, quota };
  },

  retry: (): Promise<void> => engine.retryStorage(),

  deleteRun: (runId: string): Promise<void> => engine.deleteRun(runId),

  runs: async (): Promise<string[]> => {
    const { runs } = await engine.listRuns();
    return runs.map(({ runId, status }) => `${runId} ${status}`).toSorted();
  },

  connection: () => engine.connection,

  close: (): Promise<void> => engine.close(),

  /** Past the engine: opens the database in this version, as an older app would, and holds it whatever it is asked. */
  async holdOlder(database: string, version: 1 | 2): Promise<void> {
    const request = indexedDB.open(database, version);
    request.addEventListener("upgradeneeded", () => {
      const { result } = request;
      if (version === 2) result.createObjectStore("meta");
      result.createObjectStore("runs", { keyPath: "runId" }).createIndex("created", ["createdAt", "runId"]);
      result
        .createObjectStore("batches", { keyPath: ["runId", "from"] })
        .createIndex("published", ["runId", "lastPosition"]);
      result.createObjectStore("snapshots", { keyPath: ["runId", "sequence"] });
    });
    await finished(request);
    request.result.addEventListener("versionchange", () => undefined);
  },

  /** Past the engine. Resolves when it is gone. */
  async deleteDatabase(database: string): Promise<void> {
    await finished(indexedDB.deleteDatabase(database));
  },

  databases: async (): Promise<string[]> => (await indexedDB.databases()).map(({ name = "" }) => name),
};

function endWorker(worker: Worker): void {
  Worker.prototype.terminate.call(worker);
}

async function outcomeOf<T>(call: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await call };
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    return { code: error.code, message: error.message };
  }
}

function finished(request: IDBOpenDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve());
    request.addEventListener("error", () => reject(request.error ?? new Error("The database did not open.")));
  });
}
