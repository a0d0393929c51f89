/**
 * The published events of a run: any number of readers, each from where it asks, each at its own pace.
 *
 * Memory: the newest `KEPT` events stay; a reader that is further behind reads the older ones from the journal,
 * or, where no history is kept, gets a `WorkflowRuntimeError` (code STREAM_GAP) that says what is missing.
 */
import { WorkflowRuntimeError } from "../core/errors.ts";

export interface PublishedEvent {
  readonly type: string;
  readonly data: unknown;
  /** 1, 2, 3 … per run, without gaps; internal events repeat the number of the event before them. */
  readonly sequence: number;
  readonly at: number;
  /** Set on events about the run itself, shown only with `exposeInternal`. */
  readonly internal?: true;
}

export interface StreamOptions {
  /** Only events after this sequence; default 0, all. */
  readonly after?: number;
  /** Also events about steps starting, stopping and queueing, from now on; they are not kept. Default false. */
  readonly exposeInternal?: boolean;
}

const KEPT = 4096;

interface Reader {
  next: number;
  readonly internal: PublishedEvent[] | null;
  wake: (() => void) | null;
}

/** Reads events that are no longer in memory, from a position on. */
export type ReadOlder = (from: number) => AsyncIterable<PublishedEvent>;

export class EventStream {
  /** Events `#first` … `#first + #kept.length - 1`. */
  #kept: PublishedEvent[] = [];
  #first: number;
  #ended = false;
  readonly #readers = new Set<Reader>();
  readonly #readOlder: ReadOlder | null;
  #internalReaders = 0;

  constructor(publishedBefore: number, readOlder: ReadOlder | null) {
    this.#first = publishedBefore + 1;
    this.#readOlder = readOlder;
  }

  /** Somebody reads internal events; otherwise nobody needs to make them. */
  get hasInternalReaders(): boolean {
    return this.#internalReaders > 0;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  publish(event: PublishedEvent): void {
    if (this.#kept.length >= KEPT * 2) {
      this.#kept = this.#kept.slice(-KEPT);
      this.#first = event.sequence - this.#kept.length;
    }
    this.#kept.push(event);
    this.#wakeAll();
  }

  publishInternal(type: string, data: unknown, at: number): void {
    if (this.#internalReaders === 0) return;
    const sequence = this.#first + this.#kept.length - 1;
    for (const reader of this.#readers) reader.internal?.push({ type, data, sequence, at, internal: true });
    this.#wakeAll();
  }

  /** No event will come any more: readers end once they have read what is there. */
  end(): void {
    this.#ended = true;
    this.#wakeAll();
  }

  /** The stream goes on after all: the run was resumed. */
  reopen(): void {
    this.#ended = false;
  }

  async *read({ after = 0, exposeInternal = false }: StreamOptions = {}): AsyncGenerator<
    PublishedEvent,
    void,
    undefined
  > {
    const reader: Reader = { next: after + 1, internal: exposeInternal ? [] : null, wake: null };
    this.#readers.add(reader);
    if (exposeInternal) this.#internalReaders += 1;
    try {
      for (;;) {
        if (reader.next < this.#first) yield* this.#catchUp(reader);
        yield* this.#drain(reader);
        if (this.#ended && reader.next >= this.#first + this.#kept.length) return;
        await new Promise<void>((resolve) => {
          reader.wake = resolve;
        });
      }
    } finally {
      this.#readers.delete(reader);
      if (exposeInternal) this.#internalReaders -= 1;
    }
  }

  *#drain(reader: Reader): Generator<PublishedEvent> {
    for (;;) {
      const internal = reader.internal?.[0];
      const index = reader.next - this.#first;
      const event = index >= 0 ? this.#kept[index] : undefined;
      if (internal && (!event || internal.sequence < event.sequence)) {
        reader.internal?.shift();
        yield internal;
      } else if (event) {
        reader.next += 1;
        yield event;
      } else return;
      if (reader.next < this.#first) return;
    }
  }

  async *#catchUp(reader: Reader): AsyncGenerator<PublishedEvent, void, undefined> {
    const missing = reader.next;
    if (this.#readOlder) {
      for await (const event of this.#readOlder(reader.next)) {
        if (event.sequence !== reader.next) continue;
        if (event.sequence >= this.#first + this.#kept.length) return;
        reader.next += 1;
        yield event;
        if (reader.next >= this.#first) return;
      }
    }
    if (reader.next >= this.#first) return;
    throw new WorkflowRuntimeError(
      `Events ${missing} to ${this.#first - 1} of this run are no longer kept. Read from ${this.#first - 1} on, or keep a history.`,
      { code: "STREAM_GAP", data: { from: missing, to: this.#first - 1 } },
    );
  }

  #wakeAll(): void {
    for (const reader of this.#readers) {
      const wake = reader.wake;
      reader.wake = null;
      wake?.();
    }
  }
}
