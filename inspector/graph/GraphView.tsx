import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import type { AriaLabelConfig, EdgeTypes, FitViewOptions, NodeTypes } from "@xyflow/react";
import { memo, useCallback, useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import type { Selection } from "../store/selection.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { EventEdge } from "./EventEdge.tsx";
import { EventNode } from "./EventNode.tsx";
import { ExternalNode } from "./ExternalNode.tsx";
import { ArrowContext } from "./graph-context.ts";
import { GraphToolbar } from "./GraphToolbar.tsx";
import type { Direction } from "./layout.ts";
import type { LayoutClient } from "./layout-client.ts";
import { ParticleLayer } from "./ParticleLayer.tsx";
import { ResourceNode } from "./ResourceNode.tsx";
import { StepNode } from "./StepNode.tsx";
import type { Flow } from "./to-flow.ts";
import { useFlow } from "./use-flow.ts";
import type { ArrowKey } from "./walk-graph.ts";
import { nextNode } from "./walk-graph.ts";

// Constants: new objects during render would mount every node again.
const NODE_TYPES: NodeTypes = { step: StepNode, event: EventNode, external: ExternalNode, resource: ResourceNode };
const EDGE_TYPES: EdgeTypes = { event: EventEdge };
/** Room for the tools above and the attribution below. */
const FIT: FitViewOptions = {
  padding: { top: "52px", bottom: "28px", left: "24px", right: "24px" },
  maxZoom: 1.1,
  duration: 0,
};
const DOTS_GAP = 20;
const MINIMAP_SIZE = { width: 128, height: 84 };
/** React Flow's own words speak of deleting and moving, which nobody can do here. */
const ARIA_LABELS: Partial<AriaLabelConfig> = {
  "node.a11yDescription.default": "Press Enter to show details, arrow keys to move along the arrows.",
  "node.a11yDescription.keyboardDisabled": "Press Enter to show details, arrow keys to move along the arrows.",
  "edge.a11yDescription.default": "",
  "minimap.ariaLabel": "Overview of the graph",
};
/** Above this many nodes only those in view are drawn. */
const MANY_NODES = 200;

export const GraphView = memo(function GraphView({ layoutClient }: { readonly layoutClient: LayoutClient }) {
  const placeRef = useRef<HTMLDivElement>(null);
  const graph = useInspector((state) => state.description?.graph ?? null);
  const [direction, setDirection] = useState<Direction | null>(null);
  const placeSize = useCallback(() => {
    const box = placeRef.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? null : { width: box.width - 48, height: box.height - 80 };
  }, []);
  const { flow, directions, hash, problem } = useFlow(graph, layoutClient, direction, placeSize);

  return (
    <div className="tw-graph" ref={placeRef}>
      {flow === null ? (
        <div className="tw-graph-loading">
          {problem === null ? (
            <Skeleton label="Laying out the graph" />
          ) : (
            <p>The graph could not be laid out: {problem}</p>
          )}
        </div>
      ) : (
        <ReactFlowProvider>
          <FlowCanvas
            key={hash}
            flow={flow}
            onTurn={() =>
              setDirection(directions[(directions.indexOf(flow.layout.direction) + 1) % directions.length] ?? null)
            }
          />
        </ReactFlowProvider>
      )}
    </div>
  );
});

function FlowCanvas({ flow, onTurn }: { readonly flow: Flow; readonly onTurn: () => void }) {
  const model = useModel();
  const arrow = useId();
  const { fitView, setCenter, getZoom } = useReactFlow();
  const isSized = useStore((state) => state.width > 0 && state.height > 0);
  const name = useInspector((state) => state.description?.name ?? "");
  const fittedDirection = useRef<Direction | null>(null);

  useEffect(() => {
    // Once, when it first appears, and when the user turns it; never because something changed by itself.
    if (!isSized || fittedDirection.current === flow.layout.direction) return;
    fittedDirection.current = flow.layout.direction;
    void fitView(FIT);
  }, [isSized, flow, fitView]);
  useEffect(() => {
    const { focusedNode } = model.store.getState();
    if (!flow.nodes.some((node) => node.id === focusedNode))
      model.store.setState({ focusedNode: flow.nodes[0]?.id ?? null });
  }, [model, flow]);

  const select = (id: string): void => {
    const node = flow.nodes.find((candidate) => candidate.id === id);
    if (node === undefined) return;
    model.store.setState({ focusedNode: id });
    const selection: Selection =
      node.type === "step"
        ? { kind: "step", step: node.data.node.name }
        : node.type === "event"
          ? { kind: "event", type: node.data.node.name }
          : { kind: "run" };
    model.navigation.select(selection);
  };
  const focus = (id: string, root: HTMLElement): void => {
    model.store.setState({ focusedNode: id });
    const element = root.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);
    element?.focus({ preventScroll: true });
    if (element !== null && !isInside(element.getBoundingClientRect(), root.getBoundingClientRect())) {
      const node = flow.nodes.find((candidate) => candidate.id === id);
      if (node !== undefined)
        void setCenter(node.position.x + (node.width ?? 0) / 2, node.position.y + (node.height ?? 0) / 2, {
          zoom: getZoom(),
          duration: 0,
        });
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const id = event.target instanceof Element ? event.target.closest("[data-node]")?.getAttribute("data-node") : null;
    if (id === null || id === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      select(id);
      if (event.key === "Enter" && model.store.getState().isNarrow) model.navigation.setPanel("detail");
    } else if (event.key.startsWith("Arrow")) {
      const next = nextNode(flow.nodes, flow.edges, id, event.key as ArrowKey);
      if (next !== null) focus(next, event.currentTarget);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ArrowContext value={arrow}>
      <ReactFlow
        nodes={flow.nodes as Flow["nodes"][number][]}
        edges={flow.edges as Flow["edges"][number][]}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        attributionPosition="bottom-left"
        ariaLabelConfig={ARIA_LABELS}
        aria-label={`Step graph of ${name}`}
        disableKeyboardA11y
        nodesFocusable={false}
        edgesFocusable={false}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={null}
        minZoom={0.15}
        maxZoom={1.8}
        onlyRenderVisibleElements={flow.nodes.length > MANY_NODES}
        onKeyDown={onKeyDown}
        onNodeClick={(_event, node) => select(node.id)}
      >
        <Background variant={BackgroundVariant.Dots} gap={DOTS_GAP} size={1} />
        {flow.nodes.length > 6 && (
          <MiniMap className="tw-minimap" style={MINIMAP_SIZE} pannable zoomable ariaLabel="Overview of the graph" />
        )}
        <GraphToolbar onFit={() => void fitView(FIT)} onTurn={onTurn} direction={flow.layout.direction} />
      </ReactFlow>
      <svg className="tw-defs" aria-hidden="true">
        <defs>
          <Arrow id={arrow} className="tw-arrow" />
          <Arrow id={`${arrow}-lit`} className="tw-arrow tw-is-lit" />
        </defs>
      </svg>
      <ParticleLayer flow={flow} />
    </ArrowContext>
  );
}

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

function isInside(inner: DOMRect, outer: DOMRect): boolean {
  return (
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
  );
}
