/**
 * On which levels of lists the events for a join arrive: outside any list, or inside the list of a step, inside that of
 * another … A set gathers within one level, so events that never meet on one can never make a full set.
 */
import { comesFromOutside, type AnyEventKind } from "./event.ts";
import type { StepDefinition } from "./step.ts";
import { catches, fedJoins } from "./stream-levels.ts";
import { accepts, takes } from "./subkinds.ts";
import { kindsOf, type Workflow } from "./workflow.ts";

/** The steps whose lists it is inside of, outermost first. */
type Level = readonly StepDefinition[];
type Levels = Map<string, Level>;

/** A sentence for each `allOf` join whose events come, but on no level all of them. */
export function joinsAcrossLevels(workflow: Workflow): string[] {
  const joins = workflow.steps.filter(({ join }) => join === "all");
  if (joins.length === 0 || workflow.steps.every(({ lists }) => lists.size === 0)) return [];
  const walk = new Walk(workflow);
  // A step inside its own list: its levels have no end, and two of them may meet at any depth. Left to the run.
  if (walk.recurs) return [];
  return joins.flatMap((join) => {
    const slots = join.accepts.map((kind) => ({ kind, levels: walk.arriving(join, kind) }));
    const [first, ...others] = slots.map(({ levels }) => [...levels.keys()]);
    const meet = first?.some((key) => others.every((keys) => keys.includes(key)));
    if (meet || slots.some(({ levels }) => levels.size === 0)) return [];
    const places = slots.map(
      ({ kind, levels }) => `${kind.type} comes ${[...levels.values()].map(wordsFor).join(" and ")}`,
    );
    return [
      `Step ${join.name} can never get a full set: ${[...new Set(places)].join(", ")}. Gather the list first with a step that accepts listOf(…), or make all of them inside it.`,
    ];
  });
}

/** Follows every event from outside to all that can come of it. */
class Walk {
  recurs = false;
  readonly #steps: readonly StepDefinition[];
  readonly #kinds: readonly AnyEventKind[];
  readonly #arrivals = new Map<string, Levels>();
  readonly #ran = new Map<StepDefinition, Levels>();
  readonly #waiting: { readonly kind: AnyEventKind; readonly level: Level }[] = [];
  readonly #fed = new Map<StepDefinition, readonly StepDefinition[]>();

  constructor(workflow: Workflow) {
    this.#steps = workflow.steps;
    this.#kinds = kindsOf(workflow);
    for (const step of workflow.steps) if (step.lists.size > 0) this.#fed.set(step, fedJoins(workflow.steps, step));
    for (const kind of this.#kinds) if (comesFromOutside(kind)) this.#arrive(kind, []);
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) this.#deliver(next.kind, next.level);
  }

  /** The levels on which events arrive that fill this slot. */
  arriving(join: StepDefinition, slot: AnyEventKind): Levels {
    const levels: Levels = new Map();
    for (const kind of this.#kinds) {
      if (!takes(join, slot, kind)) continue;
      for (const [key, level] of this.#arrivals.get(kind.type) ?? []) levels.set(key, level);
    }
    return levels;
  }

  #arrive(kind: AnyEventKind, level: Level): void {
    if (add(this.#arrivals, kind.type, level)) this.#waiting.push({ kind, level });
  }

  #deliver(kind: AnyEventKind, level: Level): void {
    for (const step of this.#steps) {
      if (!accepts(step, kind)) continue;
      if (step.join === "list") this.#deliverMember(step, level);
      else if (step.join !== "all" || this.#isFullOn(step, level)) this.#run(step, level);
    }
  }

  /** It runs on the level of the list that it gathers: outside of the innermost that leads to it. */
  #deliverMember(join: StepDefinition, level: Level): void {
    const index = level.findLastIndex((producer) => this.#fed.get(producer)?.includes(join));
    if (index >= 0) this.#run(join, level.slice(0, index));
  }

  #isFullOn(join: StepDefinition, level: Level): boolean {
    return join.accepts.every((slot) => this.arriving(join, slot).has(keyOf(level)));
  }

  #run(step: StepDefinition, level: Level): void {
    if (!add(this.#ran, step, level)) return;
    for (const kind of step.emits) {
      if (step.single.has(kind.type)) this.#arrive(kind, level);
      if (step.lists.has(kind.type)) this.#arrive(kind, this.#inside(step, level));
    }
    for (const handler of this.#steps) if (catches(handler, step, this.#steps)) this.#run(handler, level);
  }

  /** A list that no join gathers opens no level. */
  #inside(producer: StepDefinition, level: Level): Level {
    if (!this.#fed.get(producer)?.length) return level;
    if (!level.includes(producer)) return [...level, producer];
    this.recurs = true;
    return level;
  }
}

function add<Key>(known: Map<Key, Levels>, key: Key, level: Level): boolean {
  let levels = known.get(key);
  if (!levels) known.set(key, (levels = new Map()));
  const levelKey = keyOf(level);
  if (levels.has(levelKey)) return false;
  levels.set(levelKey, level);
  return true;
}

function keyOf(level: Level): string {
  return JSON.stringify(level.map(({ name }) => name));
}

function wordsFor(level: Level): string {
  const words = level.map(({ name }) => `inside the list of ${name}`);
  return words.toReversed().join(", ") || "outside any list";
}
