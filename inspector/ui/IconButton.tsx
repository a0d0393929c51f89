import type { LucideIcon } from "lucide-react";
import { classNames } from "./class-names.ts";

interface IconButtonProps {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly onClick: () => void;
  /** It does nothing at the moment. It keeps the focus: what ends under one's finger must not take one elsewhere. */
  readonly isDisabled?: boolean | undefined;
  readonly isPressed?: boolean | undefined;
  readonly isPrimary?: boolean | undefined;
  /** Shown beside the icon where there is room for it. */
  readonly text?: string | undefined;
  readonly shortcut?: string | undefined;
}

export function IconButton({
  label,
  icon: Icon,
  onClick,
  isDisabled,
  isPressed,
  isPrimary,
  text,
  shortcut,
}: IconButtonProps) {
  return (
    <button
      type="button"
      className={classNames(
        "tw-button",
        text === undefined && "tw-button-icon",
        isPrimary && "tw-button-primary",
        isPressed === true && "tw-is-on",
      )}
      aria-label={label}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      aria-keyshortcuts={shortcut}
      aria-pressed={isPressed}
      aria-disabled={isDisabled}
      onClick={isDisabled === true ? undefined : onClick}
    >
      <Icon size={14} aria-hidden="true" />
      {text !== undefined && <span>{text}</span>}
    </button>
  );
}
