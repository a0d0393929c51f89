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

/** The number of a tick, to type: taken over with Enter or when it is left, given up with Escape. */
export function TickField({ value, label, size = 6, onChoose }: TickFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    const sequence = Number(draft?.replaceAll(/\D/g, ""));
    if (draft !== null && sequence > 0) onChoose(sequence);
    setDraft(null);
  };
  return (
    <input
      aria-label={label}
      inputMode="numeric"
      className="tw-num"
      size={size}
      value={draft ?? formatCount(value)}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
}
