import type { LucideIcon } from "lucide-react";
import { classNames } from "../ui/class-names.ts";

interface SmallButtonProps {
  readonly icon: LucideIcon;
  readonly text: string;
  readonly isQuiet?: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

/** Adds or takes away a part of a form. */
export function SmallButton({ icon: Icon, text, isQuiet, isDisabled, onClick }: SmallButtonProps) {
  return (
    <button
      type="button"
      className={classNames("tw-button tw-button-small", isQuiet === true && "tw-button-quiet")}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon size={12} aria-hidden="true" /> {text}
    </button>
  );
}

/** The same for one of several, which has no room for words. */
export function ItemButton({
  icon: Icon,
  label,
  isDisabled,
  onClick,
}: Omit<SmallButtonProps, "text"> & { label: string }) {
  return (
    <button
      type="button"
      className="tw-button tw-button-icon tw-button-quiet"
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon size={13} aria-hidden="true" />
    </button>
  );
}
