/** The Web Lock on a database: its holder is the one engine of all tabs. */
import { EngineUnavailableError, type WorkflowError } from "../../core/errors.ts";
import type { EngineLock } from "../../ports/engine-lock.ts";
import { OwnerDesk, type DeskOptions } from "./owner-desk.ts";
import { watchOwner } from "./owner-watch.ts";
import type { OwnerFacts } from "./tab-messages.ts";

export interface DatabaseLockOptions extends DeskOptions {
  /** Opens the database and takes it over; resolves with the number of this time. */
  readonly open: () => Promise<number>;
  /** Another engine has the lock; called again when it is known which, and when that changes. */
  readonly waiting: (owner: OwnerFacts | null) => void;
  /** Another engine took over by force, for this one did not answer. */
  readonly replaced: (reason: WorkflowError) => void;
}

export class DatabaseLock implements EngineLock {
  readonly #options: DatabaseLockOptions;
  #desk: OwnerDesk | null = null;
  #release: () => void = () => undefined;

  constructor(options: DatabaseLockOptions) {
    this.#options = options;
  }

  /** Waits behind an engine that answers; takes the lock away from one that does not. */
  async acquire(lost: (reason: WorkflowError) => void): Promise<void> {
    await this.#take((reason) => {
      this.#desk?.close();
      this.#options.replaced(reason);
      lost(reason);
    });
    this.#desk = new OwnerDesk(this.#options);
    // Not before: a newer version of the app would take the database away from the tab that is at work.
    this.#desk.open(await this.#options.open());
  }

  async release(): Promise<void> {
    this.#desk?.close();
    this.#release();
  }

  async #take(lost: (reason: WorkflowError) => void): Promise<void> {
    const { database, self, waiting } = this.#options;
    const name = `tickwork-database-${database}`;
    const { held = [] } = await navigator.locks.query();
    if (held.some((lock) => lock.name === name)) waiting(null);
    const turn = new AbortController();
    await new Promise<void>((granted, refused) => {
      const request = (options: LockOptions): void => {
        let isHeld = false;
        const hold = (): Promise<void> => {
          isHeld = true;
          stopWatching();
          granted();
          return new Promise((release) => {
            this.#release = release;
          });
        };
        navigator.locks.request(name, options, hold).catch((error: unknown) => {
          if (isHeld) lost(replaced());
          else if (!turn.signal.aborted) refused(error instanceof Error ? error : new Error(String(error)));
        });
      };
      const stopWatching = watchOwner({
        database,
        self,
        found: waiting,
        silent: () => {
          stopWatching();
          turn.abort();
          request({ steal: true });
        },
      });
      request({ signal: turn.signal });
    });
  }
}

function replaced(): EngineUnavailableError {
  return new EngineUnavailableError(
    "Another tab has taken over this app's engine, since this one did not answer for more than a second: its tab was frozen or its machine very busy.",
    { code: "ENGINE_REPLACED" },
  );
}
