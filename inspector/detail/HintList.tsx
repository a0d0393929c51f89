import { Lightbulb } from "lucide-react";
import { useContext, useMemo } from "react";
import { HINT_GUIDES, hintsOf } from "../store/hints.ts";
import { depthOfShown } from "../store/inspector-state.ts";
import type { WhyInput } from "../store/why-waiting.ts";
import { guidePage } from "../ui/guide-page.ts";
import { HelpContext, useInspector } from "../ui/model-context.ts";
import { LinkedSentence } from "./SelectionLink.tsx";

interface HintListProps {
  readonly why: WhyInput;
  /** Only what is about this step. */
  readonly step?: string;
}

/** What seems to be wrong, why, and what to do. */
export function HintList({ why, step }: HintListProps) {
  const helpUrl = useContext(HelpContext);
  const depth = useInspector(depthOfShown);
  const hints = useMemo(() => hintsOf({ ...why, depth }), [why, depth]);
  const shown = step === undefined ? hints : hints.filter(({ steps }) => steps.includes(step));
  if (shown.length === 0) return null;
  return (
    <ul className="tw-hints" aria-label="Hints">
      {shown.map(({ id, title, cause, remedy }) => {
        const guide = guidePage(helpUrl, HINT_GUIDES[id]);
        return (
          <li key={id} className="tw-hint">
            <h3>
              <Lightbulb size={13} aria-hidden="true" /> {title}
            </h3>
            <p>
              <LinkedSentence sentence={cause} />
            </p>
            <p>
              {remedy}{" "}
              {guide !== undefined && (
                <a className="tw-link" href={guide} target="_blank" rel="noreferrer">
                  Read more
                </a>
              )}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
