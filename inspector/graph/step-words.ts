/** What a step's node says to someone who does not see it, and how its queue's heat is scaled. */
import type { StepStatus } from "tickwork/client";
import { formatCount, formatDue } from "../store/format.ts";

const DECADES = 4;

/** 0 for an empty queue to 1 for ten thousand and more, by decades. */
export function queueHeat(queued: number): number {
  if (queued <= 0) return 0;
  return Math.min(1, Math.max(0.04, Math.log10(1 + queued) / DECADES));
}

export function describeStep(status: StepStatus | undefined, name: string, moment: number): string {
  if (status === undefined) return `${name}, step, no work yet`;
  const parts = [
    `${name}, step`,
    `${formatCount(status.busy)} of ${formatCount(status.slots)} slots busy`,
    `${formatCount(status.queued)} queued`,
  ];
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
