/** The Web Lock on a database: its holder is the one engine of all tabs. */
import { EngineUnavailableError, type WorkflowError } from "../../core/errors.ts";
import type { EngineLock } from "../../ports/engine-lock.ts";
import type { IndexedDbJournal } from "./indexeddb-journal.ts";

export class DatabaseLock implements EngineLock {
  readonly #database: string;
  readonly #journal: IndexedDbJournal;
  readonly #waiting: (reason: string) => void;
  #release: () => void = () => undefined;

  /** `waiting` is told, once, if another tab has the lock. The journal is opened when this one has it. */
  constructor(database: string, journal: IndexedDbJournal, waiting: (reason: string) => void) {
    this.#database = database;
    this.#journal = journal;
    this.#waiting = waiting;
  }

  async acquire(lost: (reason: WorkflowError) => void): Promise<void> {
    const name = `tickwork-database-${this.#database}`;
    const { held = [] } = await navigator.locks.query();
    if (held.some((lock) => lock.name === name)) {
      this.#waiting("Another tab runs this app's engine. This one takes over as soon as that tab is closed.");
    }
    await new Promise<void>((granted, refused) => {
      navigator.locks
        .request(name, () => {
          granted();
          return new Promise<void>((release) => {
            this.#release = release;
          });
        })
        .catch((error: unknown) => {
          refused(error instanceof Error ? error : new Error(String(error)));
          // Stolen: the promise of a holder rejects.
          lost(
            new EngineUnavailableError("Another tab has taken over this app's engine.", { code: "ENGINE_REPLACED" }),
          );
        });
    });
    // Not before: a newer version of the app would take the database away from the tab that is at work.
    await this.#journal.open();
  }

  async release(): Promise<void> {
    this.#release();
  }
}
