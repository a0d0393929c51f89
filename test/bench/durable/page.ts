/** The page that is measured in: what the benchmark calls. All times in milliseconds. */
import { connect, type Engine } from "tickwork/client";
import type { ChainTimes } from "./chain.worker.ts";
import type { Load } from "./workflows.ts";

function open(database: string, heard: (message: Record<string, number>) => void = () => undefined): Engine {
  return connect(() => {
    const worker = new Worker(new URL("./engine.worker.ts", import.meta.url), { type: "module", name: database });
    worker.addEventListener("message", ({ data }: MessageEvent<Record<string, number>>) => heard(data));
    return worker;
  });
}

/** Resolves with the first value of that name that a worker of the database tells. */
function hear(database: string, names: readonly string[]): { engine: Engine; heard: Promise<Record<string, number>> } {
  let engine: Engine | undefined;
  const heard = new Promise<Record<string, number>>((resolve) => {
    const all: Record<string, number> = {};
    engine = open(database, (message) => {
      Object.assign(all, message);
      if (names.every((name) => name in all)) resolve(all);
    });
  });
  return { engine: engine!, heard };
}

export interface BytesPerTick {
  readonly perTick: number;
  readonly ofText: number;
  readonly packed: number;
}

const figures = {
  /** The same chain in memory and on disk, in one worker. */
  chain(options: { steps: number; repeats: number }): Promise<ChainTimes> {
    const worker = new Worker(new URL("./chain.worker.ts", import.meta.url), { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<ChainTimes>) => {
        worker.terminate();
        resolve(data);
      };
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(options);
    });
  },

  /** From the end of a step until the page has the event it published. */
  async latencies({ steps, pace }: { steps: number; pace: number }): Promise<number[]> {
    const engine = open(`latency-${crypto.randomUUID()}`);
    const handler = await engine.attach(await engine.startRun("paced", { steps, pace, text: "" } satisfies Load));
    const latencies: number[] = [];
    for await (const { type, data } of handler.streamEvents()) {
      if (type === "Seen") latencies.push(performance.timeOrigin + performance.now() - (data as number));
    }
    await engine.close();
    return latencies;
  },

  /** Bytes per tick of a run of that length: of the origin's storage, as text, and of its rows when it has ended. */
  async bytes({ steps, text }: { steps: number; text: string }): Promise<BytesPerTick> {
    const used = async (): Promise<number> => (await navigator.storage.estimate()).usage ?? Number.NaN;
    const before = await used();
    const { engine, heard } = hear("bytes", ["running"]);
    await engine.startRun("held", { steps, pace: 0, text } satisfies Load, { runId: "bytes" });
    await heard;
    await untilDurable(engine, steps);
    const { ticks } = (await engine.exportRun("bytes")) as unknown as { ticks: unknown[] };
    const perTick = ((await used()) - before) / ticks.length;
    await engine.cancelRun("bytes");
    await engine.prune();
    const { runs } = await engine.listRuns();
    await engine.close();
    return {
      perTick,
      ofText: JSON.stringify(ticks).length / ticks.length,
      packed: (runs[0]?.bytes ?? Number.NaN) / ticks.length,
    };
  },

  /** Writes a history of so many ticks; the run is left in the middle of a step. */
  async prepareResume({ ticks, database }: { ticks: number; database: string }): Promise<void> {
    const { engine, heard } = hear(database, ["running"]);
    await engine.startRun("held", { steps: ticks, pace: 0, text: "x".repeat(60) } satisfies Load, { runId: "held" });
    await heard;
    await untilDurable(engine, ticks);
    await engine.close();
  },

  /** From the worker being up to the step of the resumed run being called. */
  async resume({ database }: { database: string }): Promise<number> {
    const { engine, heard } = hear(database, ["up", "running"]);
    const { up, running } = await heard;
    await engine.close();
    return running! - up!;
  },
};

async function untilDurable(engine: Engine, sequence: number): Promise<void> {
  while ((await engine.storage()).lastDurableSequence < sequence)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

export type Figures = typeof figures;

Object.assign(window, { figures });
