import { CircleDot } from "lucide-react";
import type { ReactNode } from "react";
import { hasBreakpoint, hasEventBreakpoint, openHold, showsDebugging, takersOf } from "../store/debugging.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

/** The breakpoint of the selected step, while somebody debugs. */
export function StepBreakpoint({ step }: { readonly step: string }) {
  const { debugging } = useModel();
  const isShown = useInspector(showsDebugging);
  const isSet = useInspector((state) => hasBreakpoint(openHold(state), step));
  if (!isShown) return null;
  return (
    <Toggle isSet={isSet} onToggle={() => void debugging.toggleBreakpoint(step)}>
      Break before this step
    </Toggle>
  );
}

/** Holds the steps that take the selected event, while somebody debugs. */
export function EventBreakpoint({ type }: { readonly type: string }) {
  const { debugging } = useModel();
  const isShown = useInspector((state) => showsDebugging(state) && takersOf(state, type).length > 0);
  const isSet = useInspector((state) => hasEventBreakpoint(openHold(state), type));
  if (!isShown) return null;
  return (
    <Toggle isSet={isSet} onToggle={() => void debugging.toggleEventBreakpoint(type)}>
      Hold the steps that take this event
    </Toggle>
  );
}

interface ToggleProps {
  readonly isSet: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

function Toggle({ isSet, onToggle, children }: ToggleProps) {
  return (
    <p>
      <button
        type="button"
        className={classNames("tw-button", "tw-button-small", isSet && "tw-is-on")}
        aria-pressed={isSet}
        onClick={onToggle}
      >
        <CircleDot size={13} aria-hidden="true" /> {children}
      </button>
    </p>
  );
}
