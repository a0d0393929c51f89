import { Background, BackgroundVariant, MiniMap, ReactFlow } from "@xyflow/react";
import type { AriaLabelConfig, NodeMouseHandler, NodeTypes } from "@xyflow/react";
import type { KeyboardEvent, RefObject } from "react";
import { useCallback, useEffect, useId, useImperativeHandle, useMemo, useRef } from "react";
import { selectionOfNode } from "../store/graph-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { useSoon } from "../ui/use-soon.ts";
import { farthestZoom } from "./camera.ts";
import { EdgeLayer } from "./EdgeLayer.tsx";
import { EventNode } from "./EventNode.tsx";
import { ExternalNode } from "./ExternalNode.tsx";
import { ParticleLayer } from "./ParticleLayer.tsx";
import { ResourceNode } from "./ResourceNode.tsx";
import { StepNode } from "./StepNode.tsx";
import type { Flow, FlowNode } from "./to-flow.ts";
import type { GraphCamera, KeptCamera } from "./use-camera.ts";
import { useCamera } from "./use-camera.ts";
import { useGrowing } from "./use-growing.ts";
import { LevelsContext, useLevels } from "./use-level.ts";
import type { ArrowKey } from "./walk-graph.ts";
import { nextNode } from "./walk-graph.ts";

// Constants: new objects during render would mount every node again.
const NODE_TYPES: NodeTypes = { step: StepNode, event: EventNode, external: ExternalNode, resource: ResourceNode };
const DOTS_GAP = 20;
const MINIMAP_SIZE = { width: 128, height: 84 };
/** React Flow's own words speak of deleting and moving, which nobody can do here. */
const ARIA_LABELS: Partial<AriaLabelConfig> = {
  "node.a11yDescription.default": "Press Enter to show details, arrow keys to move along the arrows.",
  "node.a11yDescription.keyboardDisabled": "Press Enter to show details, arrow keys to move along the arrows.",
  "edge.a11yDescription.default": "",
  "minimap.ariaLabel": "Overview of the graph",
};
/** Above this many nodes only those in view are drawn: who zooms waits for what comes into view. */
const MANY_NODES = 1_000;

/** What the tools and the search ask of the drawing. */
export interface GraphHandle {
  readonly camera: GraphCamera;
  /** Moves the focus to a node, and the camera if it is not in view. */
  focus(id: string, isClose?: boolean): void;
}

/** A drawing in a page of text, of something else than the open run. */
export interface Figure {
  readonly label: string;
  /** A constant. */
  readonly nodeTypes: NodeTypes;
  /** Ids of edges that are drawn dashed. */
  readonly dashed: ReadonlySet<string>;
}

interface FlowCanvasProps {
  readonly flow: Flow;
  readonly kept: { current: KeptCamera | null };
  readonly handle: RefObject<GraphHandle | null>;
  /** Then nothing moves in it, no key is a command for a step, and the wheel scrolls the page. Default: the open run. */
  readonly figure?: Figure;
}

/** The graph itself: one tab stop, arrow keys along the edges, Enter opens. */
export function FlowCanvas({ flow, kept, handle, figure }: FlowCanvasProps) {
  const model = useModel();
  const rootRef = useRef<HTMLDivElement>(null);
  const label = useInspector((state) => figure?.label ?? `Step graph of ${state.description?.name ?? ""}`);
  const camera = useCamera(flow, kept);
  const levels = useLevels();
  const nodes = useGrowing(flow.nodes);
  // With each portion of nodes it would be drawn anew as a whole, so it comes when they are all there.
  const hasMap = useSoon(nodes === flow.nodes) && flow.nodes.length > 6;
  const edges = useMemo(() => (nodes === flow.nodes ? flow.edges : edgesBetween(nodes, flow)), [nodes, flow]);

  useEffect(() => {
    const { focusedNode } = model.store.getState();
    if (!flow.nodes.some((node) => node.id === focusedNode))
      model.store.setState({ focusedNode: flow.nodes[0]?.id ?? null });
  }, [model, flow]);

  // Its elements have ids, which another inspector's on the page must not have.
  const flowId = useId();
  const focus = useCallback(
    (id: string, isClose = false): void => {
      model.store.setState({ focusedNode: id });
      camera.show(id, isClose);
      const move = (): boolean => {
        const element = rootRef.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);
        element?.focus({ preventScroll: true });
        return element !== null && element !== undefined;
      };
      // A node that was out of view is drawn with the next frame.
      if (!move()) requestAnimationFrame(() => requestAnimationFrame(move));
    },
    [model, camera],
  );
  useImperativeHandle(handle, () => ({ camera, focus }), [camera, focus]);

  const select = useCallback(
    (id: string): void => {
      model.store.setState({ focusedNode: id });
      model.navigation.select(selectionOfNode(id));
    },
    [model],
  );
  // The same function at every drawing: with another one React Flow would draw each node anew.
  const onNodeClick = useCallback<NodeMouseHandler<FlowNode>>((_event, { id }) => select(id), [select]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const id = event.target instanceof Element ? event.target.closest("[data-node]")?.getAttribute("data-node") : null;
    if (id === null || id === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      select(id);
      const selection = selectionOfNode(id);
      if (event.shiftKey && selection.kind === "step" && figure === undefined)
        model.navigation.openLanes(selection.step);
      else if (event.key === "Enter" && model.store.getState().isNarrow) model.navigation.setPanel("detail");
    } else if (event.key.startsWith("Arrow")) {
      const next = nextNode(flow.nodes, flow.edges, id, event.key as ArrowKey);
      if (next !== null) focus(next);
    } else if ((event.key === "b" || event.key === "B") && figure === undefined) {
      const selection = selectionOfNode(id);
      if (selection.kind === "step") void model.debugging.toggleBreakpoint(selection.step);
      else if (selection.kind === "event") void model.debugging.toggleEventBreakpoint(selection.type);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** Nodes out of view may not be drawn: the tab stop goes to one that is. */
  const keepTabStop = (): void => {
    const { focusedNode } = model.store.getState();
    const hasFocus = rootRef.current?.contains(document.activeElement) ?? false;
    if (hasFocus || (focusedNode !== null && camera.sees(focusedNode))) return;
    model.store.setState({ focusedNode: camera.middle() });
  };

  return (
    <LevelsContext value={levels}>
      <ReactFlow
        id={flowId}
        ref={rootRef}
        nodes={nodes as Flow["nodes"][number][]}
        nodeTypes={figure?.nodeTypes ?? NODE_TYPES}
        attributionPosition="bottom-left"
        ariaLabelConfig={ARIA_LABELS}
        aria-label={label}
        disableKeyboardA11y
        nodesFocusable={false}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        zoomOnDoubleClick={false}
        zoomOnScroll={figure === undefined}
        preventScrolling={figure === undefined}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={null}
        minZoom={farthestZoom(flow.layout)}
        maxZoom={1.8}
        onlyRenderVisibleElements={flow.nodes.length > MANY_NODES}
        onKeyDown={onKeyDown}
        onMoveEnd={keepTabStop}
        onNodeClick={onNodeClick}
      >
        <EdgeLayer edges={edges} dashed={figure?.dashed} />
        <Background variant={BackgroundVariant.Dots} gap={DOTS_GAP} size={1} />
        {hasMap && (
          <MiniMap className="tw-minimap" style={MINIMAP_SIZE} pannable zoomable ariaLabel="Overview of the graph" />
        )}
      </ReactFlow>
      {figure === undefined && <ParticleLayer flow={flow} />}
    </LevelsContext>
  );
}

/** The arrows whose both ends are drawn. */
function edgesBetween(nodes: Flow["nodes"], { edges }: Flow): Flow["edges"] {
  const drawn = new Set(nodes.map(({ id }) => id));
  return edges.filter(({ source, target }) => drawn.has(source) && drawn.has(target));
}
