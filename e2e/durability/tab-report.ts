/** The book that the test keeps of what all tabs were told, over all their lives: nothing of it may be undone. */
import type { KeptRun, TabNews } from "./app/tabs.ts";

/** A lap of each of four lanes, ten times, and the end. */
const EVENTS = 41;
const RESULT = JSON.stringify({ laps: 40 });

export class TabReport {
  readonly started = new Set<string>();
  readonly faults: string[] = [];
  seen = 0;
  /** Sequence of the last event that a life of a tab saw of a run. */
  readonly #last = new Map<string, number>();
  /** By run and sequence. */
  readonly #events = new Map<string, string>();

  note(news: TabNews): void {
    switch (news.kind) {
      case "started":
        this.started.add(news.runId);
        return;
      case "result":
        if (news.result !== RESULT) this.faults.push(`Run ${news.runId} told ${news.result} as its result.`);
        return;
      case "failed":
        this.faults.push(`A tab gave up: ${news.reason}`);
        return;
      case "seen": {
        const { runId, life, sequence, event } = news;
        const reader = `${runId} ${life}`;
        const last = this.#last.get(reader) ?? 0;
        if (sequence !== last + 1) this.faults.push(`A tab saw event ${sequence} of ${runId} after event ${last}.`);
        this.#last.set(reader, sequence);
        this.#events.set(`${runId} ${sequence}`, event);
        this.seen += 1;
      }
    }
  }

  compare(kept: readonly KeptRun[]): void {
    for (const { runId, result, events, repeated } of kept) {
      if (result !== RESULT) this.faults.push(`Run ${runId} has the result ${result}.`);
      if (new Set(events).size !== EVENTS || events.length !== EVENTS) {
        this.faults.push(`Run ${runId} has ${events.length} events, ${new Set(events).size} of them different.`);
      }
      for (const [index, event] of events.entries()) {
        const before = this.#events.get(`${runId} ${index + 1}`) ?? event;
        if (before !== event) this.faults.push(`Run ${runId}: ${before} was seen, and ${event} is kept in its place.`);
      }
      this.faults.push(...repeated);
    }
  }
}
