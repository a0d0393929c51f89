import { CircleDot } from "lucide-react";
import { hasBreakpoint, openHold, showsDebugging } from "../store/debugging.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

/** The breakpoint of the selected step, while somebody debugs. */
export function StepBreakpoint({ step }: { readonly step: string }) {
  const { debugging } = useModel();
  const isShown = useInspector(showsDebugging);
  const isSet = useInspector((state) => hasBreakpoint(openHold(state), step));
  if (!isShown) return null;
  return (
    <p>
      <button
        type="button"
        className={classNames("tw-button", "tw-button-small", isSet && "tw-is-on")}
        aria-pressed={isSet}
        onClick={() => void debugging.toggleBreakpoint(step)}
      >
        <CircleDot size={13} aria-hidden="true" /> Break before this step
      </button>
    </p>
  );
}
