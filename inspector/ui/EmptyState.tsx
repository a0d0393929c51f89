import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
}

/** Nothing to show, why, and what to do about it. */
export function EmptyState({ icon: Icon, title, children }: EmptyStateProps) {
  return (
    <div className="tw-empty">
      <Icon size={20} aria-hidden="true" className="tw-muted" />
      <h3>{title}</h3>
      {children}
    </div>
  );
}
