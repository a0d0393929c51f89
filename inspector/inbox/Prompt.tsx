import type { Json, WaiterView } from "tickwork/client";
import { JsonTree } from "../ui/JsonTree.tsx";

const LONGEST = 4_000;

/** A question that is one text is shown as text, anything else as a tree. */
export function Prompt({ waiter: { prompt } }: { readonly waiter: WaiterView }) {
  if (prompt === undefined) return null;
  const text = promptText(prompt.data as Json);
  if (text !== null) return <p className="tw-prompt">{text.slice(0, LONGEST)}</p>;
  return <JsonTree label={`${prompt.type}, what is asked`} value={prompt.data as Json} />;
}

function promptText(data: Json): string | null {
  if (typeof data === "string") return data;
  if (typeof data !== "object" || data === null || Array.isArray(data)) return null;
  const [only, ...others] = Object.values(data);
  return typeof only === "string" && others.length === 0 ? only : null;
}

/** What is asked in a few words, for a list: the first text of the question. */
export function promptLine({ prompt, type }: WaiterView): string {
  const data = prompt?.data as Json | undefined;
  if (data === undefined) return type;
  const texts = typeof data === "object" && data !== null ? Object.values(data) : [data];
  // The longest text is most likely the question; the others are ids and names.
  const found = texts.filter((each) => typeof each === "string").toSorted((a, b) => b.length - a.length)[0];
  return found === undefined || found.trim() === "" ? type : found.slice(0, 200);
}
