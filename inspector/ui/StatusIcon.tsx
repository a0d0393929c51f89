import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePlay,
  CircleX,
  Hourglass,
  MessageCircleQuestion,
  RotateCw,
  TimerOff,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { RunSummary, WorkItemView } from "tickwork/client";
import { ITEM_WORDS, STATUS_WORDS } from "../store/status-words.ts";

type RunLook = RunSummary["status"] | "asking";

const RUN_ICONS: { readonly [look in RunLook]: LucideIcon } = {
  queued: CircleDashed,
  running: CirclePlay,
  idle: Hourglass,
  asking: MessageCircleQuestion,
  completed: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
  timedOut: TimerOff,
};

const RUN_TONES: { readonly [look in RunLook]: string } = {
  queued: "tw-muted",
  running: "tw-accent",
  idle: "tw-muted",
  asking: "tw-warn",
  completed: "tw-ok",
  failed: "tw-danger",
  cancelled: "tw-muted",
  timedOut: "tw-danger",
};

/** Someone is asked, and nothing else goes on: that is what one wants to see first. */
export function lookOfRun(run: Pick<RunSummary, "status" | "waiting" | "busy">): RunLook {
  return run.waiting > 0 && (run.status === "idle" || (run.status === "running" && run.busy === 0))
    ? "asking"
    : run.status;
}

export function statusWord(look: RunLook): string {
  return look === "asking" ? "Waiting" : STATUS_WORDS[look];
}

export function RunStatusIcon({
  run,
  size = 16,
}: {
  readonly run: Pick<RunSummary, "status" | "waiting" | "busy">;
  readonly size?: number;
}) {
  const look = lookOfRun(run);
  const Icon = RUN_ICONS[look];
  return <Icon size={size} className={RUN_TONES[look]} role="img" aria-label={statusWord(look)} />;
}

const ITEM_ICONS: { readonly [state in WorkItemView["state"]]: readonly [LucideIcon, string] } = {
  running: [CircleDot, "tw-accent"],
  queued: [CircleDashed, "tw-muted"],
  delayed: [RotateCw, "tw-retry"],
  waiting: [MessageCircleQuestion, "tw-warn"],
};

export function ItemStateIcon({ state }: { readonly state: WorkItemView["state"] }) {
  const [Icon, tone] = ITEM_ICONS[state];
  return <Icon size={13} className={tone} role="img" aria-label={ITEM_WORDS[state]} />;
}
