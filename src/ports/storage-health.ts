/**
 * Whether what happens can be recorded. Whoever writes says so; whoever would begin something with an effect asks.
 *
 * While a write fails that may yet succeed, the engine is paused: steps that run go on, what comes of them waits in
 * memory, and nothing new begins. It is tried again after 50, 250 and 1,000 ms, 5 s, and then every 30 s, by all who
 * wait at the same time; at once after `retryNow`.
 */
import type { StorageError } from "../core/errors.ts";
import { storageState, type StorageState } from "../core/storage-problem.ts";
import type { Clock } from "./clock.ts";

export const RETRY_DELAYS: readonly number[] = [50, 250, 1000, 5000, 30_000];
/** A failure that so many more attempts do not mend is more than a bad moment: whoever waits for something is told. */
export const PATIENCE = 3;

/** The next one, of all who wait. */
interface Attempt {
  readonly promise: Promise<void>;
  /** Now. */
  readonly begin: () => void;
}

export class StorageHealth {
  readonly #clock: Clock;
  readonly #delays: readonly number[];
  /** Writes that failed and wait for another attempt. */
  #failing = 0;
  #rounds = 0;
  #problem: StorageError | null = null;
  /** Nothing will ever be written again. */
  #isFinal = false;
  #isClosed = false;
  #attempt: Attempt | null = null;
  readonly #held: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();
  #freeSpace: (() => Promise<boolean>) | null = null;

  constructor(clock: Clock, delays: readonly number[] = RETRY_DELAYS) {
    this.#clock = clock;
    this.#delays = delays;
  }

  get state(): StorageState {
    return this.#problem ? storageState(this.#problem) : "ok";
  }

  get problem(): StorageError | null {
    return this.#problem;
  }

  /** Nothing may begin that could not be recorded. */
  get isPaused(): boolean {
    return this.#problem !== null;
  }

  /** It does not look as if it passed within a second or so: whoever asks for something is better told. */
  get isStuck(): boolean {
    return this.#isFinal || this.state === "full" || this.state === "denied" || this.#rounds > PATIENCE;
  }

  /** Calls back when writing works: at once, if it does. Never, if it never will. */
  whenOk(begin: () => void): void {
    if (this.isPaused) this.#held.push(begin);
    else begin();
  }

  /** Resolves when the promise has settled, or may not for long because writing does not work. */
  async orPaused(waited: Promise<unknown>): Promise<void> {
    if (this.isPaused) return;
    let stop = (): unknown => undefined;
    const paused = new Promise<void>((resolve) => {
      stop = this.onChange(() => {
        if (this.isPaused) resolve();
      });
    });
    await Promise.race([waited.catch(() => undefined), paused]);
    stop();
  }

  /** Calls back whenever `state` may have changed; returns unsubscribe. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is tried first when storage is full: resolves with whether it made room. */
  onFull(freeSpace: () => Promise<boolean>): void {
    this.#freeSpace = freeSpace;
  }

  /** Tries now what waits for another attempt: somebody did something about it. */
  retryNow(): void {
    this.#attempt?.begin();
  }

  /** No more attempts: what waits for one fails with the error it had. */
  close(): void {
    this.#isClosed = true;
    this.retryNow();
  }

  // For whoever writes.

  /** Makes room, if it can: worth trying again at once. */
  async freeSpace(): Promise<boolean> {
    return (await this.#freeSpace?.().catch(() => false)) ?? false;
  }

  /** A write has failed that is tried again until it succeeds; to be closed by `ended`. */
  began(): void {
    this.#failing += 1;
  }

  /** It failed for this reason. Resolves with the time to try again; false: it is not to be tried again. */
  async nextAttempt(error: StorageError): Promise<boolean> {
    if (this.#isClosed || this.#isFinal) return false;
    this.#tell(error);
    await (this.#attempt ??= this.#schedule()).promise;
    return !this.#isClosed;
  }

  /** A write that `began` succeeded, or will not be tried again. The last of them lets everything go on. */
  ended(): void {
    this.#failing -= 1;
    if (this.#failing > 0 || this.#isFinal || this.#isClosed) return;
    this.#rounds = 0;
    this.#tell(null);
    for (const begin of this.#held.splice(0)) begin();
  }

  /** Nothing can be written any more, by this engine. */
  failedForGood(error: StorageError): void {
    if (this.#isFinal) return;
    this.#isFinal = true;
    this.#tell(error);
    // What waits finds out as well.
    this.retryNow();
  }

  #tell(problem: StorageError | null): void {
    const isNews = problem?.code !== this.#problem?.code;
    this.#problem = problem;
    if (isNews) for (const listener of this.#listeners) listener();
  }

  #schedule(): Attempt {
    const delay = this.#delays[Math.min(this.#rounds, this.#delays.length - 1)] ?? 0;
    this.#rounds += 1;
    let begin = (): void => undefined;
    const promise = new Promise<void>((resolve) => {
      const takeBack = this.#clock.setTimer(this.#clock.now() + delay, () => begin());
      begin = () => {
        takeBack();
        this.#attempt = null;
        resolve();
      };
    });
    return { promise, begin };
  }
}
