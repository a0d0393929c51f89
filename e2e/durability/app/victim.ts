/** An engine in a real worker that is killed where its journal stops, and what it told the world outside. */
import { EngineUnavailableError } from "tickwork";
import { connect, type Engine } from "tickwork/client";
import type { VictimName } from "./crash.worker.ts";
import type { DeathPlan } from "./mortal-journal.ts";
import { outsideOf, type Outside } from "./outside.ts";

export class Victim {
  readonly engine: Engine;
  /** Workers killed since `arm`. */
  deaths = 0;
  #worker: Worker | null = null;
  #plan: DeathPlan | null = null;
  /** Workers that are still to die of the plan. */
  #toDie = 0;
  readonly #database: string;
  #told: (what: Outside) => void = () => undefined;

  constructor(database: string) {
    this.#database = database;
    this.engine = connect(() => this.#start());
  }

  /** The next so many workers die by this plan; `told` hears what they tell the world. Works while none is dying. */
  arm(plan: DeathPlan | null, lives: number, told: (what: Outside) => void): void {
    this.deaths = 0;
    this.#toDie = lives;
    this.#told = told;
    this.#setPlan(plan);
  }

  /** No more deaths. */
  spare(): void {
    this.#setPlan(null);
  }

  async close(): Promise<void> {
    await this.engine.close();
    indexedDB.deleteDatabase(this.#database);
  }

  #setPlan(plan: DeathPlan | null): void {
    this.#plan = plan;
    this.#worker?.postMessage({ arm: plan });
  }

  #start(): Worker {
    const name = JSON.stringify({ database: this.#database, plan: this.#plan } satisfies VictimName);
    const worker = new Worker(new URL("./crash.worker.ts", import.meta.url), { type: "module", name });
    worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const outside = outsideOf(data);
      if (outside?.kind === "dying") this.#kill(worker);
      else if (outside) this.#told(outside);
    });
    this.#worker = worker;
    return worker;
  }

  #kill(worker: Worker): void {
    worker.terminate();
    this.deaths += 1;
    this.#toDie -= 1;
    // The successor is made when the death is noticed, which is later.
    if (this.#toDie <= 0) this.#plan = null;
  }
}

/** What a page does whose calls may meet a worker that died: asks again. */
export async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!wasInterrupted(error)) throw error;
    }
  }
}

export function wasInterrupted(error: unknown): boolean {
  return error instanceof EngineUnavailableError && error.code === "ENGINE_RESTARTING";
}
