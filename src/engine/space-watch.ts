/** Says once when the storage gets nearly full: before it is, something can still be done without a pause. */
import { StorageError } from "../core/errors.ts";
import type { StorageStatus } from "../inspection/engine-control.ts";
import type { Clock } from "../ports/clock.ts";

/** Fuller than this, the storage's end is worth a word. */
const NEARLY_FULL = 0.9;
/** The browser counts what is stored each time it is asked: at most so often, in milliseconds. */
const INTERVAL = 60_000;

type Space = Pick<StorageStatus, "usage" | "quota">;

export function isNearlyFull({ usage, quota }: Space): boolean {
  return usage !== undefined && quota !== undefined && usage > quota * NEARLY_FULL;
}

export interface SpaceWatchPort {
  readonly clock: Clock;
  /** What the platform says; absent where it does not. */
  readonly estimate: (() => Promise<Space>) | undefined;
  tell(problem: StorageError): void;
}

export class SpaceWatch {
  readonly #port: SpaceWatchPort;
  #lookedAt = -Infinity;
  #isTold = false;

  constructor(port: SpaceWatchPort) {
    this.#port = port;
  }

  /** Something was written. An engine that writes nothing fills nothing, and is not looked after. */
  wrote(): void {
    const { clock, estimate } = this.#port;
    // Also where the clock was set back.
    if (!estimate || Math.abs(clock.now() - this.#lookedAt) < INTERVAL) return;
    this.#lookedAt = clock.now();
    estimate().then(
      (space) => this.#look(space),
      () => undefined,
    );
  }

  #look(space: Space): void {
    if (!isNearlyFull(space)) {
      this.#isTold = false;
      return;
    }
    if (this.#isTold) return;
    this.#isTold = true;
    const { usage = 0, quota = 0 } = space;
    this.#port.tell(
      new StorageError(
        `The storage of this site is nearly full: ${usage} of ${quota} bytes are used. Delete runs, or export and delete them.`,
        { code: "STORAGE_NEARLY_FULL", data: { usage, quota } },
      ),
    );
  }
}
