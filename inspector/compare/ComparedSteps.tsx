import { CircleDashed, Equal } from "lucide-react";
import type { ComparedStep, RunComparison, StepTotals } from "tickwork/client";
import { formatCount, formatDuration } from "../store/format.ts";

/** What each step did in both runs, and how long that took. */
export function ComparedSteps({ comparison: { steps } }: { readonly comparison: RunComparison }) {
  const longest = Math.max(1, ...steps.flatMap(({ a, b }) => [a?.duration ?? 0, b?.duration ?? 0]));
  return (
    <table className="tw-compare-table">
      <caption>Steps</caption>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">First</th>
          <th scope="col">Second</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((each) => (
          <tr key={each.step} data-kind={each.a === null ? "added" : each.b === null ? "removed" : "both"}>
            <th scope="row">
              {each.step} <Where step={each} />
            </th>
            <td>
              <Totals totals={each.a} longest={longest} />
            </td>
            <td>
              <Totals totals={each.b} longest={longest} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Where({ step: { a, b } }: { readonly step: ComparedStep }) {
  const isBoth = a !== null && b !== null;
  const Icon = isBoth ? Equal : CircleDashed;
  return (
    <span className="tw-muted tw-compare-where">
      <Icon size={12} aria-hidden="true" />{" "}
      {isBoth ? "in both" : a === null ? "only in the second" : "only in the first"}
    </span>
  );
}

function Totals({ totals, longest }: { readonly totals: StepTotals | null; readonly longest: number }) {
  if (totals === null) return <span className="tw-muted">did not run</span>;
  const { returned, failed, waited, duration } = totals;
  const parts = [
    `${formatCount(returned)} returned`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(waited > 0 ? [`${formatCount(waited)} waited`] : []),
  ];
  return (
    <>
      <span className="tw-num">
        {parts.join(", ")} · {formatDuration(duration)}, longest {formatDuration(totals.longest)}
      </span>
      <span className="tw-compare-bar" aria-hidden="true">
        <span style={{ width: `${(duration / longest) * 100}%` }} />
      </span>
    </>
  );
}
