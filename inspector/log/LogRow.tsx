import {
  ArrowDownToLine,
  Ban,
  CircleAlert,
  CircleCheck,
  CirclePause,
  CirclePlay,
  Clock,
  Layers,
  PencilLine,
  RotateCw,
  TimerOff,
  Workflow,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import { memo } from "react";
import type { TickKind, TickSummary } from "tickwork/client";
import { formatBytes, formatClock, formatCount, formatDuration } from "../store/format.ts";
import { TICK_WORDS } from "../store/status-words.ts";
import { classNames } from "../ui/class-names.ts";
import { useModel } from "../ui/model-context.ts";

interface LogRowProps {
  readonly sequence: number;
  readonly tick: TickSummary | undefined;
  readonly top: number;
  readonly isShown: boolean;
  /** It is in the engine's memory only, from which no ticks are read. */
  readonly isUnwritten: boolean;
  /** It was tried, and failed. */
  readonly isUnreadable: boolean;
}

const KIND_ICONS: { readonly [kind in TickKind]: readonly [LucideIcon, string] } = {
  StartRun: [CirclePlay, "tw-accent"],
  AdmitRun: [CirclePlay, "tw-muted"],
  AddEvent: [ArrowDownToLine, "tw-accent"],
  StepResult: [CircleCheck, "tw-ok"],
  CollectEvents: [Layers, "tw-muted"],
  EditState: [PencilLine, "tw-muted"],
  Wakeup: [Clock, "tw-muted"],
  WaiterTimeout: [TimerOff, "tw-danger"],
  Timeout: [TimerOff, "tw-danger"],
  CancelRun: [Ban, "tw-muted"],
  ResumeRun: [RotateCw, "tw-accent"],
  RecordEffect: [CircleCheck, "tw-ok"],
  StartChild: [Workflow, "tw-accent"],
  EndChild: [Workflow, "tw-ok"],
  IdleCheck: [Clock, "tw-muted"],
  FailRun: [CircleAlert, "tw-danger"],
};

/** How a tick is drawn and said: a step's result by how it ended. */
export function lookOfTick(tick: TickSummary): {
  readonly icon: LucideIcon;
  readonly tone: string;
  readonly word: string;
} {
  if (tick.outcome === "failed") return { icon: CircleAlert, tone: "tw-danger", word: "Step failed" };
  if (tick.outcome === "waiting") return { icon: CirclePause, tone: "tw-warn", word: "Step waits" };
  if (tick.outcome === "returned") return { icon: CircleCheck, tone: "tw-ok", word: "Step done" };
  const [icon, tone] = KIND_ICONS[tick.kind];
  return { icon, tone, word: TICK_WORDS[tick.kind] };
}

export const LogRow = memo(function LogRow({ sequence, tick, top, isShown, isUnwritten, isUnreadable }: LogRowProps) {
  const { navigation } = useModel();
  const className = classNames(
    "tw-log-row",
    isShown && "tw-is-selected",
    tick === undefined && "tw-is-unknown",
    tick?.outcome === "failed" && "tw-is-failed",
  );
  return (
    // The list has the focus and the keys; a row is only clicked.
    <div
      id={`tw-tick-${sequence}`}
      role="option"
      aria-selected={isShown}
      className={className}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => navigation.selectTick(sequence)}
    >
      <span className="tw-num tw-muted">{formatCount(sequence)}</span>
      {tick !== undefined ? (
        <LogCells tick={tick} />
      ) : isUnwritten ? (
        <span className="tw-log-untold tw-muted">Not on disk yet: shown once it is.</span>
      ) : isUnreadable ? (
        <span className="tw-log-untold tw-muted">Cannot be read.</span>
      ) : (
        <span className="tw-log-unknown" />
      )}
    </div>
  );
});

function LogCells({ tick }: { readonly tick: TickSummary }) {
  const { icon: Icon, tone, word } = lookOfTick(tick);
  const isFailed = tick.outcome === "failed";
  const item = tick.workItem === undefined ? "" : `#${tick.workItem}`;
  const attempt = tick.attempt === undefined || tick.attempt === 1 ? "" : ` · attempt ${tick.attempt}`;
  return (
    <>
      <span className="tw-num tw-muted">{formatClock(tick.at)}</span>
      <span className="tw-log-kind">
        <Icon size={13} className={tone} aria-hidden="true" /> {word}
      </span>
      <span className="tw-cut tw-strong">{tick.step ?? ""}</span>
      <span className="tw-cut tw-num">
        {item}
        {attempt !== "" && <span className="tw-retry">{attempt}</span>}
      </span>
      <span className="tw-cut tw-num tw-muted">{causeOf(tick)}</span>
      <span className="tw-cut">
        <EventList tick={tick} />
        {tick.eventCount === 0 && tick.note !== undefined && (
          <span className={classNames("tw-log-note", isFailed ? "tw-danger" : "tw-muted")}>{tick.note}</span>
        )}
      </span>
      <span className={classNames("tw-cut", isFailed ? "tw-danger" : "tw-muted")}>
        {tick.note ?? (tick.duration === undefined ? "" : formatDuration(tick.duration))}
      </span>
      <span className="tw-num tw-muted tw-right">{formatBytes(tick.size)}</span>
    </>
  );
}

function causeOf({ broughtBy, causedBy }: TickSummary): string {
  const cause = broughtBy ?? causedBy;
  return cause === "external" ? "outside" : `#${formatCount(cause)}`;
}

function EventList({ tick }: { readonly tick: TickSummary }) {
  const counts = new Map<string, number>();
  for (const { type } of tick.events) counts.set(type, (counts.get(type) ?? 0) + 1);
  const rest = tick.eventCount - tick.events.length;
  const first = tick.events[0];
  return (
    <>
      {[...counts].map(([type, count]) => (
        <span key={type} className="tw-tag">
          {type}
          {count > 1 && ` ×${formatCount(count)}`}
        </span>
      ))}
      {rest > 0 && <span className="tw-muted"> +{formatCount(rest)}</span>}
      {counts.size === 1 && tick.eventCount === 1 && first !== undefined && (
        <code className="tw-log-preview">{first.preview}</code>
      )}
    </>
  );
}
