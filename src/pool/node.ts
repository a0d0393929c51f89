/** What only Node has, found without an import that a browser's bundler would stumble over. */

interface WithProcess {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

interface WorkerThreads {
  /** null outside worker threads. */
  readonly parentPort: ParentPort | null;
}

interface ParentPort {
  postMessage(message: unknown, transfer: readonly Transferable[]): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
}

/** The port to the thread that started this one; undefined where this is no worker thread. */
export function parentPort(): ParentPort | undefined {
  return builtin<WorkerThreads>("node:worker_threads")?.parentPort ?? undefined;
}

/** How many processors may be used at once; undefined where Node does not know. */
export function availableParallelism(): number | undefined {
  return builtin<{ availableParallelism(): number }>("node:os")?.availableParallelism();
}

function builtin<T>(name: string): T | undefined {
  return (globalThis as WithProcess).process?.getBuiltinModule?.(name) as T | undefined;
}
