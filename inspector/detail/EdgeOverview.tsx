import { formatAgo, formatCount } from "../store/format.ts";
import { nodeName, selectionOfNode } from "../store/graph-names.ts";
import { showsSandbox, shownMoment } from "../store/inspector-state.ts";
import { ErrorText } from "../ui/ErrorText.tsx";
import { useInspector } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { Facts } from "./Facts.tsx";
import { RunOnly } from "./RunOnly.tsx";
import { SelectionLink, TickLink } from "./SelectionLink.tsx";
import { useEdgeTraffic } from "./use-edge-traffic.ts";

/** One arrow: what passed along it up to the shown tick. */
export function EdgeOverview(edge: EdgeProps) {
  const isSandbox = useInspector(showsSandbox);
  return isSandbox ? <RunOnly what="What passed" /> : <PassedAlong {...edge} />;
}

interface EdgeProps {
  readonly source: string;
  readonly target: string;
}

function PassedAlong({ source, target }: EdgeProps) {
  const { traffic, problem } = useEdgeTraffic();
  const moment = useInspector(shownMoment);
  if (source.startsWith("resource:") || target.startsWith("resource:"))
    return <p className="tw-muted">A step uses this resource. No event passes here.</p>;
  if (problem !== null) return <ErrorText error={problem} />;
  if (traffic === null) return <Skeleton label="Counting what passed" rows={3} />;
  const found = traffic.edges[`${source}>${target}`];
  const { historyFrom } = traffic;
  return (
    <>
      <Facts
        facts={[
          ["From", <NodeLink key={source} id={source} />],
          ["To", <NodeLink key={target} id={target} />],
          ["Passed", formatCount(found?.count ?? 0)],
          [
            "Last",
            found === undefined ? null : (
              <>
                <TickLink sequence={found.last} /> <span className="tw-muted">{formatAgo(found.lastAt, moment)}</span>
              </>
            ),
          ],
          ["Counted", historyFrom === undefined ? null : `from #${formatCount(historyFrom)}, the first tick kept`],
        ]}
      />
      <p className="tw-muted tw-num">State at #{formatCount(traffic.sequence)}.</p>
    </>
  );
}

function NodeLink({ id }: { readonly id: string }) {
  return id === "external" ? nodeName(id) : <SelectionLink text={nodeName(id)} to={selectionOfNode(id)} />;
}
