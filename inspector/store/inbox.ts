/** What waits for a person, as a list: merged from pages and news, and what became of each wait that is over. */
import type { OpenWaiter, RunSummary } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { isEnded } from "./status-words.ts";

/**
 *    open --answer()--> sending --taken--> sent (leaves the list with the next news)
 *      |                   '----refused--> open
 *      '--it waits no more--> answered | expired | ended | deleted, until dismissed
 */
export type InboxPhase = "open" | "sending" | "sent" | "answered" | "expired" | "ended" | "deleted";

export interface InboxItem extends OpenWaiter {
  readonly key: string;
  readonly phase: InboxPhase;
}

export interface InboxRef {
  readonly runId: string;
  readonly waiter: number;
}

export interface Inbox {
  /** What was asked first comes first. */
  readonly items: readonly InboxItem[];
  readonly nextBefore: string | null;
  readonly isLoaded: boolean;
  readonly problem: ErrorText | null;
}

export const EMPTY_INBOX: Inbox = { items: [], nextBefore: null, isLoaded: false, problem: null };

/** How many that are over stay in sight. */
export const MOST_OVER = 50;

export const PHASE_WORDS: { readonly [phase in InboxPhase]: string } = {
  open: "Waits",
  sending: "Sending",
  sent: "Sent",
  answered: "Answered elsewhere",
  expired: "Expired",
  ended: "Its run ended",
  deleted: "Its run was deleted",
};

export function inboxKey({ runId, waiter }: InboxRef): string {
  return `${runId}:${waiter}`;
}

export function isOver({ phase }: InboxItem): boolean {
  return phase !== "open" && phase !== "sending" && phase !== "sent";
}

/** What is still to be answered. */
export function openItems({ items }: Inbox): readonly InboxItem[] {
  return items.filter(({ phase }) => phase === "open" || phase === "sending");
}

/** Adds what is new, and takes along what is newer of what is known. */
export function addWaiters(inbox: Inbox, waiters: readonly OpenWaiter[]): Inbox {
  const items = new Map(inbox.items.map((item) => [item.key, item]));
  for (const waiter of waiters) {
    const key = inboxKey({ runId: waiter.runId, waiter: waiter.waiter.waiter });
    const known = items.get(key);
    if (known === undefined || known.sequence < waiter.sequence)
      items.set(key, { ...waiter, key, phase: known?.phase ?? "open" });
  }
  return { ...inbox, items: sorted([...items.values()]) };
}

function sorted(items: readonly InboxItem[]): readonly InboxItem[] {
  return items.toSorted((a, b) => a.waiter.askedAt - b.waiter.askedAt || (a.key < b.key ? -1 : 1));
}

/** A run as it is now: what it does not wait for any more is over, because of this. */
export function setWaitersOf(
  inbox: Inbox,
  runId: string,
  waiters: readonly OpenWaiter[],
  becauseOf: (item: InboxItem) => InboxPhase,
): Inbox {
  const there = new Set(waiters.map(({ waiter }) => inboxKey({ runId, waiter: waiter.waiter })));
  const items = inbox.items
    .filter((item) => item.runId !== runId || item.phase !== "sent" || there.has(item.key))
    .map((item) =>
      item.runId === runId && item.phase === "open" && !there.has(item.key)
        ? { ...item, phase: becauseOf(item) }
        : item,
    );
  return addWaiters({ ...inbox, items: withoutOldest(items) }, waiters);
}

function withoutOldest(items: readonly InboxItem[]): readonly InboxItem[] {
  let surplus = items.filter(isOver).length - MOST_OVER;
  return surplus <= 0 ? items : items.filter((item) => !isOver(item) || surplus-- <= 0);
}

/** Why a wait is over that nobody here answered, as far as the run's row tells. */
export function whyOver(item: InboxItem, run: RunSummary | undefined, now: number): InboxPhase {
  if (run === undefined) return "deleted";
  const { dueAt } = item.waiter;
  if (dueAt !== null && dueAt <= Math.max(now, run.updatedAt)) return "expired";
  return isEnded(run.status) ? "ended" : "answered";
}

export function setPhase(inbox: Inbox, key: string, phase: InboxPhase): Inbox {
  return { ...inbox, items: inbox.items.map((item) => (item.key === key ? { ...item, phase } : item)) };
}

export function dismiss(inbox: Inbox, keys: readonly string[]): Inbox {
  return { ...inbox, items: inbox.items.filter((item) => !keys.includes(item.key)) };
}

/** Where to go on after this one: the next that is open, else the first. */
export function nextOpen(inbox: Inbox, key: string): InboxItem | null {
  const at = inbox.items.findIndex((item) => item.key === key);
  const others = [...inbox.items.slice(at + 1), ...inbox.items.slice(0, Math.max(0, at))];
  return others.find(({ phase }) => phase === "open") ?? null;
}
