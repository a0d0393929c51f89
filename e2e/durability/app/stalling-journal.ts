/** The real journal of a worker whose machine stands still at the worst moment: it has decided to write, and has not yet. */
import { StorageError } from "tickwork";
import type { Journal } from "tickwork/testing";
import { tellOutside } from "./outside.ts";

export interface Stall {
  /** The n-th batch of ticks is held up. */
  readonly write: number;
  /** Milliseconds for which the worker does nothing but that. */
  readonly duration: number;
}

/** Tells the world when it stands still, and what is refused afterwards. */
export function stalling(journal: Journal, { write, duration }: Stall): Journal {
  let writes = 0;
  const append: Journal["append"] = async (...batch) => {
    writes += 1;
    if (writes === write) {
      tellOutside({ kind: "stalled" });
      const end = performance.now() + duration;
      while (performance.now() < end);
    }
    try {
      await journal.append(...batch);
    } catch (error) {
      if (error instanceof StorageError) tellOutside({ kind: "refused", code: error.code });
      throw error;
    }
  };
  return new Proxy(journal, {
    get(target, name) {
      if (name === "append") return append;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}
