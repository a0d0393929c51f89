import type { RunBroker } from "./broker.ts";

/** Cancels the run when the signal aborts. */
export function cancelWith(broker: RunBroker, signal: AbortSignal | undefined): void {
  if (!signal) return;
  const cancel = (): void => {
    const reason: unknown = signal.reason;
    broker.cancel(reason instanceof Error ? reason.message : String(reason)).catch(() => undefined);
  };
  if (signal.aborted) return cancel();
  signal.addEventListener("abort", cancel, { once: true });
  const done = (): void => signal.removeEventListener("abort", cancel);
  broker.result().then(done, done);
}
