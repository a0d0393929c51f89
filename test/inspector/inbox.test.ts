import type { OpenWaiter, RunSummary } from "tickwork/client";
import { expect, test } from "vitest";
import type { Inbox } from "../../inspector/store/inbox.ts";
import { addWaiters, dismiss, EMPTY_INBOX, MOST_OVER, nextOpen, openItems, setPhase, setWaitersOf, whyOver } from "../../inspector/store/inbox.ts"; // prettier-ignore

const asked = (runId: string, waiter = 1, part: Partial<OpenWaiter["waiter"]> = {}, sequence = 5): OpenWaiter => ({
  runId,
  workflow: "w",
  sequence,
  waiter: {
    waiter,
    step: "ask",
    workItem: 1,
    waiterId: "",
    type: "Answer",
    role: "humanResponse",
    askedAt: waiter * 100,
    dueAt: null,
    schema: null,
    ...part,
  },
});
const keys = ({ items }: Inbox) => items.map(({ key, phase }) => `${key} ${phase}`);
const run = (part: Partial<RunSummary>) => ({ status: "idle", updatedAt: 0, ...part }) as RunSummary;

test("what was asked first comes first, and newer news of a wait takes the place of older", () => {
  const inbox = addWaiters(EMPTY_INBOX, [asked("b", 2), asked("a", 1)]);
  expect(keys(inbox)).toEqual(["a:1 open", "b:2 open"]);
  const newer = addWaiters(inbox, [asked("a", 1, { dueAt: 9 }, 6), asked("b", 2, { dueAt: 9 }, 4)]);
  expect(newer.items.map(({ waiter }) => waiter.dueAt)).toEqual([9, null]);
});

test("what a run waits for no more stays in sight with the reason, others are untouched", () => {
  const inbox = addWaiters(EMPTY_INBOX, [asked("a", 1), asked("a", 2), asked("b", 3)]);
  const after = setWaitersOf(inbox, "a", [asked("a", 2)], () => "answered");
  expect(keys(after)).toEqual(["a:1 answered", "a:2 open", "b:3 open"]);
  expect(openItems(after)).toHaveLength(2);
  expect(keys(dismiss(after, ["a:1"]))).toEqual(["a:2 open", "b:3 open"]);
});

test("what is being sent is not called answered elsewhere, and what was sent leaves", () => {
  const inbox = setPhase(addWaiters(EMPTY_INBOX, [asked("a")]), "a:1", "sending");
  expect(keys(setWaitersOf(inbox, "a", [], () => "answered"))).toEqual(["a:1 sending"]);
  const sent = setPhase(inbox, "a:1", "sent");
  // A list read before the answer arrived does not bring it back.
  expect(keys(setWaitersOf(sent, "a", [asked("a", 1, {}, 9)], () => "answered"))).toEqual(["a:1 sent"]);
  expect(keys(setWaitersOf(sent, "a", [], () => "answered"))).toEqual([]);
});

test("of what is over only so much is kept", () => {
  const many = Array.from({ length: MOST_OVER + 7 }, (_, index) => asked("a", index + 1));
  const after = setWaitersOf(addWaiters(EMPTY_INBOX, [...many, asked("b", 999)]), "a", [], () => "expired");
  expect(after.items).toHaveLength(MOST_OVER + 1);
  expect(after.items.at(-1)?.key).toBe("b:999");
});

test("why a wait is over", () => {
  const [item] = addWaiters(EMPTY_INBOX, [asked("a", 1, { dueAt: 50 })]).items;
  const [endless] = addWaiters(EMPTY_INBOX, [asked("a")]).items;
  if (item === undefined || endless === undefined) throw new Error("no items");
  expect(whyOver(item, run({}), 60)).toBe("expired");
  expect(whyOver(item, run({ updatedAt: 70 }), 40)).toBe("expired");
  expect(whyOver(item, run({}), 40)).toBe("answered");
  expect(whyOver(endless, run({ status: "cancelled" }), 40)).toBe("ended");
  expect(whyOver(endless, undefined, 40)).toBe("deleted");
});

test("after an answer comes the next that is open, and after the last the first", () => {
  const inbox = setPhase(addWaiters(EMPTY_INBOX, [asked("a", 1), asked("b", 2), asked("c", 3)]), "b:2", "expired");
  expect(nextOpen(inbox, "a:1")?.key).toBe("c:3");
  expect(nextOpen(inbox, "c:3")?.key).toBe("a:1");
  expect(nextOpen(addWaiters(EMPTY_INBOX, [asked("a")]), "a:1")).toBeNull();
});
