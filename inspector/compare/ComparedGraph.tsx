import type { NodeTypes } from "@xyflow/react";
import { ReactFlowProvider } from "@xyflow/react";
import { Maximize2, Minus, Plus } from "lucide-react";
import { useCallback, useMemo, useRef } from "react";
import { ExternalNode } from "../graph/ExternalNode.tsx";
import type { Figure, GraphHandle } from "../graph/FlowCanvas.tsx";
import { FlowCanvas } from "../graph/FlowCanvas.tsx";
import type { LayoutClient } from "../graph/layout-client.ts";
import { ResourceNode } from "../graph/ResourceNode.tsx";
import type { KeptCamera } from "../graph/use-camera.ts";
import { useFlow } from "../graph/use-flow.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";
import { ComparedEventNode } from "./ComparedEventNode.tsx";
import { ComparedStepNode } from "./ComparedStepNode.tsx";
import type { MergedGraph } from "./merge-graphs.ts";

const NODE_TYPES: NodeTypes = {
  step: ComparedStepNode,
  event: ComparedEventNode,
  external: ExternalNode,
  resource: ResourceNode,
};

interface ComparedGraphProps {
  readonly merged: MergedGraph;
  readonly layoutClient: LayoutClient;
}

/** The steps of both runs in one drawing. What only one of them has is dashed. */
export function ComparedGraph({ merged: { graph, presence }, layoutClient }: ComparedGraphProps) {
  const place = useRef<HTMLDivElement>(null);
  const kept = useRef<KeptCamera | null>(null);
  const handle = useRef<GraphHandle | null>(null);
  const placeSize = useCallback(() => {
    const box = place.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? null : { width: box.width - 32, height: box.height - 32 };
  }, []);
  const { flow, problem } = useFlow(graph, layoutClient, null, placeSize);
  const figure = useMemo((): Figure => {
    const dashed = [...presence].flatMap(([id, whose]) => (whose === "both" ? [] : [id]));
    return { label: "Graph of both runs", nodeTypes: NODE_TYPES, dashed: new Set(dashed) };
  }, [presence]);
  const camera = () => handle.current?.camera;
  if (problem !== null) return <p className="tw-muted">The graph could not be laid out: {problem}.</p>;
  return (
    <section className="tw-compare-figure" aria-label="Graph of both runs">
      <header className="tw-compare-head">
        <h3>Graph of both runs</h3>
        <IconButton label="Zoom out" icon={Minus} onClick={() => camera()?.zoomBy(1 / 1.25)} />
        <IconButton label="Zoom in" icon={Plus} onClick={() => camera()?.zoomBy(1.25)} />
        <IconButton label="Fit the graph" icon={Maximize2} onClick={() => camera()?.fit()} />
      </header>
      <div className="tw-graph tw-compare-graph" ref={place}>
        {flow === null ? (
          <div className="tw-graph-loading">
            <Skeleton label="Laying out the graph" />
          </div>
        ) : (
          <ReactFlowProvider>
            <FlowCanvas flow={flow} kept={kept} handle={handle} figure={figure} />
          </ReactFlowProvider>
        )}
      </div>
    </section>
  );
}
