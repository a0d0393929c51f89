import { Bug, CirclePause, CirclePlay, Redo2 } from "lucide-react";
import { canDebug, openHold, showsDebugging } from "../store/debugging.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";

/** Holds the run that is followed: away in the past, and in runs in which nothing can happen. */
export function DebugControls() {
  const { debugging, source } = useModel();
  const isPossible = useInspector(canDebug) && source.debugRun !== undefined;
  const isOn = useInspector(showsDebugging);
  const isPaused = useInspector((state) => openHold(state)?.isPaused === true);
  const isHeld = useInspector((state) => isPausedOrHeld(openHold(state)));
  if (!isPossible) return null;
  return (
    <div className="tw-scrubber-buttons tw-debug" role="group" aria-label="Debug">
      <IconButton
        label="Debug: breakpoints, pause, one step at a time. A time limit of the run goes on; a reload forgets it all."
        icon={Bug}
        text="Debug"
        isPressed={isOn}
        onClick={() => void debugging.turn(!isOn)}
      />
      {isOn && (
        <>
          <IconButton
            label="Pause the run"
            icon={CirclePause}
            isDisabled={isPaused}
            onClick={() => void debugging.pause()}
          />
          <IconButton
            label="One step: what has waited longest begins"
            icon={Redo2}
            text="Step"
            isDisabled={!isHeld}
            onClick={() => void debugging.step()}
          />
          <IconButton
            label="Continue the run"
            icon={CirclePlay}
            text="Continue"
            isDisabled={!isHeld}
            onClick={() => void debugging.resume()}
          />
        </>
      )}
    </div>
  );
}

function isPausedOrHeld(hold: ReturnType<typeof openHold>): boolean {
  return hold !== null && (hold.isPaused || hold.steps.length > 0);
}
