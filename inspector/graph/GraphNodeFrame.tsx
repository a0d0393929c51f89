import type { ReactNode } from "react";
import { classNames } from "../ui/class-names.ts";
import { useFacts } from "../ui/model-context.ts";
import { NODE_PARTS, readNode } from "./node-facts.ts";

interface GraphNodeFrameProps {
  readonly id: string;
  readonly className: string;
  readonly label: string;
  readonly title?: string | undefined;
  /** A control of its own: no control may be inside another. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

/** What all nodes share: one of them is the graph's tab stop, one is selected. `GraphView` handles keys and clicks. */
export function GraphNodeFrame({ id, className, label, title, beside, children }: GraphNodeFrameProps) {
  const { isSelected, isTabStop } = useFacts(NODE_PARTS, readNode, id);
  return (
    <>
      <div
        role="button"
        data-node={id}
        tabIndex={isTabStop ? 0 : -1}
        aria-pressed={isSelected}
        aria-label={label}
        title={title}
        className={classNames("tw-node", className, isSelected && "tw-is-selected")}
      >
        {children}
      </div>
      {beside}
    </>
  );
}
