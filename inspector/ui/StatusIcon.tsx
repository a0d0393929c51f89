import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CirclePlay,
  CircleX,
  Hourglass,
  MessageCircleQuestion,
  RotateCw,
  TimerOff,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { RunSummary, WorkItemView } from "tickwork/client";
import { isEnded } from "../store/inspector-state.ts";
import { ITEM_WORDS, STATUS_WORDS } from "../store/status-words.ts";

type RunLook = RunSummary["status"] | "asking" | "paused";
type RunFacts = Pick<RunSummary, "status" | "waiting" | "busy" | "pausedBecause">;

const RUN_ICONS: { readonly [look in RunLook]: LucideIcon } = {
  queued: CircleDashed,
  running: CirclePlay,
  idle: Hourglass,
  asking: MessageCircleQuestion,
  paused: CirclePause,
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
  paused: "tw-warn",
  completed: "tw-ok",
  failed: "tw-danger",
  cancelled: "tw-muted",
  timedOut: "tw-danger",
};

/** What one wants to see first: that it cannot go on, or that someone is asked and nothing else goes on. */
export function lookOfRun(run: RunFacts): RunLook {
  if (run.pausedBecause !== undefined && !isEnded(run.status)) return "paused";
  return run.waiting > 0 && (run.status === "idle" || (run.status === "running" && run.busy === 0))
    ? "asking"
    : run.status;
}

export function statusWord(look: RunLook): string {
  return look === "asking" ? "Waiting" : look === "paused" ? "Paused" : STATUS_WORDS[look];
}

export function RunStatusIcon({ run, size = 16 }: { readonly run: RunFacts; readonly size?: number }) {
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
