/** Keeps the book of what one run and its children did in the world, and finds what was done although it was done. */
import type { Outside } from "./outside.ts";

export class Ledger {
  readonly faults: string[] = [];
  /** That were told to be on disk. */
  writes = 0;
  /** Work and effects of which the disk has the result. */
  readonly #done = new Set<string>();

  note(what: Outside): void {
    switch (what.kind) {
      case "began":
        if (this.#done.has(`${what.runId} ${what.workItem}`)) {
          this.faults.push(
            `Step ${what.step} of ${what.runId} began work item ${what.workItem}, of which the result was on disk.`,
          );
        }
        return;
      case "effect":
        if (this.#done.has(`${what.runId} effect ${what.key}`)) {
          this.faults.push(`The effect "${what.key}" of ${what.runId} was done again, although it was on disk.`);
        }
        return;
      case "durable":
        this.writes += 1;
        for (const workItem of what.done) this.#done.add(`${what.runId} ${workItem}`);
        for (const key of what.effects) this.#done.add(`${what.runId} effect ${key}`);
        return;
      case "dying":
      case "stalled":
      case "refused":
    }
  }
}
