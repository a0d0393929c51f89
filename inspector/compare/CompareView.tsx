import { ArrowLeftRight, RotateCw, X } from "lucide-react";
import { useMemo, useState } from "react";
import type { ComparedRun } from "tickwork/client";
import type { LayoutClient } from "../graph/layout-client.ts";
import { rangeWords } from "../store/compare-words.ts";
import { formatCount, formatDuration, formatPlural } from "../store/format.ts";
import { STATUS_WORDS } from "../store/status-words.ts";
import { ErrorText } from "../ui/ErrorText.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { ComparedContext, toCompared } from "./compared-context.ts";
import { ComparedGraph } from "./ComparedGraph.tsx";
import { ComparedSteps } from "./ComparedSteps.tsx";
import { PartingView } from "./PartingView.tsx";
import { useComparison } from "./use-comparison.ts";

interface CompareViewProps {
  readonly runId: string;
  readonly other: string;
  readonly layoutClient: LayoutClient;
}

/** Two runs side by side, as they were when they were compared: nothing here moves until it is asked for again. */
export default function CompareView({ runId, other, layoutClient }: CompareViewProps) {
  const { navigation } = useModel();
  const [asked, setAsked] = useState(0);
  const { comparison, merged, problem } = useComparison(runId, other, asked);
  const compared = useMemo(() => (comparison === null ? null : toCompared(comparison, merged)), [comparison, merged]);

  return (
    <section className="tw-compare" aria-label="Comparison of two runs">
      <header className="tw-compare-head">
        <h2>Comparison</h2>
        <IconButton label="Compare again" icon={RotateCw} onClick={() => setAsked((times) => times + 1)} />
        <IconButton label="Swap the runs" icon={ArrowLeftRight} onClick={() => navigation.compare(other, runId)} />
        <IconButton label="Close the comparison" icon={X} onClick={() => navigation.compare(runId, null)} />
      </header>
      {problem !== null && <ErrorText error={problem} />}
      {comparison === null && problem === null && <Skeleton label="Comparing" rows={8} />}
      {comparison !== null && compared !== null && (
        <ComparedContext value={compared}>
          <div className="tw-compare-runs">
            <RunFacts name="First" run={comparison.a} />
            <RunFacts name="Second" run={comparison.b} />
          </div>
          <PartingView comparison={comparison} />
          <p className="tw-muted tw-num">
            {formatPlural(comparison.alike, "tick")} alike, {formatCount(comparison.different)} with other data,{" "}
            {formatCount(comparison.onlyA)} only in the first, {formatCount(comparison.onlyB)} only in the second.
          </p>
          {merged !== null && <ComparedGraph merged={merged} layoutClient={layoutClient} />}
          <ComparedSteps comparison={comparison} merged={merged} />
        </ComparedContext>
      )}
    </section>
  );
}

function RunFacts({ name, run }: { readonly name: string; readonly run: ComparedRun }) {
  const { navigation } = useModel();
  const { runId, workflow, status, duration, failures, failureCount, error } = run;
  return (
    <section className="tw-compare-run" aria-label={`${name} run`}>
      <h3>
        <span className="tw-muted">{name}</span> {workflow}
      </h3>
      <button type="button" className="tw-link tw-mono tw-cut" onClick={() => navigation.openRun(runId)}>
        {runId}
      </button>
      <p className="tw-num">
        {STATUS_WORDS[status]} · {formatDuration(duration)} <span className="tw-muted">{rangeWords(run)}</span>
      </p>
      {error !== undefined && <p className="tw-danger">{`${error.name}: ${error.message}`}</p>}
      {failureCount > 0 && (
        <details>
          <summary>{formatPlural(failureCount, "failed attempt")}</summary>
          <ul>
            {failures.map(({ sequence, step, message }) => (
              <li key={sequence}>
                <span className="tw-num">#{formatCount(sequence)}</span> {step}: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
