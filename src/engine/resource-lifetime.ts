/** How long resources live, and how they leave: once each, the newest first, one after the other. */
import type { Resource } from "../workflow/resource.ts";

/** A resource that is being made or was made. */
export interface Making {
  readonly name: string;
  /** Its value once it is there; a rejection is always handled. */
  value: Promise<unknown>;
  isPending: boolean;
  /** The resources its factory waits for at the moment. */
  readonly waitsFor: Set<Making>;
}

interface Made {
  readonly name: string;
  readonly value: unknown;
  readonly dispose: Resource<unknown>["dispose"];
  /** The first to give this object; others that pass it on leave its disposal to this one. */
  readonly isFirst: boolean;
}

/** Told of a disposal that failed; must not throw. */
export type DisposalFailed = (resource: string, error: unknown) => void;

/**
 * What is made for one purpose: for the run, for an invocation of a step, or for one cached resource. What a lifetime
 * within another holds is also the outer one's, in the order of creation, until it leaves.
 */
export class Lifetime {
  readonly makings = new Map<Resource<unknown>, Making>();
  /** In order of creation. */
  readonly #made = new Set<Made>();
  readonly #outer: Lifetime | null;
  /** Objects that somebody disposes of already. */
  readonly #held: Set<unknown>;
  readonly #failed: DisposalFailed;
  #isOver = false;

  /** `held`: objects that are not to be disposed of, unless a resource says how. */
  constructor(held: Set<unknown>, failed: DisposalFailed, outer: Lifetime | null = null) {
    this.#held = held;
    this.#failed = failed;
    this.#outer = outer;
  }

  /** A lifetime within this one. */
  begin(): Lifetime {
    return new Lifetime(this.#held, this.#failed, this);
  }

  get isOver(): boolean {
    return this.#isOver || (this.#outer?.isOver ?? false);
  }

  /** Takes in a new value; if the lifetime is over, it leaves at once. */
  add(name: string, value: unknown, dispose: Resource<unknown>["dispose"]): void {
    const isFirst = isObject(value) && !this.#held.has(value);
    if (!isFirst && !dispose) return;
    if (isFirst) this.#held.add(value);
    const made: Made = { name, value, dispose, isFirst };
    this.#keep(made);
    if (this.isOver) void this.#dispose(made);
  }

  /** Nothing is made in it any more. */
  end(): void {
    this.#isOver = true;
  }

  /** Ends it and disposes of what is in it: before this returns, as far as disposals are synchronous. */
  close(): Promise<void> | undefined {
    this.end();
    return this.#disposeLast([...this.#made]);
  }

  #keep(made: Made): void {
    this.#made.add(made);
    if (this.#outer) this.#outer.#keep(made);
  }

  #drop(made: Made): void {
    this.#made.delete(made);
    if (this.#outer) this.#outer.#drop(made);
  }

  #disposeLast(list: Made[]): Promise<void> | undefined {
    for (let made = list.pop(); made; made = list.pop()) {
      const leaving = this.#dispose(made);
      if (leaving) return leaving.then(() => this.#disposeLast(list));
    }
    return undefined;
  }

  #dispose(made: Made): Promise<void> | undefined {
    // It may have left with another lifetime meanwhile.
    if (!this.#made.has(made)) return undefined;
    this.#drop(made);
    const { name, value, dispose, isFirst } = made;
    if (isFirst) this.#held.delete(value);
    const failed = (error: unknown): void => this.#failed(name, error);
    try {
      const left = dispose ? (dispose as (value: unknown) => unknown)(value) : disposeItself(value as object);
      return isThenable(left) ? Promise.resolve(left).then(() => undefined, failed) : undefined;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }
}

/** As `using` does it, on platforms that know these symbols. */
function disposeItself(value: object): unknown {
  const { asyncDispose, dispose } = Symbol as { readonly asyncDispose?: symbol; readonly dispose?: symbol };
  for (const symbol of [asyncDispose, dispose]) {
    const method = symbol && (value as { readonly [key: symbol]: unknown })[symbol];
    if (typeof method === "function") return method.call(value) as unknown;
  }
  return undefined;
}

function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as PromiseLike<unknown>).then === "function";
}
