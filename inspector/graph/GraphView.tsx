import { ReactFlowProvider } from "@xyflow/react";
import type { KeyboardEvent } from "react";
import { lazy, memo, Suspense, useCallback, useRef, useState } from "react";
import { selectionOfNode } from "../store/graph-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import type { GraphHandle } from "./FlowCanvas.tsx";
import { FlowCanvas } from "./FlowCanvas.tsx";
import { GraphToolbar } from "./GraphToolbar.tsx";
import { HeatLegend } from "./HeatLegend.tsx";
import type { Direction } from "./layout.ts";
import type { LayoutClient } from "./layout-client.ts";
import type { KeptCamera } from "./use-camera.ts";
import { useFlow } from "./use-flow.ts";

const GraphSearch = lazy(() => import("./GraphSearch.tsx"));
const GraphTable = lazy(() => import("./GraphTable.tsx"));
const LanesPanel = lazy(() => import("./LanesPanel.tsx"));

/** The steps of the open run with their numbers at the shown tick, drawn as a graph or as a table. */
export const GraphView = memo(function GraphView({ layoutClient }: { readonly layoutClient: LayoutClient }) {
  const runId = useInspector((state) => state.runId);
  return <RunGraph key={runId} layoutClient={layoutClient} />;
});

function RunGraph({ layoutClient }: { readonly layoutClient: LayoutClient }) {
  const { navigation, store } = useModel();
  const placeRef = useRef<HTMLDivElement>(null);
  const keptCamera = useRef<KeptCamera | null>(null);
  const handle = useRef<GraphHandle | null>(null);
  const graph = useInspector((state) => state.description?.graph ?? null);
  const graphAs = useInspector((state) => state.graphAs);
  const isSearching = useInspector((state) => state.dialog?.kind === "findNode");
  const lanes = useInspector((state) => state.lanes);
  const [direction, setDirection] = useState<Direction | null>(null);
  const placeSize = useCallback(() => {
    const box = placeRef.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? null : { width: box.width - 48, height: box.height - 80 };
  }, []);
  const { flow, directions, problem } = useFlow(graph, layoutClient, direction, placeSize);

  const onKeyDown = (event: KeyboardEvent): void => {
    const isFind =
      event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isFind) return;
    event.preventDefault();
    navigation.openDialog({ kind: "findNode" });
  };
  const show = (id: string): void => {
    navigation.select(selectionOfNode(id));
    if (store.getState().graphAs === "graph") handle.current?.focus(id, true);
    else placeRef.current?.querySelector<HTMLElement>("[role=grid]")?.focus();
  };
  return (
    <div className="tw-graph" ref={placeRef} onKeyDown={onKeyDown}>
      <GraphToolbar
        graph={graph}
        flow={flow}
        directions={directions}
        camera={() => handle.current?.camera ?? null}
        onTurn={setDirection}
      />
      {graphAs === "table" ? (
        <Suspense fallback={<Skeleton label="Loading the table" rows={4} />}>
          <GraphTable />
        </Suspense>
      ) : problem !== null ? (
        <div className="tw-graph-loading tw-graph-problem">
          <p>The graph could not be laid out: {problem}.</p>
          <button type="button" className="tw-button" onClick={() => navigation.setGraphForm("table")}>
            Show the steps as a table
          </button>
        </div>
      ) : flow === null ? (
        <div className="tw-graph-loading">
          <Skeleton label="Laying out the graph" />
        </div>
      ) : (
        <>
          <ReactFlowProvider>
            <FlowCanvas flow={flow} kept={keptCamera} handle={handle} />
          </ReactFlowProvider>
          <HeatLegend />
        </>
      )}
      <Suspense>
        {isSearching && <GraphSearch onChoose={show} />}
        {lanes !== null && <LanesPanel key={lanes} step={lanes} />}
      </Suspense>
    </div>
  );
}
