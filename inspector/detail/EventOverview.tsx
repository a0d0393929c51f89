import { useInspector } from "../ui/model-context.ts";
import { JsonTree } from "../ui/JsonTree.tsx";
import { Facts } from "./Facts.tsx";
import { SelectionLink } from "./SelectionLink.tsx";

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
  const schema = description?.events[type]?.schema ?? null;
  if (node?.kind !== "event") return <p className="tw-muted">The workflow has no event of this name.</p>;
  return (
    <>
      <Facts
        facts={[
          ["Role", ROLES[node.role]],
          ["Made by", node.producedBy.length === 0 ? "outside" : <StepLinks names={node.producedBy} />],
          ["Taken by", node.acceptedBy.length === 0 ? "outside" : <StepLinks names={node.acceptedBy} />],
        ]}
      />
      {schema !== null && (
        <section className="tw-section">
          <h3>Schema</h3>
          <JsonTree label={`Schema of ${type}`} value={schema} />
        </section>
      )}
    </>
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
