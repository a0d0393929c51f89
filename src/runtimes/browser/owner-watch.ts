/**
 * Watches the engine at work from a worker that waits for its place, or a page that only looks: who it is, and whether it still answers. A frozen
 * tab keeps its Web Lock and does nothing (rxdb#8514), so the lock alone does not tell.
 */
import { whenFree } from "../../ports/web-lock.ts";
import { tabChannel, type AppVersion, type OwnerFacts, type TabMessage } from "./tab-messages.ts";

/** Milliseconds between two questions; up to a third more, for tabs that began together must not act together. */
const INTERVAL = 300;
/** So many unanswered in a row mean that nobody is there. Counted, not timed: a machine that slept missed none. */
const MISSES = 3;

export interface OwnerWatchOptions {
  readonly database: string;
  /** Null: whoever watches never has the engine itself. */
  readonly self: (AppVersion & { readonly alive: string }) | null;
  /** Another engine answered than before. */
  readonly found: (owner: OwnerFacts) => void;
  /** Nobody answers, although somebody has the lock. Called again as long as that is so. */
  readonly silent: () => void;
}

/** Watches until the function it returns is called. */
export function watchOwner({ database, self, found, silent }: OwnerWatchOptions): () => void {
  const channel = tabChannel(database);
  let unanswered = 0;
  let heard = false;
  let newest: OwnerFacts | null = null;
  const over = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** One that is dead answers no more; a database that was deleted counts its owners from 1 again. */
  const forget = (owner: OwnerFacts): void => {
    whenFree(owner.alive, over.signal).then(
      () => {
        if (newest === owner) newest = null;
      },
      () => undefined,
    );
  };

  const ask = (): void => {
    // An answer to anybody's question is one: so tabs need not all ask.
    const isQuiet = !heard;
    heard = false;
    timer = setTimeout(ask, INTERVAL * (1 + Math.random() / 3));
    if (!isQuiet) return;
    if (unanswered >= MISSES) {
      unanswered = 0;
      silent();
      // Whoever takes over watches no more.
      if (over.signal.aborted) return;
    }
    unanswered += 1;
    channel.postMessage((self ? { tickwork: "ping", ...self } : { tickwork: "look" }) satisfies TabMessage);
  };

  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    if (data.tickwork !== "owner" && data.tickwork !== "awake") return;
    heard = true;
    unanswered = 0;
    if (data.tickwork !== "owner") return;
    // One that was frozen answers old questions when it thaws, before it learns that it was replaced.
    if (newest && (data.epoch < newest.epoch || data.alive === newest.alive)) return;
    newest = data;
    forget(data);
    found(data);
  };
  ask();
  return () => {
    over.abort();
    clearTimeout(timer);
    channel.close();
  };
}
