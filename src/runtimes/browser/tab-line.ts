/** A line to the engine that another tab's worker runs: Comlink over a BroadcastChannel that only the two of them know. */
import { releaseProxy, wrap } from "comlink";
import { EngineUnavailableError } from "../../core/errors.ts";
import { holdUntilReleased, whenFree } from "../../ports/web-lock.ts";
import { endpointOf } from "./channel-endpoint.ts";
import { End, type Line } from "./line.ts";
import type { EngineElsewhere, WorkerApi } from "./protocol.ts";
import { tabChannel, type TabMessage } from "./tab-messages.ts";

/** Resolves when the engine listens; rejects when it is gone, or with the reason of the signal. */
export async function openTabLine({ alive, database }: EngineElsewhere, signal: AbortSignal): Promise<Line> {
  const name = `tickwork-line-${crypto.randomUUID()}`;
  // The engine gets this lock when we hung up, or are gone.
  const hangUp = await holdUntilReleased(name);
  const channel = new BroadcastChannel(name);
  const api = wrap<WorkerApi>(endpointOf(channel));
  const end = new End();
  const over = new AbortController();
  const close = (reason: EngineUnavailableError): void => {
    if (over.signal.aborted) return;
    over.abort();
    end.because(reason);
    api[releaseProxy]();
    channel.close();
    hangUp();
  };
  whenFree(alive, over.signal).then(
    () => close(goneElsewhere()),
    () => undefined,
  );
  try {
    await end.before(attach(database, alive, name, signal));
  } catch (error) {
    close(goneElsewhere());
    throw error;
  }
  return {
    api,
    isOwn: false,
    engine: alive,
    end,
    openChannel: () => {
      const far = `${name}-${crypto.randomUUID()}`;
      return { near: new BroadcastChannel(far), far };
    },
    close,
  };
}

async function attach(database: string, alive: string, line: string, signal: AbortSignal): Promise<void> {
  const tabs = tabChannel(database);
  try {
    await new Promise<void>((resolve, reject) => {
      tabs.onmessage = ({ data }: MessageEvent<TabMessage>) => {
        if (data.tickwork === "attached" && data.line === line) resolve();
      };
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      signal.throwIfAborted();
      tabs.postMessage({ tickwork: "attach", alive, line } satisfies TabMessage);
    });
  } finally {
    tabs.close();
  }
}

/** The tab with the engine is gone, or has lost it. */
export function goneElsewhere(): EngineUnavailableError {
  return new EngineUnavailableError(
    "The tab that ran the engine is gone, or does not answer. Another tab takes over; runs resume by themselves.",
    { code: "ENGINE_RESTARTING" },
  );
}
