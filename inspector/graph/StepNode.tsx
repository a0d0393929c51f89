import type { NodeProps } from "@xyflow/react";
import { Check, Hand, Layers, RotateCw, TriangleAlert, UserRound, X } from "lucide-react";
import type { StepStatus } from "tickwork/client";
import { formatCoarse, formatCount, formatDue, formatShortCount } from "../store/format.ts";
import { classNames } from "../ui/class-names.ts";
import { useFacts, useModel } from "../ui/model-context.ts";
import { BreakpointDot } from "./BreakpointDot.tsx";
import { DistantStep, distantLook } from "./DistantStep.tsx";
import { GraphNodeFrame } from "./GraphNodeFrame.tsx";
import { HintMark, useHint } from "./HintMark.tsx";
import type { DistantFacts, StepFacts } from "./node-facts.ts";
import { readDistantStep, readStep, STEP_PARTS } from "./node-facts.ts";
import { QueueBar } from "./QueueBar.tsx";
import { SlotPills } from "./SlotPills.tsx";
import { describeDistantStep, describeStep, underWay } from "./step-words.ts";
import type { StepFlowNode } from "./to-flow.ts";
import { useLevel } from "./use-level.ts";

/**
 * Draws one step's status; watches that alone, so a tick draws only the nodes it touched. From afar, where no number can
 * be read, only those that look another.
 */
export function StepNode({ id, data: { node } }: NodeProps<StepFlowNode>) {
  const { name } = node;
  const level = useLevel(id);
  const isOverview = level !== "near";
  const facts = useFacts<StepFacts | DistantFacts>(STEP_PARTS, level === "distant" ? readDistantStep : readStep, name);
  const hint = useHint(name);
  const isNear = "status" in facts;
  const lanes = isNear ? underWay(facts.status) : 0;
  const said = isNear ? describeStep(facts.status, name, facts.moment) : describeDistantStep(name, facts);
  const lastError = isNear ? facts.status?.lastError : undefined;
  // The same element at every distance: it keeps the focus.
  return (
    <GraphNodeFrame
      id={id}
      beside={
        <>
          {!isOverview && lanes > 1 && <LanesChip step={name} lanes={lanes} />}
          {facts.isDebugging && <BreakpointDot step={name} isSet={facts.isBreakpoint} />}
        </>
      }
      label={`${said}${facts.isBreakpoint ? ", breakpoint" : ""}${hint === null ? "" : `, hint: ${hint}`}`}
      title={lastError === undefined ? undefined : `Last error: ${lastError.slice(0, 300)}`}
      className={classNames("tw-step", isOverview && "tw-is-overview", isNear ? nearLook(facts) : distantLook(facts))}
    >
      {!isNear ? (
        <DistantStep name={name} facts={facts} hint={hint} />
      ) : isOverview ? (
        <StepOverview name={name} status={facts.status} hint={hint} />
      ) : (
        <NearStep node={node} facts={facts} hint={hint} />
      )}
    </GraphNodeFrame>
  );
}

function nearLook({ status }: StepFacts): string {
  const isIdle = status === undefined || (underWay(status) === 0 && status.completed === 0 && status.failed === 0);
  return classNames(
    isIdle && "tw-is-untouched",
    (status?.busy ?? 0) > 0 && "tw-is-busy",
    (status?.held ?? 0) > 0 && "tw-is-held",
    status !== undefined && status.held === status.busy && "tw-all-held",
  );
}

interface NearStepProps {
  readonly node: StepFlowNode["data"]["node"];
  readonly facts: StepFacts;
  readonly hint: string | null;
}

function NearStep({ node: { name, numWorkers }, facts: { status, moment }, hint }: NearStepProps) {
  const slots = status?.slots ?? numWorkers;
  return (
    <>
      <div className="tw-step-head">
        <span className="tw-step-name">{name}</span>
        {hint !== null && <HintMark hint={hint} />}
        {underWay(status) <= 1 && <span className="tw-muted">{slots === 1 ? "1 slot" : `${slots} slots`}</span>}
      </div>
      <div className="tw-step-row">
        <SlotPills slots={slots} busy={status?.busy ?? 0} busySlots={status?.busySlots} />
        <span className="tw-muted">
          {status?.busy ?? 0}/{slots} busy
        </span>
      </div>
      <div className="tw-step-row">
        <QueueBar queued={status?.queued ?? 0} />
        <span className="tw-queue-depth">
          <b>{formatShortCount(status?.queued ?? 0)}</b> <span className="tw-muted">queued</span>
        </span>
      </div>
      <StepFooter status={status} moment={moment} />
    </>
  );
}

/** Folds what runs side by side: opens the list of its work items. Keys do it with Shift+Enter on the node. */
function LanesChip({ step, lanes }: { readonly step: string; readonly lanes: number }) {
  const { navigation } = useModel();
  return (
    <button
      type="button"
      className="tw-lanes-chip tw-num"
      tabIndex={-1}
      aria-label={`List ${formatCount(lanes)} work items of ${step}`}
      title="List its work items (Shift+Enter)"
      onClick={(event) => {
        event.stopPropagation();
        navigation.openLanes(step);
      }}
    >
      ×{formatShortCount(lanes)}
    </button>
  );
}

function StepFooter({ status, moment }: { readonly status: StepStatus | undefined; readonly moment: number }) {
  if (status === undefined) return <div className="tw-step-row tw-step-foot tw-muted">no work yet</div>;
  const { completed, failed, held = 0, delayed, nextRetryAt, waiting, waitingSince, collected } = status;
  return (
    <div className="tw-step-row tw-step-foot">
      <span className={completed > 0 ? "tw-ok" : "tw-muted"} title="Work items done">
        <Check size={12} aria-hidden="true" /> {formatShortCount(completed)}
      </span>
      {failed > 0 && (
        <span className="tw-danger" title="Failed attempts">
          <X size={12} aria-hidden="true" /> {formatShortCount(failed)}
        </span>
      )}
      {held > 0 && (
        <span className="tw-held" title="Held before they begin">
          <Hand size={12} aria-hidden="true" /> {formatShortCount(held)} held
        </span>
      )}
      {delayed > 0 && (
        <span className="tw-retry" title="Backing off before the next attempt">
          <RotateCw size={11} aria-hidden="true" /> {formatShortCount(delayed)}
          {nextRetryAt !== undefined && ` ${formatDue(nextRetryAt, moment)}`}
        </span>
      )}
      {waiting > 0 && (
        <span className="tw-warn" title="Waiting for an event">
          <UserRound size={12} aria-hidden="true" /> {formatShortCount(waiting)}
          {waitingSince !== undefined && ` · ${formatCoarse(moment - waitingSince)}`}
        </span>
      )}
      {collected !== undefined && (
        <span className="tw-muted" title="The fullest set being collected">
          <Layers size={12} aria-hidden="true" /> {formatShortCount(collected.have)} of{" "}
          {formatShortCount(collected.want)}
        </span>
      )}
    </div>
  );
}

interface StepOverviewProps {
  readonly name: string;
  readonly status: StepStatus | undefined;
  readonly hint: string | null;
}

function StepOverview({ name, status, hint }: StepOverviewProps) {
  const queued = status?.queued ?? 0;
  return (
    <>
      <span className="tw-step-name">{name}</span>
      <span className="tw-step-big">
        <b>{formatShortCount(queued)}</b>
        <span className="tw-muted">
          {status?.busy ?? 0}/{status?.slots ?? "–"}
        </span>
        {hint !== null && <HintMark hint={hint} size={22} />}
        {(status?.held ?? 0) > 0 && <Hand className="tw-accent" size={22} aria-hidden="true" />}
        {(status?.failed ?? 0) > 0 && <TriangleAlert className="tw-danger" size={22} aria-hidden="true" />}
        {(status?.waiting ?? 0) > 0 && <UserRound className="tw-warn" size={22} aria-hidden="true" />}
      </span>
      <QueueBar queued={queued} />
    </>
  );
}
