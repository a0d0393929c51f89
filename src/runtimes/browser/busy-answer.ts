import { tabChannel, type TabMessage } from "./tab-messages.ts";

/**
 * Answers other tabs from the page of the engine at work: a worker that computes for seconds is busy, not frozen, and
 * must not lose its runs for it. Returns how to stop.
 */
export function answerForWorker(database: string): () => void {
  const channel = tabChannel(database);
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    if (data.tickwork === "ping" || data.tickwork === "look")
      channel.postMessage({ tickwork: "awake" } satisfies TabMessage);
  };
  return () => channel.close();
}
