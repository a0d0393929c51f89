import { ArrowLeftRight, RotateCw, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { ComparedRun, RunComparison } from "tickwork/client";
import type { ErrorText as ErrorTextData } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import { rangeWords } from "../store/compare-words.ts";
import { formatCount, formatDuration, formatPlural } from "../store/format.ts";
import { STATUS_WORDS } from "../store/status-words.ts";
import { ErrorText } from "../ui/ErrorText.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { ComparedSteps } from "./ComparedSteps.tsx";
import { PartingView } from "./PartingView.tsx";

interface CompareViewProps {
  readonly runId: string;
  readonly other: string;
}

/** Two runs side by side, as they were when they were compared: nothing here moves until it is asked for again. */
export default function CompareView({ runId, other }: CompareViewProps) {
  const { source, navigation } = useModel();
  const [comparison, setComparison] = useState<RunComparison | null>(null);
  const [problem, setProblem] = useState<ErrorTextData | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isWanted = true;
    source.compareRuns(runId, other).then(
      (answer) => {
        if (!isWanted) return;
        setComparison(answer);
        setProblem(null);
      },
      (error: unknown) => {
        if (isWanted) setProblem(toErrorText(error));
      },
    );
    return () => {
      isWanted = false;
    };
  }, [source, runId, other, asked]);

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
      {comparison !== null && (
        <>
          <div className="tw-compare-runs">
            <RunFacts name="First" run={comparison.a} />
            <RunFacts name="Second" run={comparison.b} />
          </div>
          <PartingView comparison={comparison} />
          <p className="tw-muted tw-num">
            {formatPlural(comparison.alike, "tick")} alike, {formatCount(comparison.different)} with other data,{" "}
            {formatCount(comparison.onlyA)} only in the first, {formatCount(comparison.onlyB)} only in the second.
          </p>
          <ComparedSteps comparison={comparison} />
        </>
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
