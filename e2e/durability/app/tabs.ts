/** One of several tabs that share a database: starts run after run, watches each, and tells the test what it sees. */
import { EngineUnavailableError, WorkflowError } from "tickwork";
import { connect, type Engine } from "tickwork/client";
import { repeatedWork, ticksOfRunFile } from "tickwork/testing";

export type TabNews =
  /** The engine said that the run is started: from here on it must come to its end. */
  | { readonly kind: "started"; readonly runId: string }
  /** The tab saw this event of the run. `life` tells apart the lives of one tab. */
  | {
      readonly kind: "seen";
      readonly runId: string;
      readonly life: string;
      readonly sequence: number;
      readonly event: string;
    }
  | { readonly kind: "result"; readonly runId: string; readonly result: string }
  /** The tab has given up reaching an engine. */
  | { readonly kind: "failed"; readonly reason: string };

/** A run as it is kept when all is over. */
export interface KeptRun {
  readonly runId: string;
  readonly result: string;
  readonly events: readonly string[];
  readonly repeated: readonly string[];
}

const LAPS = 10;
/** Milliseconds: leaves the machine time for what happens to the tabs. */
const BETWEEN_RUNS = 200;
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Never resolves: a tab does it until it is closed. */
export async function runInTab(tab: string, tell: (news: TabNews) => void): Promise<never> {
  const engine = openEngine();
  engine.onConnectionChange(() => {
    const { state, reason } = engine.connection;
    if (state === "failed") tell({ kind: "failed", reason: reason ?? "" });
  });
  const life = crypto.randomUUID();
  for (let number = 1; ; number++) {
    const runId = `${tab}-${life.slice(0, 8)}-${number}`;
    await insist(() => start(engine, runId));
    tell({ kind: "started", runId });
    const handler = await insist(() => engine.attach(runId));
    let after = 0;
    await insist(async () => {
      for await (const { sequence, type, data } of handler.streamEvents({ after })) {
        after = sequence;
        tell({ kind: "seen", runId, life, sequence, event: JSON.stringify({ type, data }) });
      }
    });
    tell({ kind: "result", runId, result: JSON.stringify(await insist(() => handler.result())) });
    await pause(BETWEEN_RUNS);
  }
}

/** Waits for each run's end, then tells how it is kept. */
export async function readKept(runIds: readonly string[]): Promise<KeptRun[]> {
  const engine = openEngine();
  const kept: KeptRun[] = [];
  for (const runId of runIds) {
    kept.push(
      await insist(async () => {
        const result = JSON.stringify(await engine.result(runId));
        const events: string[] = [];
        for await (const { type, data } of (await engine.attach(runId)).streamEvents()) {
          events.push(JSON.stringify({ type, data }));
        }
        return { runId, result, events, repeated: repeatedWork(ticksOfRunFile(await engine.exportRun(runId))) };
      }),
    );
  }
  await engine.close();
  return kept;
}

function openEngine(): Engine {
  return connect(() => new Worker(new URL("./marathon.worker.ts", import.meta.url), { type: "module", name: "tabs" }));
}

async function start(engine: Engine, runId: string): Promise<void> {
  try {
    await engine.startRun("marathon", { laps: LAPS }, { runId });
  } catch (error) {
    // It was started, and the answer was lost.
    if (!(error instanceof WorkflowError && error.code === "RUN_EXISTS")) throw error;
  }
}

/** The engine may go from tab to tab at any moment: what was under way is asked again. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof EngineUnavailableError)) throw error;
      await pause(20);
    }
  }
}
