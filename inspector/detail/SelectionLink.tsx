import { formatCount } from "../store/format.ts";
import type { LinkTarget, Sentence } from "../store/sentence.ts";
import { focusRunTitle } from "../ui/focus-run-title.ts";
import { useModel } from "../ui/model-context.ts";

/** Leads to a step, an event, a work item, a moment, another run. */
export function SelectionLink({ text, to }: { readonly text: string; readonly to: LinkTarget }) {
  const { navigation } = useModel();
  const go = (): void => {
    if (to.kind === "moment") navigation.selectTick(to.sequence);
    else if (to.kind === "otherRun") navigation.openRun(to.runId);
    else navigation.select(to);
  };
  return (
    <button type="button" className="tw-link" onClick={go}>
      {text}
    </button>
  );
}

/** A sentence whose names lead to what they name. */
export function LinkedSentence({ sentence }: { readonly sentence: Sentence }) {
  return sentence.map((part, at) =>
    typeof part === "string" ? part : <SelectionLink key={`${at} ${part.text}`} text={part.text} to={part.to} />,
  );
}

/** Leads to a tick: all views then show that moment. */
export function TickLink({ sequence }: { readonly sequence: number }) {
  const { navigation } = useModel();
  return (
    <button type="button" className="tw-link tw-num" onClick={() => navigation.selectTick(sequence)}>
      #{sequence}
    </button>
  );
}

/** Leads to another run, at one of its ticks. */
export function RunLink({ runId, at }: { readonly runId: string; readonly at: number }) {
  const { navigation } = useModel();
  const open = (root: Element | null): void => {
    navigation.openRun(runId);
    navigation.setPosition(at);
    focusRunTitle(root);
  };
  return (
    <button type="button" className="tw-link" onClick={(event) => open(event.currentTarget.closest(".tw-root"))}>
      {runId} at #{formatCount(at)}
    </button>
  );
}
