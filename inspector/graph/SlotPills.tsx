import { memo } from "react";

interface SlotPillsProps {
  readonly slots: number;
  readonly busy: number;
  readonly busySlots: readonly number[] | undefined;
}

/** More slots than this are one bar: single pills could not be told apart. */
const MOST_PILLS = 10;

/** Worker slots: filled ones run something. The number beside them says the same, so it is hidden from readers. */
export const SlotPills = memo(function SlotPills({ slots, busy, busySlots }: SlotPillsProps) {
  if (slots > MOST_PILLS) {
    return (
      <span className="tw-slots tw-slots-bar" aria-hidden="true">
        <span className="tw-slots-fill" style={{ transform: `scaleX(${slots === 0 ? 0 : busy / slots})` }} />
      </span>
    );
  }
  const isBusy = new Set(busySlots ?? []);
  return (
    <span className="tw-slots" aria-hidden="true">
      {Array.from({ length: slots }, (_, slot) => (
        <span key={slot} className={isBusy.has(slot) ? "tw-slot tw-is-on" : "tw-slot"} />
      ))}
    </span>
  );
});
