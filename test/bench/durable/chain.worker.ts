/** The same chain in memory and in IndexedDB, in turns, in one worker. */
import { createEngine, MemoryJournal, type Journal } from "tickwork/testing";
import { IndexedDbJournal } from "../../../src/runtimes/browser/indexeddb-journal.ts";
import { chain, type Load } from "./workflows.ts";

/** Milliseconds of each repeat. */
export interface ChainTimes {
  readonly memory: readonly number[];
  readonly disk: readonly number[];
}

const TEXT = "x".repeat(20);

async function timeChain(journal: Journal, steps: number): Promise<number> {
  const engine = await createEngine({ chain }, { journal });
  const begin = performance.now();
  const handler = await engine.start("chain", { steps, pace: 0, text: TEXT } satisfies Load);
  const sum = await handler.result();
  const time = performance.now() - begin;
  if (sum !== (steps * (steps + 1)) / 2) throw new Error(`The chain of ${steps} gave ${String(sum)}.`);
  await engine.close();
  return time;
}

async function timeOnDisk(steps: number): Promise<number> {
  const name = `chain-${crypto.randomUUID()}`;
  try {
    return await timeChain(await IndexedDbJournal.open(name), steps);
  } finally {
    indexedDB.deleteDatabase(name);
  }
}

async function timeBoth({ steps, repeats }: { steps: number; repeats: number }): Promise<ChainTimes> {
  const memory: number[] = [];
  const disk: number[] = [];
  // The first two of each only compile.
  for (let repeat = -2; repeat < repeats; repeat++) {
    const [inMemory, onDisk] = [await timeChain(new MemoryJournal(), steps), await timeOnDisk(steps)];
    if (repeat < 0) continue;
    memory.push(inMemory);
    disk.push(onDisk);
  }
  return { memory, disk };
}

addEventListener("message", ({ data }: MessageEvent<{ steps: number; repeats: number }>) => {
  const answer = (times: ChainTimes): void =>
    (globalThis as unknown as { postMessage(times: ChainTimes): void }).postMessage(times);
  timeBoth(data).then(answer, reportError);
});
