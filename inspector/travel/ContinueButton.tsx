import { GitFork } from "lucide-react";
import { canFork, canRunAgain } from "../store/abilities.ts";
import type { DraftEvent } from "../store/tick-draft.ts";
import { focusRunTitle } from "../ui/focus-run-title.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

interface ContinueButtonProps {
  /** The fork begins after this tick. */
  readonly atSequence: number;
  readonly text?: string;
  /** Sent to the fork as soon as it is there. */
  readonly first?: DraftEvent;
}

/** A new run that begins where this one stood; it is opened, and the focus goes to it. */
export function ContinueButton({ atSequence, text = "Continue from here", first }: ContinueButtonProps) {
  const { commands, store } = useModel();
  const isOffered = useInspector((state) => canRunAgain(state));
  const isPossible = useInspector((state) => canFork(state, state.runId, atSequence));
  if (!isOffered) return null;
  const fork = async (root: Element | null): Promise<void> => {
    const { runId } = store.getState();
    if (runId !== null && (await commands.fork(runId, atSequence, first ?? null)) !== null) focusRunTitle(root);
  };
  return (
    <button
      type="button"
      className="tw-button"
      aria-label={text}
      title={
        isPossible || atSequence < 1
          ? `${text}: a new run that begins after tick ${atSequence}`
          : "The run had completed: from an earlier tick a new one can go on"
      }
      disabled={atSequence < 1 || !isPossible}
      onClick={(event) => void fork(event.currentTarget.closest(".tw-root"))}
    >
      <GitFork size={13} aria-hidden="true" /> <span>{text}</span>
    </button>
  );
}
