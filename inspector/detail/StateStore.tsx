import { useMemo } from "react";
import { Database } from "lucide-react";
import { formatCount } from "../store/format.ts";
import { showsSandbox } from "../store/inspector-state.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { pathOf, previewJson } from "../store/json-rows.ts";
import { PayloadView } from "../ui/PayloadView.tsx";
import { useInspector } from "../ui/model-context.ts";

const MOST_CHANGES = 40;

/** The run's state store at the shown tick, and what that tick changed in it. */
export function StateStore() {
  const view = useInspector((state) => state.view);
  const isSandbox = useInspector(showsSandbox);
  const changed = useMemo(() => {
    const paths = new Set<string>();
    // A member that is folded away still shows where to look.
    for (const { path } of view?.storeChanges ?? [])
      for (let length = 1; length <= path.length; length += 1) paths.add(pathOf(path.slice(0, length)));
    return paths;
  }, [view?.storeChanges]);
  if (view === null) return null;
  const { store, storeChanges, graph } = view;
  return (
    <>
      <div className="tw-section-head">
        <span className="tw-muted tw-num">
          State at #{formatCount(graph.sequence)}
          {graph.sequence > 1 && storeChanges.length > 0 && ` ⇄ #${formatCount(graph.sequence - 1)}`}
        </span>
      </div>
      {storeChanges.length > 0 && (
        <ul className="tw-changes" aria-label="Changed by this tick">
          {storeChanges.slice(0, MOST_CHANGES).map(({ path, before, after }) => (
            <li key={pathOf(path)}>
              <code>
                {path
                  .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
                  .join("")
                  .replace(/^\./, "") || "the whole store"}
              </code>
              <span>
                {before !== undefined && <del>− {previewJson(before)}</del>}{" "}
                {after !== undefined && <ins>+ {previewJson(after)}</ins>}
              </span>
            </li>
          ))}
          {storeChanges.length > MOST_CHANGES && (
            <li className="tw-muted">{formatCount(storeChanges.length - MOST_CHANGES)} more changes</li>
          )}
        </ul>
      )}
      {Object.keys(store).length === 0 ? (
        <EmptyState icon={Database} title="The state store is empty">
          <p className="tw-muted">Steps write to it with ctx.store.</p>
        </EmptyState>
      ) : (
        <PayloadView
          title="Store"
          label="State store"
          runId={view.runId}
          payload={isSandbox ? null : { of: "store", sequence: graph.sequence }}
          value={store}
          changed={changed}
        />
      )}
    </>
  );
}
