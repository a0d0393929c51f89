import { useEffect, useRef } from "react";
import type { RunComparison, StepTotals } from "tickwork/client";
import { formatCount, formatDuration } from "../store/format.ts";
import { BreakableText } from "../ui/BreakableText.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { useCompared } from "./compared-context.ts";
import { CompareMarkIcon } from "./CompareMarkIcon.tsx";
import type { MergedGraph } from "./merge-graphs.ts";

interface ComparedStepsProps {
  readonly comparison: RunComparison;
  readonly merged: MergedGraph | null;
}

/** The graph's twin: what each step did in both runs, and how long that took. Those that ran in neither come last. */
export function ComparedSteps({ comparison: { steps }, merged }: ComparedStepsProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const selected = useInspector((state) => (state.selection.kind === "step" ? state.selection.step : null));
  const isFirst = useRef(true);
  useEffect(() => {
    // What the address selects is not gone to: the page begins at its top.
    if (!isFirst.current && selected !== null)
      body.current?.querySelector(`[data-step="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: "nearest" });
    isFirst.current = false;
  }, [selected]);

  const longest = Math.max(1, ...steps.flatMap(({ a, b }) => [a?.duration ?? 0, b?.duration ?? 0]));
  const defined = merged?.graph.nodes.flatMap((node) => (node.kind === "step" ? [node.name] : [])) ?? [];
  const names = [...new Set([...steps.map(({ step }) => step), ...defined])];
  return (
    <table className="tw-compare-table tw-compare-steps">
      <caption>Steps</caption>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">First</th>
          <th scope="col">Second</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {names.map((step) => (
          <StepRow key={step} step={step} longest={longest} isSelected={step === selected} />
        ))}
      </tbody>
    </table>
  );
}

interface StepRowProps {
  readonly step: string;
  /** Of all times, in milliseconds. */
  readonly longest: number;
  readonly isSelected: boolean;
}

function StepRow({ step, longest, isSelected }: StepRowProps) {
  const { navigation } = useModel();
  const compared = useCompared();
  const mark = compared.markOf(step);
  const { a = null, b = null } = compared.step(step) ?? {};
  return (
    <tr data-step={step} data-mark={mark} className={isSelected ? "tw-is-selected" : undefined}>
      <th scope="row">
        <button
          type="button"
          className="tw-link"
          aria-pressed={isSelected}
          onClick={() => navigation.select({ kind: "step", step })}
        >
          <BreakableText text={step} />
        </button>{" "}
        <CompareMarkIcon mark={mark} />
      </th>
      <td>
        <Totals totals={a} longest={longest} />
      </td>
      <td>
        <Totals totals={b} longest={longest} />
      </td>
    </tr>
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
