/** Kills workers at every write of every subject, and holds what came of the runs against undisturbed ones. */
import { playTrial, type Played } from "./crash-trial.ts";
import { MOMENTS, type DeathPlan } from "./mortal-journal.ts";
import { createRandom } from "./random.ts";
import { subjects, type Subject } from "./subjects.ts";
import { Victim } from "./victim.ts";

export interface CrashReport {
  /** Workers that were killed at a write. */
  readonly points: number;
  /** The same, by workflow. */
  readonly pointsOf: Readonly<Record<string, number>>;
  readonly trials: number;
  /** What came out otherwise than it should: a sentence each. Must be empty. */
  readonly differences: readonly string[];
}

export interface CrashOptions {
  /** Runs that are under way at the same time, each with an engine and a database of its own. */
  readonly lanes: number;
  /**
   * Every write of every subject is a point, once for each moment; then points are drawn by chance until there are so
   * many: any write, any moment, up to four deaths in one run.
   */
  readonly points: number;
  /** Of the chance. */
  readonly seed: number;
  /** Milliseconds after which no more are drawn; default: none. */
  readonly limit?: number;
  /** Told after each trial. */
  readonly progress?: (points: number, differences: number) => void;
}

/** Far above what a trial takes: only for one that hangs. */
const DEADLINE = 30_000;

type Name = keyof typeof subjects;
const names = Object.keys(subjects) as Name[];

interface Task {
  readonly name: Name;
  readonly plan: DeathPlan;
  readonly lives: number;
}

export async function crashSuite(options: CrashOptions): Promise<CrashReport> {
  const suite = new CrashSuite(options);
  await Promise.all(Array.from({ length: options.lanes }, () => suite.lane()));
  return suite;
}

class CrashSuite implements CrashReport {
  points = 0;
  readonly pointsOf: Record<string, number> = {};
  trials = 0;
  readonly differences: string[] = [];
  readonly #options: CrashOptions;
  readonly #undisturbed = new Map<Name, Promise<Played>>();
  readonly #draw: (below: number) => number;
  readonly #since = performance.now();
  /** Of which no lane has tried every write yet. */
  readonly #pairs = names.flatMap((name) => MOMENTS.map((moment) => ({ name, moment })));

  constructor(options: CrashOptions) {
    this.#options = options;
    this.#draw = createRandom(options.seed);
  }

  async lane(): Promise<void> {
    const victim = new Victim(`crash-${crypto.randomUUID()}`);
    try {
      for (let pair = this.#pairs.shift(); pair; pair = this.#pairs.shift()) {
        const { name, moment } = pair;
        // Write after write, until the run is over before.
        for (let write = 1; (await this.#play(victim, { name, plan: { write, moment }, lives: 1 })) > 0;) write += 1;
      }
      while (this.points < this.#options.points && !this.#isLate) await this.#play(victim, await this.#byChance());
    } finally {
      await victim.close();
    }
  }

  get #isLate(): boolean {
    return performance.now() - this.#since > (this.#options.limit ?? Number.POSITIVE_INFINITY);
  }

  async #byChance(): Promise<Task> {
    const name = names[this.#draw(names.length)]!;
    const { writes } = await this.#undisturbed.get(name)!;
    const plan = { write: 1 + this.#draw(writes), moment: MOMENTS[this.#draw(MOMENTS.length)]! };
    return { name, plan, lives: 1 + this.#draw(4) };
  }

  /** How many workers died. */
  async #play(victim: Victim, task: Task): Promise<number> {
    const { name, plan, lives } = task;
    if (!this.#undisturbed.has(name)) this.#undisturbed.set(name, playUndisturbed(victim, name));
    const undisturbed = await this.#undisturbed.get(name)!;
    this.trials += 1;
    const where = `${name}, ${plan.moment} write ${plan.write}${lives > 1 ? `, ${lives} times over` : ""}`;
    const played = await withDeadline(playTrial(victim, subjects[name], { plan, lives }), where);
    for (const said of compare(undisturbed, played, subjects[name])) this.differences.push(`${where}: ${said}`);
    this.points += played.deaths;
    this.pointsOf[name] = (this.pointsOf[name] ?? 0) + played.deaths;
    this.#options.progress?.(this.points, this.differences.length);
    return played.deaths;
  }
}

function playUndisturbed(victim: Victim, name: Name): Promise<Played> {
  return withDeadline(playTrial(victim, subjects[name], { plan: null, lives: 0 }), name);
}

function compare(undisturbed: Played, played: Played, { inOrder = false }: Subject): string[] {
  const said = [...undisturbed.faults.map((fault) => `Undisturbed: ${fault}`), ...played.faults];
  const same = (what: string, expected: unknown, found: unknown): void => {
    const [want, got] = [JSON.stringify(expected), JSON.stringify(found)];
    if (want !== got) said.push(`The ${what} is ${got}, undisturbed ${want}.`);
  };
  const arranged = (events: readonly unknown[]): unknown[] =>
    inOrder ? [...events] : events.map((event) => JSON.stringify(event)).toSorted();
  same("status", undisturbed.status, played.status);
  same("result", undisturbed.result, played.result);
  same("stream", arranged(undisturbed.published), arranged(played.published));
  same("store", undisturbed.store, played.store);
  return said;
}

async function withDeadline<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not over within ${DEADLINE} ms.`)), DEADLINE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
