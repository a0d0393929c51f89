import { FlaskConical, Maximize2, Minus, Plus, Search, Table2, Workflow } from "lucide-react";
import type { WorkflowGraph } from "tickwork/client";
import { formatCount } from "../store/format.ts";
import { isEnded } from "../store/inspector-state.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { late, LateMenu } from "../ui/LateMenu.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import type { AboutGraph } from "./GraphMenu.tsx";
import type { Direction } from "./layout.ts";
import type { Flow } from "./to-flow.ts";
import type { GraphCamera } from "./use-camera.ts";

interface GraphToolbarProps {
  readonly graph: WorkflowGraph | null;
  /** null: not laid out yet. */
  readonly flow: Flow | null;
  readonly directions: readonly Direction[];
  readonly camera: () => GraphCamera | null;
  readonly onTurn: (direction: Direction) => void;
}

const MORE = late<AboutGraph>(() => import("./GraphMenu.tsx"));

export function GraphToolbar({ graph, flow, directions, camera, onTurn }: GraphToolbarProps) {
  const { navigation } = useModel();
  const isTable = useInspector((state) => state.graphAs === "table");
  return (
    <div className="tw-graph-bar">
      <PositionBadge />
      <div className="tw-graph-tools">
        {!isTable && (
          <>
            <IconButton label="Zoom out" icon={Minus} onClick={() => camera()?.zoomBy(1 / 1.25)} />
            <IconButton label="Zoom in" icon={Plus} onClick={() => camera()?.zoomBy(1.25)} />
            <IconButton label="Fit the graph" icon={Maximize2} onClick={() => camera()?.fit()} />
          </>
        )}
        <IconButton
          label="Find a step or an event"
          icon={Search}
          shortcut="F"
          onClick={() => navigation.openDialog({ kind: "findNode" })}
        />
        <IconButton
          label={isTable ? "Show the steps as a graph" : "Show the steps as a table"}
          icon={isTable ? Workflow : Table2}
          shortcut="G"
          onClick={() => navigation.setGraphForm(isTable ? "graph" : "table")}
        />
        <LateMenu
          label="More about the graph"
          menu={MORE}
          about={{ graph, flow, directions: isTable ? [] : directions, onTurn }}
        />
      </div>
    </div>
  );
}

/** Says whether the graph follows or shows the past, and leads back. */
function PositionBadge() {
  const { navigation } = useModel();
  const isLive = useInspector((state) => state.position === "live");
  const sequence = useInspector((state) => state.graph?.sequence ?? 0);
  const hasEnded = useInspector((state) => isEnded(state.runId === null ? undefined : state.runs[state.runId]?.status));
  const isSandbox = useInspector((state) => state.sandbox.answer !== null);
  const text = <span className="tw-num">tick #{formatCount(sequence)}</span>;
  if (isLive) {
    return (
      <div className="tw-position">
        <span className={hasEnded ? "tw-badge" : "tw-badge tw-badge-accent"}>
          {hasEnded ? (
            "Latest"
          ) : (
            <>
              <span className="tw-live-dot" /> Live
            </>
          )}
        </span>
        {text}
      </div>
    );
  }
  if (isSandbox) {
    return (
      <div className="tw-position">
        <span className="tw-badge tw-badge-sandbox">
          <FlaskConical size={13} aria-hidden="true" /> Sandbox
        </span>
        {text}
      </div>
    );
  }
  return (
    <div className="tw-position">
      <span className="tw-badge tw-badge-retry">Inspecting</span>
      {text}
      <button type="button" className="tw-link tw-position-back" onClick={() => navigation.setPosition("live")}>
        {hasEnded ? "Back to latest" : "Back to live"}
      </button>
    </div>
  );
}
