import { classNames } from "../ui/class-names.ts";
import { useModel } from "../ui/model-context.ts";

/** Before a step's node, while somebody debugs. With keys it is B on the node, so that the graph keeps its one tab stop. */
export function BreakpointDot({ step, isSet }: { readonly step: string; readonly isSet: boolean }) {
  const { debugging } = useModel();
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classNames("tw-breakpoint", "nopan", isSet && "tw-is-set")}
      aria-label={`Breakpoint before ${step}`}
      aria-pressed={isSet}
      title={isSet ? "Take the breakpoint away (B)" : `Hold work before ${step} (B)`}
      onClick={(event) => {
        event.stopPropagation();
        void debugging.toggleBreakpoint(step);
      }}
    >
      <span aria-hidden="true" />
    </button>
  );
}
