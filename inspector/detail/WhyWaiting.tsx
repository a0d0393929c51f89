import { Hourglass } from "lucide-react";
import type { Sentence } from "../store/sentence.ts";
import { LinkedSentence } from "./SelectionLink.tsx";

/** Sentences that say why something does not go on. */
export function WhyWaiting({ sentences }: { readonly sentences: readonly Sentence[] }) {
  if (sentences.length === 0) return null;
  return (
    <section className="tw-why" aria-label="Why is it waiting?">
      <h3>
        <Hourglass size={13} aria-hidden="true" /> Why is it waiting?
      </h3>
      {sentences.map((sentence, index) => (
        // A sentence has no identity but its place.
        <p key={index}>
          <LinkedSentence sentence={sentence} />
        </p>
      ))}
    </section>
  );
}
