/** What someone began to type and did not send, kept in this browser: over reloads, within bounds, and not for long. */
import type { EngineControl } from "tickwork/client";

export interface Drafts {
  /** undefined: there is none, or it was typed into another form than `mark` says. */
  read(key: string, mark: string): unknown;
  write(key: string, mark: string, draft: unknown): void;
  clear(key: string): void;
}

type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "tickwork.draft";
/** How many are kept, how long in milliseconds, and how many characters each may have. */
export const MOST_DRAFTS = 50;
export const LONGEST_AGE = 14 * 86_400_000;
const LONGEST = 50_000;

interface StoredDraft {
  readonly at: number;
  readonly mark: string;
  readonly draft: unknown;
}

/**
 * `scope`: whose they are, where several apps share an origin; it is asked each time. Storage may be forbidden or full:
 * then they are not kept.
 */
export function createDrafts(storage: DraftStorage | null, scope: () => string, now: () => number = Date.now): Drafts {
  const named = (key: string): string => `${PREFIX} ${scope()} ${key}`;
  const attempt = <T>(work: (from: DraftStorage) => T): T | undefined => {
    try {
      return storage === null ? undefined : work(storage);
    } catch {
      return undefined;
    }
  };
  /** Drops what is old, and of the others the oldest over the limit. */
  function prune(from: DraftStorage): void {
    const keys = Array.from({ length: from.length }, (_, index) => from.key(index)).filter((key) => key !== null);
    const drafts = keys
      .filter((key) => key.startsWith(`${PREFIX} `))
      .map((key) => ({ key, at: parse(from.getItem(key))?.at ?? 0 }))
      .toSorted((a, b) => b.at - a.at);
    for (const [index, { key, at }] of drafts.entries())
      if (index >= MOST_DRAFTS || at < now() - LONGEST_AGE) from.removeItem(key);
  }
  return {
    read: (key, mark) =>
      attempt((from) => {
        const stored = parse(from.getItem(named(key)));
        return stored?.mark === mark && stored.at >= now() - LONGEST_AGE ? stored.draft : undefined;
      }),
    write(key, mark, draft) {
      attempt((from) => {
        const text = JSON.stringify({ at: now(), mark, draft } satisfies StoredDraft);
        if (text.length > LONGEST) return;
        from.setItem(named(key), text);
        prune(from);
      });
    },
    clear(key) {
      attempt((from) => from.removeItem(named(key)));
    },
  };
}

/** In `localStorage`, for the page at this path and the database of the engine that it shows. */
export function browserDrafts(source: Pick<EngineControl, "connection">): Drafts {
  const scope = (): string => `${location.pathname} ${source.connection?.database ?? ""}`;
  try {
    return createDrafts(localStorage, scope);
  } catch {
    return createDrafts(null, scope);
  }
}

function parse(text: string | null): StoredDraft | null {
  try {
    const stored: unknown = JSON.parse(text ?? "null");
    return typeof stored === "object" && stored !== null && "at" in stored && typeof stored.at === "number"
      ? (stored as StoredDraft)
      : null;
  } catch {
    return null;
  }
}

/** Short for a schema: a draft of another one does not fit. */
export function markOf(schema: unknown): string {
  let hash = 0x811c9dc5;
  for (const sign of JSON.stringify(schema) ?? "") hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}
