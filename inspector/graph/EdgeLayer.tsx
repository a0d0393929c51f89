import { ViewportPortal } from "@xyflow/react";
import { memo, useId } from "react";
import { isEdgeSelected, nodeOfSelection } from "../store/selection.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import type { Flow, FlowEdge } from "./to-flow.ts";

interface EdgeLayerProps extends Pick<Flow, "edges"> {
  /** Ids of edges that are drawn dashed. */
  readonly dashed?: ReadonlySet<string> | undefined;
}

/**
 * All arrows in one drawing below the nodes. React Flow's own edges are a component and an SVG element each, which took
 * most of a frame where there are hundreds.
 */
export function EdgeLayer({ edges, dashed }: EdgeLayerProps) {
  const arrow = useId();
  const selection = useInspector((state) => state.selection);
  const node = nodeOfSelection(selection);
  return (
    <ViewportPortal>
      <svg className="tw-edges" aria-hidden="true">
        <defs>
          <Arrow id={arrow} className="tw-arrow" />
          <Arrow id={`${arrow}-lit`} className="tw-arrow tw-is-lit" />
        </defs>
        {edges.map((edge) => {
          const isSelected = isEdgeSelected(selection, edge.source, edge.target);
          return (
            <EdgePath
              key={edge.id}
              edge={edge}
              arrow={arrow}
              isSelected={isSelected}
              isDashed={dashed?.has(edge.id) ?? false}
              isLit={isSelected || (node !== null && (node === edge.source || node === edge.target))}
            />
          );
        })}
      </svg>
    </ViewportPortal>
  );
}

interface EdgePathProps {
  readonly edge: FlowEdge;
  /** Id of the arrowheads' drawing; it must not clash between two inspectors in a page. */
  readonly arrow: string;
  readonly isLit: boolean;
  readonly isSelected: boolean;
  readonly isDashed: boolean;
}

/** Follows the route the layout found. Lit when it is selected, or touches the selected node. */
const EdgePath = memo(function EdgePath({ edge, arrow, isLit, isSelected, isDashed }: EdgePathProps) {
  const { navigation } = useModel();
  const { source, target, route, isUse, hasArrow } = edge;
  return (
    <>
      {/* Wide enough to be met with a finger. */}
      <path
        d={route.path}
        className="tw-edge-target"
        data-edge={edge.id}
        onClick={() => navigation.select({ kind: "edge", source, target })}
      />
      <path
        d={route.path}
        markerEnd={hasArrow ? `url(#${arrow}${isLit ? "-lit" : ""})` : undefined}
        className={classNames(
          "tw-edge",
          isUse && "tw-edge-use",
          isDashed && "tw-edge-dashed",
          isLit && "tw-is-lit",
          isSelected && "tw-is-selected",
        )}
      />
    </>
  );
});

function Arrow({ id, className }: { readonly id: string; readonly className: string }) {
  return (
    <marker
      id={id}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="10"
      markerHeight="10"
      markerUnits="userSpaceOnUse"
      orient="auto-start-reverse"
    >
      <path d="M0.5 0.5 L7 4 L0.5 7.5" className={className} />
    </marker>
  );
}
