import { CircleDot } from "lucide-react";
import { hasEventBreakpoint, openHold, showsDebugging, takersOf } from "../store/debugging.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

/** Holds the steps that take the selected event, while somebody debugs. */
export function EventBreakpoint({ type }: { readonly type: string }) {
  const { debugging } = useModel();
  const isShown = useInspector((state) => showsDebugging(state) && takersOf(state, type).length > 0);
  const isSet = useInspector((state) => hasEventBreakpoint(openHold(state), type));
  if (!isShown) return null;
  return (
    <p>
      <button
        type="button"
        className={classNames("tw-button", "tw-button-small", isSet && "tw-is-on")}
        aria-pressed={isSet}
        onClick={() => void debugging.toggleEventBreakpoint(type)}
      >
        <CircleDot size={13} aria-hidden="true" /> Hold the steps that take this event
      </button>
    </p>
  );
}
