/** The words of a question: which part of what was published with a wait is to be read. */
import type { Json, JsonObject, WaiterView } from "tickwork/client";

export interface PromptParts {
  /** null: no text in it is a question. */
  readonly text: string | null;
  /** What it says beside the text and what the wait requires anyway; null: nothing. */
  readonly rest: Json | null;
}

export function splitPrompt({ prompt, requirements = {} }: WaiterView): PromptParts {
  const data = prompt?.data as Json | undefined;
  if (data === undefined || data === null) return { text: null, rest: null };
  if (typeof data === "string") return { text: data, rest: null };
  if (typeof data !== "object" || Array.isArray(data)) return { text: null, rest: data };
  const members = Object.entries(data as JsonObject);
  const question = questionOf(members);
  const others = members.filter(
    ([name, value]) => name !== question?.[0] && JSON.stringify(requirements[name]) !== JSON.stringify(value),
  );
  return { text: question?.[1] ?? null, rest: others.length === 0 ? null : Object.fromEntries(others) };
}

/** The only text, or of several the longest that has words: the others are ids and names. */
function questionOf(members: readonly [string, Json][]): [string, string] | undefined {
  const texts = members.filter((member): member is [string, string] => typeof member[1] === "string");
  if (texts.length === 1 && members.length === 1) return texts[0];
  return texts.filter(([, text]) => /\s/.test(text.trim())).toSorted((a, b) => b[1].length - a[1].length)[0];
}

/** What is asked in one line, for a list; the awaited type where there are no words. */
export function promptLine(waiter: WaiterView): string {
  const text = splitPrompt(waiter).text?.trim() ?? "";
  return text === "" ? waiter.type : text.slice(0, 200);
}
