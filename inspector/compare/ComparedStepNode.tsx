import type { NodeProps } from "@xyflow/react";
import { X } from "lucide-react";
import type { StepTotals } from "tickwork/client";
import { GraphNodeFrame } from "../graph/GraphNodeFrame.tsx";
import type { StepFlowNode } from "../graph/to-flow.ts";
import { useLevel } from "../graph/use-level.ts";
import { describeCompared, runsOf } from "../store/compare-marks.ts";
import { formatDuration, formatShortCount } from "../store/format.ts";
import { classNames } from "../ui/class-names.ts";
import { useCompared } from "./compared-context.ts";
import { CompareMarkIcon } from "./CompareMarkIcon.tsx";

/** A step of two runs: how often it ran in each, how often it failed, how long that took, and whether that differs. */
export function ComparedStepNode({ id, data }: NodeProps<StepFlowNode>) {
  const { name } = data.node;
  const compared = useCompared();
  const isOverview = useLevel(id) !== "near";
  const [mark, step] = [compared.markOf(name), compared.step(name)];
  return (
    <GraphNodeFrame
      id={id}
      label={describeCompared(name, mark, step)}
      className={classNames("tw-step", "tw-compared", `tw-compared-${mark}`, isOverview && "tw-is-overview")}
    >
      <div className="tw-step-name">{name}</div>
      {!isOverview && (
        <div className="tw-compared-sides">
          <Side name="First" totals={step?.a ?? null} />
          <Side name="Second" totals={step?.b ?? null} />
        </div>
      )}
      <CompareMarkIcon mark={mark} size={isOverview ? 20 : 12} />
    </GraphNodeFrame>
  );
}

function Side({ name, totals }: { readonly name: string; readonly totals: StepTotals | null }) {
  return (
    <div className="tw-compared-side">
      <span className="tw-muted">{name}</span>
      {totals === null ? (
        <span className="tw-muted">did not run</span>
      ) : (
        <>
          <span title="Runs of the step">×{formatShortCount(runsOf(totals))}</span>
          {totals.failed > 0 && (
            <span className="tw-danger tw-compared-failed" title="Failed attempts">
              <X size={12} aria-hidden="true" /> {formatShortCount(totals.failed)}
            </span>
          )}
          <span className="tw-compared-time" title="Time its runs took together">
            {formatDuration(totals.duration)}
          </span>
        </>
      )}
    </div>
  );
}
