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
  /** Told after each trial: points and differences so far, and those that were not told yet. */
  readonly progress?: (points: number, differences: number, found: readonly string[]) => void;
}

/** Far above what a trial takes: only for one that hangs. */
const DEADLINE = 20_000;
/** So many differences say enough: the suite ends. */
const ENOUGH = 20;

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
  #told = 0;
  readonly #since = performance.now();
  /** Of which no lane has tried every write yet. */
  readonly #pairs = names.flatMap((name) => MOMENTS.map((moment) => ({ name, moment })));

  constructor(options: CrashOptions) {
    this.#options = options;
    this.#draw = createRandom(options.seed);
  }

  async lane(): Promise<void> {
    const lane = new Lane();
    for (let pair = this.#pairs.shift(); pair && !this.#isBroken; pair = this.#pairs.shift()) {
      const { name, moment } = pair;
      // Write after write, until the run is over before.
      for (let write = 1; (await this.#try(lane, { name, plan: { write, moment }, lives: 1 })) > 0;) write += 1;
    }
    while (this.points < this.#options.points && !this.#isLate && !this.#isBroken) {
      await this.#try(lane, await this.#byChance(lane));
    }
    await lane.close();
  }

  #tellProgress(): void {
    const found = this.differences.slice(this.#told);
    this.#told = this.differences.length;
    this.#options.progress?.(this.points, this.#told, found);
  }

  get #isBroken(): boolean {
    return this.differences.length >= ENOUGH;
  }

  get #isLate(): boolean {
    return performance.now() - this.#since > (this.#options.limit ?? Number.POSITIVE_INFINITY);
  }

  async #byChance(lane: Lane): Promise<Task> {
    const name = names[this.#draw(names.length)]!;
    const { writes } = await this.#undisturbedRun(lane, name);
    const plan = { write: 1 + this.#draw(writes), moment: MOMENTS[this.#draw(MOMENTS.length)]! };
    return { name, plan, lives: 1 + this.#draw(4) };
  }

  #undisturbedRun(lane: Lane, name: Name): Promise<Played> {
    const known = this.#undisturbed.get(name);
    if (known) return known;
    const played = playTrial(lane.victim, subjects[name], { plan: null, lives: 0 });
    this.#undisturbed.set(name, played);
    return played;
  }

  /** How many workers died; 0 also when the trial could not be brought to its end. */
  async #try(lane: Lane, { name, plan, lives }: Task): Promise<number> {
    const subject = subjects[name];
    const where = `${name}, ${plan.moment} write ${plan.write}${lives > 1 ? `, ${lives} times over` : ""}`;
    this.trials += 1;
    try {
      const undisturbed = await withDeadline(this.#undisturbedRun(lane, name));
      const played = await withDeadline(playTrial(lane.victim, subject, { plan, lives }));
      for (const said of compare(undisturbed, played, subject)) this.differences.push(`${where}: ${said}`);
      this.points += played.deaths;
      this.pointsOf[name] = (this.pointsOf[name] ?? 0) + played.deaths;
      return played.deaths;
    } catch (error) {
      this.differences.push(`${where}: ${String(error)}`);
      lane.renew();
      return 0;
    } finally {
      this.#tellProgress();
    }
  }
}

/** One run after the other, each with the worker that the last one left alive. */
class Lane {
  victim = createVictim();

  /** A run that hangs is left behind. */
  renew(): void {
    void this.close();
    this.victim = createVictim();
  }

  close(): Promise<void> {
    return this.victim.close();
  }
}

function createVictim(): Victim {
  return new Victim(`crash-${crypto.randomUUID()}`);
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

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not over within ${DEADLINE} ms.`)), DEADLINE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
