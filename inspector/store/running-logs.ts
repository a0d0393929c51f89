/** Logs of attempts under way, as they are shown while the run is followed. Pure. */
import type { RunningLog, RunningLogs, TickSummary } from "tickwork/client";

export interface ShownLog extends RunningLog {
  /** The attempt is over: what is here may lack its last lines, its tick has all. */
  readonly isOver: boolean;
}

/** More are not kept; those that are over go first. */
const MOST_SHOWN = 40;

/** Nothing changes its place and nothing goes by itself: what is over stays, and what is new comes last. */
export function mergeLogs(shown: readonly ShownLog[], { attempts }: RunningLogs): readonly ShownLog[] {
  const news = new Map(attempts.map((log) => [keyOfLog(log), log]));
  const kept = shown.map((old): ShownLog => {
    const log = news.get(keyOfLog(old));
    news.delete(keyOfLog(old));
    return log === undefined ? { ...old, isOver: true } : { ...log, isOver: false };
  });
  const all = [...kept, ...[...news.values()].map((log): ShownLog => ({ ...log, isOver: false }))];
  let surplus = all.length - MOST_SHOWN;
  if (surplus <= 0) return all;
  const fewer = all.filter(({ isOver }) => !isOver || surplus-- <= 0);
  return fewer.slice(-MOST_SHOWN);
}

/** Without those whose ticks are listed: they say the same, and all of it. */
export function withoutListed(shown: readonly ShownLog[], listed: readonly TickSummary[]): readonly ShownLog[] {
  const isListed = ({ step, workItem, attempt, startedAt }: ShownLog): boolean =>
    listed.some(
      (tick) => tick.step === step && tick.workItem === workItem && tick.attempt === attempt && tick.at >= startedAt,
    );
  return shown.filter((log) => !log.isOver || !isListed(log));
}

export function keyOfLog({ step, workItem, invocation }: RunningLog): string {
  return `${workItem} ${invocation} ${step}`;
}
