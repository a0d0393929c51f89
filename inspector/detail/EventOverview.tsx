import type { ReactNode } from "react";
import { formatPlural } from "../store/format.ts";
import { nodeName } from "../store/graph-names.ts";
import { showsSandbox } from "../store/inspector-state.ts";
import { useInspector } from "../ui/model-context.ts";
import { JsonTree } from "../ui/JsonTree.tsx";
import { EventBreakpoint } from "./BreakpointToggles.tsx";
import { Facts } from "./Facts.tsx";
import { RunOnly } from "./RunOnly.tsx";
import { SelectionLink } from "./SelectionLink.tsx";
import { useEdgeTraffic } from "./use-edge-traffic.ts";

const ROLES = {
  event: "Event",
  start: "Starts a run",
  stop: "Ends a run",
  inputRequired: "Asks someone",
  humanResponse: "Someone's answer",
} as const;

export function EventOverview({ type }: { readonly type: string }) {
  const description = useInspector((state) => state.description);
  const node = description?.graph.nodes.find((candidate) => candidate.kind === "event" && candidate.name === type);
  const isSandbox = useInspector(showsSandbox);
  const schema = description?.events[type]?.schema ?? null;
  if (node?.kind !== "event") return <p className="tw-muted">The workflow has no event of this name.</p>;
  return (
    <>
      <EventBreakpoint type={type} />
      <Facts
        facts={[
          ["Role", ROLES[node.role]],
          ["Made by", node.producedBy.length === 0 ? "outside" : <StepLinks names={node.producedBy} />],
          ["Taken by", node.acceptedBy.length === 0 ? "outside" : <StepLinks names={node.acceptedBy} />],
        ]}
      />
      {isSandbox ? <RunOnly what="What passed" /> : <EventTraffic type={type} />}
      {schema !== null && (
        <section className="tw-section">
          <h3>Schema</h3>
          <JsonTree label={`Schema of ${type}`} value={schema} />
        </section>
      )}
    </>
  );
}

/** Its arrows with what passed along each; leads to them without a pointer. */
function EventTraffic({ type }: { readonly type: string }) {
  const graph = useInspector((state) => state.description?.graph ?? null);
  const { traffic } = useEdgeTraffic();
  const edges = graph?.edges.filter(({ source, target }) => [source, target].includes(`event:${type}`)) ?? [];
  if (edges.length === 0) return null;
  return (
    <section className="tw-section">
      <h3>Passed</h3>
      <Facts
        facts={edges.map(({ id, source, target }): readonly [string, ReactNode] => [
          `${nodeName(source)} → ${nodeName(target)}`,
          <SelectionLink
            key={id}
            text={traffic === null ? "…" : formatPlural(traffic.edges[id]?.count ?? 0, "event")}
            to={{ kind: "edge", source, target }}
          />,
        ])}
      />
    </section>
  );
}

function StepLinks({ names }: { readonly names: readonly string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && ", "}
      <SelectionLink text={name} to={{ kind: "step", step: name }} />
    </span>
  ));
}
