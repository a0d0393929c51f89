import { CircleDashed, Equal, EqualNot, Minus, Split } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { CompareMark } from "../store/compare-marks.ts";
import { MARK_WORDS } from "../store/compare-marks.ts";

export const MARK_ICONS: { readonly [mark in CompareMark]: LucideIcon } = {
  parted: Split,
  codeA: CircleDashed,
  codeB: CircleDashed,
  ranA: CircleDashed,
  ranB: CircleDashed,
  differs: EqualNot,
  same: Equal,
  idle: Minus,
};

/** An icon and its words; `size` of the icon in pixels. */
export function CompareMarkIcon({ mark, size = 12 }: { readonly mark: CompareMark; readonly size?: number }) {
  const Icon = MARK_ICONS[mark];
  return (
    <span className="tw-compare-mark" data-mark={mark}>
      <Icon size={size} aria-hidden="true" /> {MARK_WORDS[mark]}
    </span>
  );
}
