import { useEffect, useMemo, useState } from "react";
import type { WorkflowGraph } from "tickwork/client";
import type { Direction, Layout } from "./layout.ts";
import type { LayoutClient } from "./layout-client.ts";
import type { Flow } from "./to-flow.ts";
import { pickLayout, toFlow } from "./to-flow.ts";
import type { Topology } from "./topology.ts";
import { toTopology } from "./topology.ts";

const ANY_PLACE = { width: 900, height: 500 };

interface LaidOut {
  readonly topology: Topology;
  readonly layouts: readonly Layout[];
  readonly best: Layout | null;
}

/**
 * Nodes and edges of a workflow's graph, laid out. Changes only with the topology or the asked direction: the
 * place's size counts when the graph first appears and not again, so nothing moves by itself. A graph of another
 * topology takes the place of the one before when it is laid out.
 */
export function useFlow(
  graph: WorkflowGraph | null,
  client: LayoutClient,
  direction: Direction | null,
  placeSize: () => { width: number; height: number } | null,
): {
  readonly flow: Flow | null;
  readonly directions: readonly Direction[];
  readonly problem: string | null;
} {
  const topology = useMemo(() => (graph === null ? null : toTopology(graph)), [graph]);
  const [found, setFound] = useState<LaidOut | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    if (topology === null) return undefined;
    let isCurrent = true;
    client.layout(topology).then(
      (layouts) => {
        if (!isCurrent) return;
        setProblem(null);
        setFound((known) =>
          known?.topology.hash === topology.hash
            ? known
            : { topology, layouts, best: pickLayout(layouts, placeSize() ?? ANY_PLACE) },
        );
      },
      (error: unknown) => {
        if (isCurrent) setProblem(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isCurrent = false;
    };
    // A new graph object of the same topology is laid out already.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [topology?.hash, client]);

  const flow = useMemo(() => {
    if (found === null) return null;
    const asked = found.layouts.filter((each) => each.direction === direction);
    const layout = pickLayout(asked, placeSize() ?? ANY_PLACE) ?? found.best;
    return layout === null ? null : toFlow(found.topology, layout);
  }, [found, direction, placeSize]);
  const directions = useMemo(() => [...new Set(found?.layouts.map((each) => each.direction))], [found]);
  return { flow, directions, problem };
}
