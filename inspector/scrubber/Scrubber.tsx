import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight, CircleAlert, Pause, Pin, Play } from "lucide-react";
import { useMemo } from "react";
import { formatClock, formatCount } from "../store/format.ts";
import { isEnded, shownRange, shownTick } from "../store/inspector-state.ts";
import { ContinueButton } from "../travel/ContinueButton.tsx";
import { classNames } from "../ui/class-names.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { TickField } from "../ui/TickField.tsx";
import { BottomSwitch } from "./BottomSwitch.tsx";
import { DebugControls } from "./DebugControls.tsx";
import { toDepthCurve } from "./depth-path.ts";

const SPEEDS = [1, 5, 25, 100, 500, 2_500];

/** One control for the moment all views show: buttons, a curve to drag over, a number to type. */
export function Scrubber() {
  const { navigation } = useModel();
  const position = useInspector((state) => state.position);
  const lastSequence = useInspector((state) => state.lastSequence);
  const isPlaying = useInspector((state) => state.isPlaying);
  const isSearching = useInspector((state) => state.isSearching);
  const speed = useInspector((state) => state.speed);
  const hasEnded = useInspector((state) => isEnded(state.runId === null ? undefined : state.runs[state.runId]?.status));
  const base = useInspector((state) => state.differenceFrom);
  const isEmpty = lastSequence === 0;
  const isLive = position === "live";
  const isSandbox = useInspector((state) => state.sandbox.answer !== null);
  const shown = useInspector(shownTick);
  const first = useInspector((state) => shownRange(state).first);
  const last = useInspector((state) => shownRange(state).last);
  const hasNone = useInspector((state) => state.noFailureTo > 0 && state.noFailureTo === state.lastSequence);
  const isAtEnd = shown >= last;

  return (
    <section className="tw-scrubber" aria-label="Time travel">
      <div className="tw-scrubber-buttons">
        <IconButton
          label="First tick"
          shortcut="Home"
          icon={ChevronFirst}
          isDisabled={shown <= 1}
          onClick={() => navigation.setPosition(1)}
        />
        <IconButton
          label="Previous tick"
          shortcut="←"
          icon={ChevronLeft}
          isDisabled={shown <= 1}
          onClick={() => navigation.step(-1)}
        />
        <IconButton
          label={isPlaying ? "Pause" : isAtEnd ? `Play from tick ${formatCount(first)}` : "Play"}
          shortcut="Space"
          icon={isPlaying ? Pause : Play}
          isPrimary
          isDisabled={isEmpty || first === last}
          onClick={() => (isPlaying ? navigation.pause() : navigation.play())}
        />
        <IconButton
          label="Next tick"
          shortcut="→"
          icon={ChevronRight}
          isDisabled={isAtEnd}
          onClick={() => navigation.step(1)}
        />
        <button
          type="button"
          className={classNames("tw-button", isLive && "tw-is-on")}
          aria-pressed={isLive}
          disabled={isEmpty}
          title="Follow the newest tick (L)"
          onClick={() => navigation.setPosition("live")}
        >
          <ChevronLast size={14} aria-hidden="true" /> {hasEnded ? "Latest" : "Live"}
        </button>
      </div>
      <JumpField shown={shown} lastSequence={lastSequence} />
      <DepthSlider shown={shown} lastSequence={lastSequence} isLive={isLive} />
      <DebugControls />
      <div className="tw-scrubber-buttons tw-scrubber-end">
        <label>
          <span className="tw-sr">Speed of play</span>
          <select value={speed} onChange={(event) => navigation.setSpeed(Number(event.target.value))}>
            {SPEEDS.map((each) => (
              <option key={each} value={each}>
                {formatCount(each)} ticks/s
              </option>
            ))}
          </select>
        </label>
        <IconButton
          label={base === null ? "Compare with this tick" : `Compared with tick ${formatCount(base)}`}
          shortcut="d"
          icon={Pin}
          isPressed={base !== null}
          isDisabled={isEmpty}
          onClick={() => navigation.compareFrom(base === null ? shown : null)}
        />
        {!isEmpty && !isSandbox && <ContinueButton atSequence={shown} />}
        <IconButton
          label={hasNone ? "No failure in this run" : "Next failure"}
          shortcut="e"
          icon={CircleAlert}
          text={isSearching ? "Searching…" : hasNone ? "No failure" : "Next failure"}
          isDisabled={isEmpty || isSearching || isSandbox || hasNone}
          onClick={() => void navigation.nextFailure()}
        />
        <BottomSwitch />
      </div>
    </section>
  );
}

function JumpField({ shown, lastSequence }: { readonly shown: number; readonly lastSequence: number }) {
  const { navigation } = useModel();
  return (
    <label className="tw-jump">
      <span aria-hidden="true">#</span>
      <span className="tw-sr">Jump to tick</span>
      <TickField
        value={shown}
        size={Math.max(4, formatCount(lastSequence).length)}
        onChoose={(sequence) => navigation.setPosition(sequence)}
      />
      <span className="tw-muted tw-num">of {formatCount(lastSequence)}</span>
    </label>
  );
}

interface DepthSliderProps {
  readonly shown: number;
  readonly lastSequence: number;
  readonly isLive: boolean;
}

function DepthSlider({ shown, lastSequence, isLive }: DepthSliderProps) {
  const { navigation } = useModel();
  const depth = useInspector((state) => state.depth);
  const newest = useInspector((state) => state.newest);
  const at = useInspector((state) => state.graph?.at ?? null);
  const curve = useMemo(() => toDepthCurve(depth, lastSequence, newest), [depth, lastSequence, newest]);
  const base = useInspector((state) => state.differenceFrom);
  const changed = useInspector((state) => (state.sandbox.answer === null ? null : state.sandbox.answer.atSequence));
  const placeOf = (sequence: number): string =>
    `${lastSequence <= 1 ? 100 : (100 * (Math.min(sequence, lastSequence) - 1)) / (lastSequence - 1)}%`;
  return (
    <div
      className={classNames("tw-depth", isLive && "tw-is-live", changed !== null && "tw-is-sandbox")}
      title={curve.most === 0 ? undefined : `Work in queues and slots over the run, at most ${formatCount(curve.most)}`}
    >
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
        <path d={curve.area} className="tw-depth-area" />
        <path d={curve.line} className="tw-depth-line" vectorEffect="non-scaling-stroke" />
        {curve.failures.map((place) => (
          <path
            key={place}
            d={`M${place * 1_000} 0V14`}
            className="tw-depth-failure"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      {base !== null && (
        <span className="tw-depth-mark tw-depth-base" aria-hidden="true" style={{ insetInlineStart: placeOf(base) }} />
      )}
      {changed !== null && (
        <span
          className="tw-depth-mark tw-depth-changed"
          aria-hidden="true"
          style={{ insetInlineStart: placeOf(changed) }}
        />
      )}
      <span className="tw-depth-mark" aria-hidden="true" style={{ insetInlineStart: placeOf(shown) }} />
      <input
        type="range"
        aria-label="Tick shown"
        aria-valuetext={`Tick ${formatCount(shown)} of ${formatCount(lastSequence)}${at === null ? "" : `, ${formatClock(at)}`}${isLive ? ", newest" : ""}${changed === null ? "" : ", in the sandbox"}${base === null ? "" : `, compared with ${formatCount(base)}`}`}
        min={1}
        max={Math.max(1, lastSequence)}
        step={1}
        value={Math.max(1, shown)}
        disabled={lastSequence === 0}
        onChange={(event) => navigation.setPosition(Number(event.target.value))}
        onKeyDown={(event) => event.stopPropagation()}
      />
    </div>
  );
}
