import { Hand } from "lucide-react";
import { heldSentence, limitSentence, openHold } from "../store/debugging.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

/** That somebody holds the open run, what waits, and how it goes on. Spoken politely by the announcer. */
export function HeldRun() {
  const { debugging } = useModel();
  const isMine = useInspector((state) => state.isDebugging);
  const isPaused = useInspector((state) => openHold(state)?.isPaused === true);
  const sentence = useInspector((state) => {
    const hold = openHold(state);
    return hold === null ? null : heldSentence(hold);
  });
  const limit = useInspector((state) => {
    const hold = openHold(state);
    return hold === null ? null : limitSentence(hold, state.now);
  });
  if (sentence === null) return null;
  return (
    <div className="tw-banner tw-banner-held">
      <Hand size={14} aria-hidden="true" />
      <p>
        <b>
          {isPaused ? "Paused" : "Held"} by {isMine ? "you" : "another inspector"}:
        </b>{" "}
        {sentence}{" "}
        <span className="tw-muted">{limit !== null && `${limit} `}A reload forgets this, and the run goes on.</span>
      </p>
      <button type="button" className="tw-button tw-button-small" onClick={() => void debugging.resume()}>
        Continue
      </button>
    </div>
  );
}
