import { Panel, useReactFlow } from "@xyflow/react";
import { FlaskConical, Maximize2, Minus, Plus, Workflow } from "lucide-react";
import { formatCount } from "../store/format.ts";
import { isEnded } from "../store/inspector-state.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import type { Direction } from "./layout.ts";

interface GraphToolbarProps {
  readonly direction: Direction;
  readonly onFit: () => void;
  readonly onTurn: () => void;
}

const DIRECTION_WORDS: { readonly [direction in Direction]: string } = {
  across: "left to right",
  down: "top to bottom",
  folded: "in columns",
};

export function GraphToolbar({ direction, onFit, onTurn }: GraphToolbarProps) {
  const { zoomIn, zoomOut } = useReactFlow();
  return (
    <>
      <Panel position="top-left">
        <PositionBadge />
      </Panel>
      <Panel position="top-right" className="tw-graph-tools">
        <IconButton label="Zoom out" icon={Minus} onClick={() => void zoomOut({ duration: 0 })} />
        <IconButton label="Zoom in" icon={Plus} onClick={() => void zoomIn({ duration: 0 })} />
        <IconButton label={`Another layout (now ${DIRECTION_WORDS[direction]})`} icon={Workflow} onClick={onTurn} />
        <IconButton label="Fit the graph" icon={Maximize2} onClick={onFit} />
      </Panel>
    </>
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
      <button type="button" className="tw-link" onClick={() => navigation.setPosition("live")}>
        {hasEnded ? "Back to latest" : "Back to live"}
      </button>
    </div>
  );
}
