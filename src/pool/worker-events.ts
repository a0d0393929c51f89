/** The workers of browsers and of Node, listened to in one way. */
import { whenFree } from "../ports/web-lock.ts";
import { isPoolMessage, type FromWorker } from "./protocol.ts";

/** A `Worker` of the browser or of Node's `worker_threads`, as far as a pool needs it. */
export interface PoolWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
}

interface NodeWorker extends PoolWorker {
  on(event: "message" | "messageerror" | "error" | "exit", listener: (value: unknown) => void): unknown;
  ref(): void;
  unref(): void;
}

export interface WorkerListener {
  readonly message: (message: FromWorker) => void;
  /** Something was thrown and not caught, or its script could not be loaded. It may live on. */
  readonly uncaught: (detail: string) => void;
  /** It is dead, or as good as dead. May come more than once. */
  readonly died: (detail: string, cause?: unknown) => void;
}

export function listenTo(worker: PoolWorker, listener: WorkerListener): void {
  if (isNodeWorker(worker)) listenToNode(worker, listener);
  else listenToBrowser(worker as Worker, listener);
}

/** Whether it keeps a process of Node alive. */
export function keepAlive(worker: PoolWorker, isNeeded: boolean): void {
  if (!isNodeWorker(worker)) return;
  if (isNeeded) worker.ref();
  else worker.unref();
}

function isNodeWorker(worker: PoolWorker): worker is NodeWorker {
  return typeof (worker as Partial<NodeWorker>).on === "function";
}

function listenToNode(worker: NodeWorker, { message, died }: WorkerListener): void {
  let thrown: unknown;
  worker.on("message", (data) => {
    if (isPoolMessage(data)) message(data as FromWorker);
  });
  // Ends the thread: "exit" follows.
  worker.on("error", (error) => (thrown = error));
  worker.on("exit", (code) => {
    const why = thrown instanceof Error ? thrown.message : `it exited with code ${String(code)}`;
    died(why, thrown);
  });
  worker.on("messageerror", () => died(UNREADABLE));
}

function listenToBrowser(worker: Worker, { message, uncaught, died }: WorkerListener): void {
  worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!isPoolMessage(data)) return;
    const sent = data as FromWorker;
    // Nothing else tells of a worker's death: not of a crash, not of `close()`.
    if (sent.tickwork === "ready" && sent.alive !== null) {
      whenFree(sent.alive).then(
        () => died("it crashed, ran out of memory, or closed itself"),
        () => undefined,
      );
    }
    message(sent);
  });
  worker.addEventListener("error", (event) =>
    uncaught(event.message || "its script may be missing, or blocked by the Content-Security-Policy (worker-src)"),
  );
  worker.addEventListener("messageerror", () => died(UNREADABLE));
}

const UNREADABLE = "a message from it could not be read";
