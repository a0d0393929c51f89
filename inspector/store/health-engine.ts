/** Where the engine is, whether it lives, and how much it has to do. */
import type { ConnectionState, EngineConnection, RunSummary } from "tickwork/client";
import { formatClock, formatCount, formatDuration, formatPlural, formatRate } from "./format.ts";
import type { HealthBasis, HealthRow, HealthTone } from "./health-row.ts";
import { countGroups } from "./run-list.ts";

/** Milliseconds after which a question that has no answer is worth a word. */
const SLOW_ANSWER = 5_000;

const WORKER: { readonly [state in ConnectionState]: readonly [word: string, tone: HealthTone] } = {
  starting: ["Starting", "plain"],
  waiting: ["Waits for its turn", "look"],
  ready: ["Alive", "ok"],
  restarting: ["Starts again", "look"],
  failed: ["Dead, and does not come back by itself", "trouble"],
  closed: ["Closed", "look"],
};

export function engineRows(basis: HealthBasis): readonly HealthRow[] {
  const { engine, traffic } = basis;
  return [
    { label: "Engine", ...whereOf(engine, basis.storage?.leader ?? true) },
    ...(engine === null ? [] : [{ label: "Worker", ...workerOf(engine, basis) }]),
    { label: "Answers", ...answersOf(basis) },
    ...(engine === null ? [] : [{ label: "Version", ...versionOf(engine) }]),
    { label: "Ticks per second", value: formatRate(traffic.ticksPerSecond), tone: "plain" },
    ...runRows(basis),
  ];
}

type Fact = Omit<HealthRow, "label">;

function whereOf(engine: EngineConnection | null, isLeader: boolean): Fact {
  if (engine === null) {
    const value = isLeader ? "Called directly" : "Elsewhere";
    return { value, tone: "ok", hint: "It was handed over as it is, and says nothing of a worker or of other tabs." };
  }
  if (engine.state === "ready") {
    return engine.isElsewhere
      ? {
          value: "In another tab",
          tone: "ok",
          hint: "This tab calls it there, and takes over when that one is closed.",
        }
      : { value: "In this tab", tone: "ok", hint: "Other tabs of this app call it here." };
  }
  if (engine.state === "waiting")
    return { value: "In another tab", tone: "look", hint: "It cannot be called from here." };
  return { value: "Nowhere yet", tone: WORKER[engine.state][1], hint: "No tab is known to run it." };
}

function workerOf({ state, reason }: EngineConnection, { engineSince, now }: HealthBasis): Fact {
  const [word, tone] = WORKER[state];
  const since = Math.floor(Math.max(0, now - engineSince) / 1_000) * 1_000;
  return {
    value: since === 0 ? word : `${word}, for ${formatDuration(since)}`,
    tone,
    hint: reason ?? `Since ${formatClock(engineSince).slice(0, 8)}.`,
    ...(state === "failed" && { actions: [{ does: "reload", label: "Reload the page" }] as const }),
  };
}

function answersOf({ connection, problem, storageAt, storageAskedAt, now, engine }: HealthBasis): Fact {
  const isWaitedFor = engine !== null && engine.state !== "ready";
  if (connection === "unavailable" && problem !== null) {
    const code = problem.code === undefined ? {} : { code: problem.code };
    return { value: "No", tone: isWaitedFor ? "look" : "trouble", hint: problem.message, ...code };
  }
  const asked = storageAskedAt === null ? 0 : now - storageAskedAt;
  if (asked > SLOW_ANSWER) {
    const hint = "It may be busy with a long step that never lets go, or its tab may be frozen.";
    return { value: `Not for ${formatDuration(Math.floor(asked / 1_000) * 1_000)}`, tone: "look", hint };
  }
  return storageAt === null
    ? { value: "Not yet", tone: "plain", hint: "It was asked for the first time." }
    : { value: "Yes", tone: "ok", hint: "Asked every second while this is open." };
}

function versionOf({ otherVersion }: EngineConnection): Fact {
  return otherVersion === null
    ? { value: "No other is open", tone: "plain" }
    : { value: "Another tab runs another one", tone: "look", hint: otherVersion };
}

function runRows({ runs, nextBefore }: HealthBasis): readonly HealthRow[] {
  const all = Object.values(runs);
  const counts = countGroups({ runs, runIds: Object.keys(runs) });
  const paused = all.filter(({ pausedBecause }) => pausedBecause !== undefined);
  const known = nextBefore === null ? formatPlural(all.length, "run") : `the newest ${formatPlural(all.length, "run")}`;
  return [
    {
      label: "Runs in memory",
      value: formatCount(all.filter(({ loaded }) => loaded).length),
      tone: "plain",
      hint: `Of ${known}.`,
    },
    {
      label: "Runs waiting",
      value: formatCount(counts.waiting),
      tone: "plain",
      ...(counts.waiting > 0 && { actions: [{ does: "showRuns", status: "waiting", label: "Show them" }] }),
    },
    {
      label: "Runs paused",
      value: formatCount(counts.paused),
      tone: counts.paused > 0 ? "look" : "plain",
      ...(counts.paused > 0 && {
        hint: reasonsOf(paused),
        actions: [{ does: "showRuns", status: "paused", label: "Show them" }],
      }),
    },
  ];
}

/** The two most frequent ones. */
function reasonsOf(paused: readonly RunSummary[]): string {
  const counts = new Map<string, number>();
  for (const { pausedBecause = "" } of paused) counts.set(pausedBecause, (counts.get(pausedBecause) ?? 0) + 1);
  const reasons = [...counts].toSorted((a, b) => b[1] - a[1]).map(([reason]) => reason);
  const others = reasons.length - 2;
  return reasons.slice(0, 2).join(" ") + (others > 0 ? ` And ${formatPlural(others, "other reason")}.` : "");
}
