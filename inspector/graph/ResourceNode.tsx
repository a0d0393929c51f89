import type { NodeProps } from "@xyflow/react";
import { Box } from "lucide-react";
import { GraphNodeFrame } from "./GraphNodeFrame.tsx";
import type { ResourceFlowNode } from "./to-flow.ts";

/** A resource steps use: no event travels to it. */
export function ResourceNode({ id, data }: NodeProps<ResourceFlowNode>) {
  return (
    <GraphNodeFrame id={id} label={`${data.node.name}, resource`} title="Resource" className="tw-resource">
      <Box size={12} aria-hidden="true" />
      <span className="tw-event-name">{data.node.name}</span>
    </GraphNodeFrame>
  );
}
