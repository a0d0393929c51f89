/** Its own module, so that bundlers find the worker, and a page can start it before it has an inspector. */
export function startLayoutWorker(): Worker {
  return new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
}
