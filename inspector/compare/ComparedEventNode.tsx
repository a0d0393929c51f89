import type { NodeProps } from "@xyflow/react";
import { RoleIcon, ROLE_WORDS } from "../graph/EventNode.tsx";
import { GraphNodeFrame } from "../graph/GraphNodeFrame.tsx";
import type { EventFlowNode } from "../graph/to-flow.ts";
import { MARK_WORDS } from "../store/compare-marks.ts";
import { classNames } from "../ui/class-names.ts";
import { useCompared } from "./compared-context.ts";
import { MARK_ICONS } from "./CompareMarkIcon.tsx";

/** An event of two runs: marked where they part with it, or where only one of them knows it. */
export function ComparedEventNode({ id, data }: NodeProps<EventFlowNode>) {
  const { name, role } = data.node;
  const mark = useCompared().markOfEvent(name);
  const MarkIcon = mark === null ? null : MARK_ICONS[mark];
  const words = mark === null ? ROLE_WORDS[role] : `${ROLE_WORDS[role]}, ${MARK_WORDS[mark]}`;
  return (
    <GraphNodeFrame
      id={id}
      label={`${name}, ${words}`}
      title={words}
      className={classNames("tw-event", `tw-event-${role}`, mark !== null && `tw-compared-${mark}`)}
    >
      <RoleIcon role={role} />
      <span className="tw-event-name">{name}</span>
      {MarkIcon !== null && (
        <span className="tw-compared-badge" data-mark={mark}>
          <MarkIcon size={12} aria-hidden="true" />
        </span>
      )}
    </GraphNodeFrame>
  );
}
