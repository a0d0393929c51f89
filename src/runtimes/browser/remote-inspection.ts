/** News of a run from an engine in a worker: over a port of its own, opened anew with each engine. */
import type { InspectionBatch } from "../../inspection/inspection-event.ts";
import type { EngineLink } from "./engine-link.ts";
import type { InspectionChannel, Line } from "./line.ts";
import type { InspectionPortMessage } from "./protocol.ts";

/** Milliseconds between two batches at least, while nobody sees them. */
const HIDDEN_INTERVAL = 250;

/** Returns how to end it. */
export function inspectRemotely(
  link: EngineLink,
  runId: string,
  listener: (batch: InspectionBatch) => void,
): () => void {
  let line: Line | null = null;
  let port: InspectionChannel["near"] | null = null;
  const follow = (): void => {
    if (link.line === line) return;
    port?.close();
    line = link.line;
    if (!line) return;
    const { near, far } = line.openChannel();
    port = near;
    near.onmessage = (message: MessageEvent<InspectionPortMessage>) => {
      const batch = message.data;
      if (!("number" in batch)) return;
      listener(batch);
      // Only now may the next batch come: a page that is busy or hidden is never flooded.
      afterNextFrame(() => post(near, { acknowledge: batch.number }));
    };
    link.call((api) => api.inspect(runId, far)).catch(() => undefined);
  };
  const stop = link.onChange(follow);
  follow();
  return () => {
    stop();
    if (port) post(port, { close: true });
    port?.close();
    port = null;
  };
}

function post(port: InspectionChannel["near"], message: InspectionPortMessage): void {
  try {
    port.postMessage(message);
  } catch {
    // A channel between tabs that was closed meanwhile throws.
  }
}

/** With the next frame; while the page is hidden there are none, so a timer stands in, until it is shown again. */
function afterNextFrame(callback: () => void): void {
  if (typeof requestAnimationFrame !== "function") {
    setTimeout(callback, HIDDEN_INTERVAL);
    return;
  }
  if (document.visibilityState === "visible") {
    requestAnimationFrame(callback);
    return;
  }
  const go = (): void => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", go);
    callback();
  };
  const timer = setTimeout(go, HIDDEN_INTERVAL);
  document.addEventListener("visibilitychange", go);
}
