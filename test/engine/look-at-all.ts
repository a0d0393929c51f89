/** Everything that can be got out of an engine, asked for in every way that it has. */
import type { JsonObject } from "../../src/core/json.ts";
import type { EngineHost } from "../../src/engine/host.ts";
import type { RunSummary } from "../../src/inspection/inspection-event.ts";

/** Of which the looks are taken: a run, and what may be asked about in it. */
interface Looked extends RunSummary {
  /** The first tick that is there. */
  readonly first: number;
  readonly steps: readonly string[];
  /** Those under way. */
  readonly workItems: readonly number[];
  /** From the first on, as they are shown. */
  readonly ticks: readonly JsonObject[];
  /** The runs of the engine. */
  readonly others: readonly string[];
}

type Answers = Promise<unknown> | readonly Promise<unknown>[];

/** How a method is asked for all that it tells; only this method can be called. */
interface Way<Name extends keyof EngineHost> {
  readonly once?: (at: Pick<EngineHost, Name>) => Answers;
  readonly ofRun?: (at: Pick<EngineHost, Name>, run: Looked, text: string) => Answers;
  readonly ofTick?: (at: Pick<EngineHost, Name>, run: Looked, tick: number) => Answers;
}

/** Why a method is not asked. */
type Left =
  /** What it gives is for the app itself, and whole. */
  | "the app's own"
  /** It tells nothing; what it did is told by others. */
  | "does"
  /** The test listens all the time. */
  | "listened to";

const ALL = { from: 1, limit: 1000 };

/** A method that is not here does not compile: whatever is added to an engine is looked at. */
const WAYS: { readonly [Name in keyof EngineHost]: Way<Name> | Left } = {
  listRuns: { once: (at) => at.listRuns() },
  listWaiters: {
    once: (at) => at.listWaiters({ role: ["event", "humanResponse", "inputRequired"] }),
    ofRun: (at, { runId }) => at.listWaiters({ runId }),
  },
  storage: { once: (at) => at.storage() },
  prune: { once: (at) => at.prune() },
  describeWorkflows: { once: (at) => at.describeWorkflows() },
  describeRun: { ofRun: (at, { runId }) => at.describeRun(runId) },
  exportRun: { ofRun: (at, { runId }) => at.exportRun(runId) },
  depthOverTime: { ofRun: (at, { runId }) => at.depthOverTime(runId, 10) },
  readTicks: { ofRun: (at, { runId }) => at.readTicks(runId, ALL) },
  readStream: { ofRun: (at, { runId }) => at.readStream(runId, ALL) },
  timeline: { ofRun: (at, { runId }) => at.timeline(runId, { buckets: 4096 }) },
  compareRuns: { ofRun: (at, { runId, others }) => others.map((other) => at.compareRuns(runId, other)) },
  searchTicks: {
    // Found where a text says it, and nowhere else.
    ofRun: async (at, { runId }, text) => {
      const { sequences } = await at.searchTicks(runId, { text, ...ALL });
      return sequences.map((tick) => `said {in tick ${tick}}: ${text}`);
    },
  },
  debugRun: { ofRun: (at, { runId }) => at.debugRun(runId, { kind: "set", breakpoints: [{ step: "no such step" }] }) },
  stateAt: {
    ofRun: (at, { runId }) => at.stateAt(runId),
    ofTick: (at, { runId }, tick) => at.stateAt(runId, tick),
  },
  edgeTraffic: { ofTick: (at, { runId }, tick) => at.edgeTraffic(runId, tick) },
  readWorkItems: {
    ofRun: (at, { runId, steps }) => steps.map((step) => at.readWorkItems(runId, { step, from: 0, limit: 100 })),
    ofTick: (at, { runId, steps }, sequence) =>
      steps.map((step) => at.readWorkItems(runId, { step, sequence, from: 0, limit: 100 })),
  },
  runningLogs: { ofRun: (at, { runId }) => at.runningLogs(runId) },
  readTick: { ofTick: (at, { runId }, tick) => at.readTick(runId, tick) },
  readTickLines: { ofTick: (at, { runId }, tick) => at.readTickLines(runId, [tick]) },
  causes: { ofTick: (at, { runId }, tick) => at.causes(runId, tick) },
  stateDifference: {
    ofRun: (at, { runId, first, sequence }) =>
      [["input"], ["deep", "down"], []].map((path) =>
        at.stateDifference(runId, { from: first - 1, to: sequence, path }),
      ),
    ofTick: (at, { runId }, tick) => at.stateDifference(runId, { from: tick - 1, to: tick }),
  },
  whatIf: {
    ofTick: (at, { runId, first, ticks }, atSequence) => [
      at.whatIf(runId, { atSequence, change: { kind: "skip" } }),
      at.whatIf(runId, { atSequence, change: { kind: "skip" }, viewAt: atSequence }),
      at.whatIf(runId, { atSequence, change: { kind: "replace", tick: ticks[atSequence - first] ?? {} } }),
      at.whatIf(runId, { atSequence, change: { kind: "replace", tick: {} } }),
    ],
  },
  readText: {
    ofRun: (at, { runId, workItems }) =>
      workItems.map((workItem) => at.readText(runId, { of: "input", sequence: 0, workItem })),
    ofTick: (at, { runId }, sequence) =>
      (["tick", "store", "result"] as const).map((of) => at.readText(runId, { of, sequence })),
  },
  readPart: {
    ofRun: (at, { runId, workItems }) => [
      at.readPart(runId, { of: "store", sequence: 0 }, ["deep", "down"]),
      at.readPart(runId, { of: "store", sequence: 0 }, ["no such place"]),
      ...workItems.map((workItem) => at.readPart(runId, { of: "input", sequence: 0, workItem }, [])),
    ],
    ofTick: (at, { runId }, sequence) =>
      (["tick", "store", "result"] as const).flatMap((of) =>
        [0, 1].map((from) => at.readPart(runId, { of, sequence }, [], from)),
      ),
  },
  inspect: "listened to",
  subscribe: "listened to",
  start: "the app's own",
  attach: "the app's own",
  result: "the app's own",
  readEvents: "the app's own",
  startRun: "does",
  sendEvent: "does",
  cancelRun: "does",
  resumeRun: "does",
  resumeAll: "does",
  deleteRun: "does",
  importRun: "does",
  forkRun: "does",
  retryStorage: "does",
  wake: "does",
  close: "does",
};

/** What a method told, or how it refused to. */
export interface Told {
  readonly by: string;
  readonly told: unknown;
}

/** All answers, and what was said where there was none. `text` is searched for. */
export async function lookAtAll(at: EngineHost, text: string): Promise<readonly Told[]> {
  const all: Told[] = [];
  const look = async <Name extends keyof EngineHost>(name: Name, runs: readonly Looked[]): Promise<void> => {
    const way: Way<Name> | Left = WAYS[name];
    if (typeof way === "string") return;
    const hear = async (answers: Answers | undefined): Promise<void> => {
      for (const answer of await Promise.allSettled([answers ?? []].flat())) {
        all.push({ by: name, told: answer.status === "fulfilled" ? answer.value : refusal(answer.reason) });
      }
    };
    await hear(way.once?.(at));
    for (const run of runs) {
      await hear(way.ofRun?.(at, run, text));
      for (let tick = run.first; tick <= run.sequence && way.ofTick; tick++) await hear(way.ofTick(at, run, tick));
    }
  };
  const runs = await lookedAt(at);
  for (const name of Object.keys(WAYS) as (keyof EngineHost)[]) await look(name, runs);
  return all;
}

async function lookedAt(at: EngineHost): Promise<readonly Looked[]> {
  const { runs } = await at.listRuns();
  return Promise.all(
    runs.map(async (run) => {
      const { graph, workItems } = await at.stateAt(run.runId);
      const first = run.historyFrom ?? 1;
      const sequences = Array.from({ length: run.sequence - first + 1 }, (_, index) => first + index);
      const lines = await at.readTickLines(run.runId, sequences);
      return {
        ...run,
        first,
        steps: Object.keys(graph.steps),
        ticks: lines.map((line) => JSON.parse(line) as JsonObject),
        workItems: workItems.map(({ workItem }) => workItem),
        others: runs.map(({ runId }) => runId),
      };
    }),
  );
}

/** All that an error says: it may cross to whoever asked. */
function refusal(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, cause } = error;
  return { ...Object.fromEntries(Object.entries(error)), name, message, cause: refusal(cause) };
}
