/** What a step's node says to someone who does not see it, and how its queue's heat is scaled. */
import type { StepStatus } from "tickwork/client";
import { formatCount, formatDue } from "../store/format.ts";
import type { DistantFacts } from "./node-facts.ts";

const DECADES = 4;

/** 0 for an empty queue to 1 for ten thousand and more, by decades. */
export function queueHeat(queued: number): number {
  if (queued <= 0) return 0;
  return Math.min(1, Math.max(0.04, Math.log10(1 + queued) / DECADES));
}

/** 0 for an empty queue; 1 up to 9, 2 up to 99, 3 up to 999, 4 above: a colour and a pattern each. */
export function heatLevel(queued: number): 0 | 1 | 2 | 3 | 4 {
  if (queued <= 0) return 0;
  if (queued < 10) return 1;
  if (queued < 100) return 2;
  return queued < 1_000 ? 3 : 4;
}

/** Work items in a step: one lane each. */
export function underWay(status: StepStatus | undefined): number {
  return status === undefined ? 0 : status.busy + status.queued + status.delayed + status.waiting;
}

export function describeStep(status: StepStatus | undefined, name: string, moment: number): string {
  if (status === undefined) return `${name}, step, no work yet`;
  const parts = [
    `${name}, step`,
    `${formatCount(status.busy)} of ${formatCount(status.slots)} slots busy`,
    `${formatCount(status.queued)} queued`,
  ];
  if (status.held !== undefined) parts.push(`${formatCount(status.held)} held before they begin`);
  if (status.delayed > 0) {
    parts.push(
      `${formatCount(status.delayed)} backing off${status.nextRetryAt === undefined ? "" : `, next ${formatDue(status.nextRetryAt, moment)}`}`,
    );
  }
  if (status.waiting > 0) parts.push(`${formatCount(status.waiting)} waiting for an event`);
  if (status.collected !== undefined) parts.push(`collected ${status.collected.have} of ${status.collected.want}`);
  parts.push(`${formatCount(status.completed)} done`);
  if (status.failed > 0) parts.push(`${formatCount(status.failed)} failed`);
  return parts.join(", ");
}

/** What its node says from afar, without exact numbers. */
export function describeDistantStep(
  name: string,
  { isUntouched, isBusy, isHeld, hasFailed, isWaiting, queued }: DistantFacts,
): string {
  if (isUntouched) return `${name}, step, no work yet`;
  const parts = [
    `${name}, step`,
    isBusy ? "busy" : "idle",
    queued === 0 ? "nothing queued" : `about ${formatCount(queued)} queued`,
  ];
  if (isHeld) parts.push("held before it begins");
  if (isWaiting) parts.push("waiting for an event");
  if (hasFailed) parts.push("has failed attempts");
  return parts.join(", ");
}
