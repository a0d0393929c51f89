import { useEffect, useMemo, useState } from "react";
import type { WorkflowGraph } from "tickwork/client";
import type { Direction, Layout } from "./layout.ts";
import type { LayoutClient } from "./layout-client.ts";
import type { Flow } from "./to-flow.ts";
import { pickLayout, toFlow } from "./to-flow.ts";
import { toTopology } from "./topology.ts";

const ANY_PLACE = { width: 900, height: 500 };

/**
 * Nodes and edges of a workflow's graph, laid out. Changes only with the topology or the asked direction: the
 * place's size counts when the graph first appears and not again, so nothing moves by itself.
 */
export function useFlow(
  graph: WorkflowGraph | null,
  client: LayoutClient,
  direction: Direction | null,
  placeSize: () => { width: number; height: number } | null,
): {
  readonly flow: Flow | null;
  readonly directions: readonly Direction[];
  readonly hash: string | null;
  readonly problem: string | null;
} {
  const topology = useMemo(() => (graph === null ? null : toTopology(graph)), [graph]);
  const hash = topology?.hash ?? null;
  const [found, setFound] = useState<{ hash: string; layouts: readonly Layout[]; best: Layout | null } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    if (topology === null) return undefined;
    let isCurrent = true;
    client.layout(topology).then(
      (layouts) => {
        if (!isCurrent) return;
        setProblem(null);
        setFound((known) =>
          known?.hash === topology.hash
            ? known
            : { hash: topology.hash, layouts, best: pickLayout(layouts, placeSize() ?? ANY_PLACE) },
        );
      },
      (error: unknown) => {
        if (isCurrent) setProblem(String(error));
      },
    );
    return () => {
      isCurrent = false;
    };
    // A new graph object of the same topology is laid out already.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [hash, client]);

  const layout = useMemo(() => {
    if (found === null || found.hash !== hash) return null;
    const asked = found.layouts.filter((each) => each.direction === direction);
    return pickLayout(asked, placeSize() ?? ANY_PLACE) ?? found.best;
  }, [found, hash, direction, placeSize]);
  const flow = useMemo(
    () => (topology === null || layout === null ? null : toFlow(topology, layout)),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [hash, layout],
  );
  const directions = useMemo(() => [...new Set(found?.layouts.map((each) => each.direction))], [found]);
  return { flow, directions, hash, problem };
}
