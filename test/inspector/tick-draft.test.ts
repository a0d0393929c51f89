import { afterEach, expect, test, vi } from "vitest";
import { draftOf, eventOfDraft, parseDraft, readDraft, writeDraft } from "../../inspector/store/tick-draft.ts";

const recorded = {
  kind: "AddEvent",
  sequence: 4,
  at: 9,
  causedBy: "external",
  event: { type: "Answer", data: { yes: true } },
  target: "ask",
} as const;

afterEach(() => vi.unstubAllGlobals());

test("only what can be changed is in the text, and the rest comes back with it", () => {
  expect(JSON.parse(draftOf(recorded))).toEqual({ event: recorded.event, target: "ask" });
  expect(parseDraft(recorded, draftOf(recorded))).toEqual({ tick: recorded });
  const { target: _left, ...untargeted } = recorded;
  expect(parseDraft(recorded, JSON.stringify({ event: recorded.event }))).toEqual({ tick: untargeted });
});

test.each([
  ["{", /This is no JSON: /],
  ["[1]", /Write an object/],
  ["null", /Write an object/],
  ['{"workItem": 9}', /workItem stays as it was recorded/],
])("%s is refused with what to do", (text, message) => {
  expect(parseDraft(recorded, text)).toEqual({ problem: expect.stringMatching(message) });
});

test("the event of a changed tick, with where it goes; of other ticks there is none", () => {
  const changed = JSON.stringify({ event: { type: "Answer", data: { yes: false } }, target: "ask" });
  expect(eventOfDraft(recorded, changed)).toEqual({ event: { type: "Answer", data: { yes: false } }, step: "ask" });
  expect(eventOfDraft({ ...recorded, kind: "StepResult" }, changed)).toBeNull();
  expect(eventOfDraft({ ...recorded, kind: "AddEvent", tagged: true }, '{"tick": {}}')).toBeNull();
  expect(eventOfDraft(recorded, "{")).toBeNull();
});

test("a draft is kept for its run and tick; where nothing can be kept, there is none", () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
  writeDraft("r", 4, "{}");
  expect([readDraft("r", 4), readDraft("r", 5), readDraft("s", 4)]).toEqual(["{}", null, null]);
  vi.stubGlobal("sessionStorage", undefined);
  writeDraft("r", 4, "{}");
  expect(readDraft("r", 4)).toBeNull();
});
