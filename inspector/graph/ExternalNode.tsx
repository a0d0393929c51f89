import type { NodeProps } from "@xyflow/react";
import { UsersRound } from "lucide-react";
import { GraphNodeFrame } from "./GraphNodeFrame.tsx";
import type { ExternalFlowNode } from "./to-flow.ts";

/** People and programs that answer questions and send events. */
export function ExternalNode({ id }: NodeProps<ExternalFlowNode>) {
  return (
    <GraphNodeFrame
      id={id}
      label="Outside world: whoever answers questions and sends events"
      title="Whoever answers questions and sends events"
      className="tw-external"
    >
      <UsersRound size={14} aria-hidden="true" />
      <span>Outside</span>
    </GraphNodeFrame>
  );
}
