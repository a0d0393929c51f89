import { memo } from "react";
import { hasBreakpoint, showsDebugging } from "../store/debugging.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspectorPart, useModel } from "../ui/model-context.ts";
import { holdPart } from "./parts.ts";

/** Before a step's node, while somebody debugs. With keys it is B on the node, so that the graph keeps its one tab stop. */
export const BreakpointDot = memo(function BreakpointDot({ step }: { readonly step: string }) {
  const { debugging } = useModel();
  const isShown = useInspectorPart(showsDebugging, (isOn) => isOn);
  const isSet = useInspectorPart(holdPart, (hold) => hasBreakpoint(hold, step));
  if (!isShown) return null;
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
});
