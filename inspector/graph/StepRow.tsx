import { memo } from "react";
import { formatCoarse, formatCount, formatDue } from "../store/format.ts";
import { shownMoment } from "../store/inspector-state.ts";
import { classNames } from "../ui/class-names.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { HintMark, useHint } from "./HintMark.tsx";
import { QueueBar } from "./QueueBar.tsx";

interface StepRowProps {
  readonly id: string;
  readonly step: string;
  /** 0 for the first. */
  readonly row: number;
}

/** One step's numbers; drawn again only when they change. */
export const StepRow = memo(function StepRow({ id, step, row }: StepRowProps) {
  const { navigation } = useModel();
  const status = useInspector((state) => state.graph?.steps[step]);
  const isSelected = useInspector((state) => state.selection.kind === "step" && state.selection.step === step);
  const needsClock = status !== undefined && (status.nextRetryAt !== undefined || status.waitingSince !== undefined);
  const moment = useInspector((state) => (needsClock ? shownMoment(state) : 0));
  const hint = useHint(step);
  const { nextRetryAt, waitingSince, collected, lastError } = status ?? {};
  return (
    <tr
      id={id}
      data-step={step}
      aria-rowindex={row + 2}
      aria-selected={isSelected}
      className={classNames("tw-steps-row", isSelected && "tw-is-selected")}
      onClick={() => navigation.select({ kind: "step", step })}
    >
      <th scope="row" className="tw-cut" title={step}>
        {step}
        {hint !== null && (
          <>
            <span className="tw-sr">, hint: {hint}</span> <HintMark hint={hint} />
          </>
        )}
      </th>
      <td>{status === undefined ? "" : `${formatCount(status.busy)} of ${formatCount(status.slots)}`}</td>
      <td>
        <span className="tw-steps-queue">
          <QueueBar queued={status?.queued ?? 0} />
          <span>{formatCount(status?.queued ?? 0)}</span>
        </span>
      </td>
      <Quantity value={status?.delayed} more={nextRetryAt === undefined ? "" : formatDue(nextRetryAt, moment)} />
      <Quantity
        value={status?.waiting}
        more={waitingSince === undefined ? "" : formatCoarse(moment - waitingSince)}
        tone="tw-warn"
      />
      <td>{collected === undefined ? "" : `${formatCount(collected.have)} of ${formatCount(collected.want)}`}</td>
      <Quantity value={status?.completed} />
      <td title={lastError?.slice(0, 300)}>
        {(status?.failed ?? 0) > 0 && <span className="tw-danger">{formatCount(status?.failed ?? 0)}</span>}
      </td>
    </tr>
  );
});

function Quantity({
  value = 0,
  more = "",
  tone = "",
}: {
  readonly value?: number | undefined;
  readonly more?: string;
  readonly tone?: string;
}) {
  if (value === 0) return <td />;
  return (
    <td>
      <span className={tone}>{formatCount(value)}</span> {more !== "" && <span className="tw-muted">{more}</span>}
    </td>
  );
}
