/** One rule of the journal's contract, as a check for any test runner. */
import type { Journal } from "../ports/journal.ts";
import { assertTrue } from "./assertions.ts";

/** Makes a new journal with nothing in it, on storage of its own. */
export type CreateJournal = () => Journal | Promise<Journal>;

export interface JournalCheckOptions {
  /**
   * Another journal on the same storage. The first one may still be open: a second owner. Needed if the journal is
   * `durable`.
   */
  readonly reopen?: (journal: Journal) => Journal | Promise<Journal>;
}

/** One rule of the contract. */
export interface JournalCheck {
  /** A sentence about what holds. */
  readonly name: string;
  /** Rejects with an Error that says what does not hold. Makes journals of its own and closes them. */
  readonly run: (createJournal: CreateJournal, options?: JournalCheckOptions) => Promise<void>;
}

export function check(name: string, body: (journal: Journal) => Promise<void>): JournalCheck {
  return {
    name,
    async run(createJournal) {
      const journal = await createJournal();
      try {
        await body(journal);
      } finally {
        await journal.close();
      }
    },
  };
}

/** Nothing to check where nothing survives. */
export function reopening(
  name: string,
  body: (journal: Journal, reopen: () => Promise<Journal>) => Promise<void>,
): JournalCheck {
  return {
    name,
    async run(createJournal, { reopen } = {}) {
      const journal = await createJournal();
      const opened: Journal[] = [];
      try {
        if (reopen) {
          await body(journal, async () => {
            const next = await reopen(journal);
            opened.push(next);
            return next;
          });
        } else {
          assertTrue(
            !journal.durable,
            "This journal says that it is durable: give `reopen`, so that it can be checked",
          );
        }
      } finally {
        await Promise.allSettled([journal, ...opened].map(async (each) => each.close()));
      }
    },
  };
}
