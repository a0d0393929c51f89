/** Sentences with links: what they name leads there. */
import type { Selection } from "./selection.ts";

export type LinkTarget =
  | Selection
  | { readonly kind: "moment"; readonly sequence: number }
  | { readonly kind: "otherRun"; readonly runId: string };

/** Text, or text that leads to what it names. */
export type Part = string | { readonly text: string; readonly to: LinkTarget };
export type Sentence = readonly Part[];

export function toStep(step: string): Part {
  return { text: step, to: { kind: "step", step } };
}

export function toEvent(type: string): Part {
  return { text: type, to: { kind: "event", type } };
}

export function toItem({ eventType, workItem }: { readonly eventType: string; readonly workItem: number }): Part {
  return { text: `${eventType} #${workItem}`, to: { kind: "workItem", workItem } };
}

export function toMoment(sequence: number): Part {
  return { text: `#${sequence}`, to: { kind: "moment", sequence } };
}

export function toRun(runId: string): Part {
  return { text: runId, to: { kind: "otherRun", runId } };
}

/** "a, b and 3 more": at most `most` of them, of `total`. */
export function listed(parts: readonly Part[], most: number, total = parts.length): Sentence {
  const shown = parts.slice(0, most);
  const rest = total - shown.length;
  return shown
    .flatMap((part, index): Part[] => {
      if (index === 0) return [part];
      return [rest === 0 && index === shown.length - 1 ? " and " : ", ", part];
    })
    .concat(rest > 0 ? [` and ${rest} more`] : []);
}

export function textOf(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : part.text)).join("");
}
