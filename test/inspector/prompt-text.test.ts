import type { WaiterView } from "tickwork/client";
import { expect, test } from "vitest";
import { promptLine, splitPrompt } from "../../inspector/inbox/prompt-text.ts";

const asked = (data: unknown, requirements?: WaiterView["requirements"]) =>
  ({ type: "Answer", prompt: { type: "Ask", data }, ...(requirements && { requirements }) }) as WaiterView;

test("the question is the text with words; what the wait requires anyway is not said twice", () => {
  const waiter = asked({ id: "C-1", question: "Shall it be paid?", amount: 5 }, { id: "C-1" });
  expect(splitPrompt(waiter)).toEqual({ text: "Shall it be paid?", rest: { amount: 5 } });
  expect(promptLine(waiter)).toBe("Shall it be paid?");
});

test.each([
  ["only a text", { text: "Sure?" }, { text: "Sure?", rest: null }],
  ["a text alone", "Sure?", { text: "Sure?", rest: null }],
  ["no words", { id: "C-1", name: "Ada" }, { text: null, rest: { id: "C-1", name: "Ada" } }],
  ["a list", [1], { text: null, rest: [1] }],
  ["nothing", null, { text: null, rest: null }],
])("%s", (_name, data, parts) => {
  expect(splitPrompt(asked(data))).toEqual(parts);
});

test("without words a list names the type", () => {
  expect(promptLine({ type: "Answer" } as WaiterView)).toBe("Answer");
  expect(promptLine(asked({ id: "x" }))).toBe("x");
});
