import { formatCount } from "../store/format.ts";
import type { Selection } from "../store/selection.ts";
import { focusRunTitle } from "../ui/focus-run-title.ts";
import { useModel } from "../ui/model-context.ts";

/** Leads to a step, an event, a work item. */
export function SelectionLink({ text, to }: { readonly text: string; readonly to: Selection }) {
  const { navigation } = useModel();
  return (
    <button type="button" className="tw-link" onClick={() => navigation.select(to)}>
      {text}
    </button>
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
