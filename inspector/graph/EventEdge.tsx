import type { EdgeProps } from "@xyflow/react";
import { memo, useContext } from "react";
import { isEdgeSelected, nodeOfSelection } from "../store/selection.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector } from "../ui/model-context.ts";
import { ArrowContext } from "./graph-context.ts";
import type { FlowEdge } from "./to-flow.ts";

/** Follows the route the layout found. Lit when it is selected, or touches the selected node. */
export const EventEdge = memo(function EventEdge({ source, target, data }: EdgeProps<FlowEdge>) {
  const arrow = useContext(ArrowContext);
  const isSelected = useInspector((state) => isEdgeSelected(state.selection, source, target));
  const isLit = useInspector((state) => {
    const node = nodeOfSelection(state.selection);
    return isSelected || (node !== null && (node === source || node === target));
  });
  if (data === undefined) return null;
  const markerEnd = data.hasArrow ? `url(#${arrow}${isLit ? "-lit" : ""})` : undefined;
  return (
    <>
      {/* Wide enough to be met with a finger. */}
      <path d={data.route.path} className="tw-edge-target" />
      <path
        d={data.route.path}
        markerEnd={markerEnd}
        className={classNames(
          "tw-edge",
          data.isUse && "tw-edge-use",
          isLit && "tw-is-lit",
          isSelected && "tw-is-selected",
        )}
      />
    </>
  );
});
