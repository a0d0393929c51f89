import { useState } from "react";
import { formatCount } from "../store/format.ts";

interface TickFieldProps {
  readonly value: number;
  /** Where no label stands around it. */
  readonly label?: string;
  /** Width in characters. */
  readonly size?: number;
  readonly onChoose: (sequence: number) => void;
}

/** The number of a tick, to type: taken over with Enter or when it is left, given up with Escape; news leaves it alone. */
export function TickField({ value, label, size = 6, onChoose }: TickFieldProps) {
  // From focus on: news that changed the text would undo the selection, and what is typed came after the news.
  const [draft, setDraft] = useState<{ readonly text: string; readonly isTyped: boolean } | null>(null);
  const hold = (): void => setDraft({ text: formatCount(value), isTyped: false });
  const commit = (): void => {
    const sequence = Number(draft?.text.replaceAll(/\D/g, ""));
    if (draft?.isTyped === true && sequence > 0) onChoose(sequence);
    setDraft(null);
  };
  return (
    <input
      aria-label={label}
      inputMode="numeric"
      className="tw-num"
      size={size}
      value={draft?.text ?? formatCount(value)}
      onFocus={(event) => {
        hold();
        event.target.select();
      }}
      onChange={(event) => setDraft({ text: event.target.value, isTyped: true })}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") hold();
      }}
    />
  );
}
