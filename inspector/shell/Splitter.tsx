import type { KeyboardEvent, PointerEvent } from "react";

interface SplitterProps {
  readonly label: string;
  readonly orientation: "vertical" | "horizontal";
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** The panel after the splitter has the size, so dragging towards the start enlarges it. */
  readonly isReversed?: boolean | undefined;
  readonly onChange: (value: number) => void;
}

const KEY_STEP = 16;

/** Drags the border between two panels; arrow keys move it too. */
export function Splitter({ label, orientation, value, least, most, isReversed, onChange }: SplitterProps) {
  const sign = isReversed === true ? -1 : 1;
  const set = (next: number): void => onChange(Math.round(Math.min(most, Math.max(least, next))));
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const handle = event.currentTarget;
    const start = orientation === "vertical" ? event.clientX : event.clientY;
    handle.setPointerCapture(event.pointerId);
    const onMove = (move: globalThis.PointerEvent): void =>
      set(value + sign * ((orientation === "vertical" ? move.clientX : move.clientY) - start));
    const onEnd = (): void => {
      handle.removeEventListener("pointermove", onMove);
      handle.removeEventListener("pointerup", onEnd);
      handle.removeEventListener("pointercancel", onEnd);
    };
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("pointerup", onEnd);
    handle.addEventListener("pointercancel", onEnd);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const larger = orientation === "vertical" ? "ArrowRight" : "ArrowDown";
    const smaller = orientation === "vertical" ? "ArrowLeft" : "ArrowUp";
    if (event.key !== larger && event.key !== smaller) return;
    event.preventDefault();
    event.stopPropagation();
    set(value + sign * (event.key === larger ? KEY_STEP : -KEY_STEP));
  };
  return (
    // A focusable separator is a control in ARIA.
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      className={`tw-splitter tw-splitter-${orientation}`}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
