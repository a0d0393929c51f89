/**
 * The published events of a run: any number of readers, each from where it asks, each at its own pace.
 *
 * Memory: the newest `KEPT` events stay; a reader that is further behind reads the older ones from the journal,
 * or, where no history is kept or its beginning was dropped, gets a `WorkflowRuntimeError` (code STREAM_GAP) that says
 * what is missing and where to read on. One that asks for all, and has read nothing yet, begins with what is kept.
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
  /** Only events after this sequence; default: all, or all that are kept where the run's history is not whole. */
  readonly after?: number;
  /**
   * Also events about the run itself, from now on; they are not kept. Default false. `StepStateChanged` says of a work
   * item that it is "running", "notRunning" any more, or "queued" for want of a free worker; `UnhandledEvent` that nobody
   * took an event; `WorkflowIdleEvent` that nothing is left to do but wait.
   */
  readonly exposeInternal?: boolean;
}

const KEPT = 4096;

/** Reads events that are no longer in memory, from a position on. */
export type ReadOlder = (from: number) => AsyncIterable<PublishedEvent>;

export class EventStream {
  /** Events `#first` … `#first + #kept.length - 1`. */
  #kept: PublishedEvent[] = [];
  #first: number;
  /** The first position this stream ever had. */
  readonly #begin: number;
  #ended = false;
  /** Why no more events come here although the run has not ended. */
  #letGo: Error | null = null;
  /** Made with the first: many runs have none. */
  #readers: Set<StreamReader> | null = null;
  readonly #readOlder: ReadOlder | null;
  #internalReaders = 0;

  constructor(publishedBefore: number, readOlder: ReadOlder | null) {
    this.#first = publishedBefore + 1;
    this.#begin = this.#first;
    this.#readOlder = readOlder;
  }

  /** Somebody reads internal events; otherwise nobody needs to make them. */
  get hasInternalReaders(): boolean {
    return this.#internalReaders > 0;
  }

  get hasReaders(): boolean {
    return this.#readers !== null && this.#readers.size > 0;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /** The oldest position in memory. */
  get first(): number {
    return this.#first;
  }

  /** The position that the next event will have. */
  get end(): number {
    return this.#first + this.#kept.length;
  }

  /** The event at a position, if it is in memory. */
  at(position: number): PublishedEvent | undefined {
    return position < this.#first ? undefined : this.#kept[position - this.#first];
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
    for (const reader of this.#readers ?? []) reader.add({ type, data, sequence: this.end - 1, at, internal: true });
    this.#wakeAll();
  }

  /** Leaves what was published to the history: readers that are behind read it from there. */
  forget(): void {
    this.#first = this.end;
    this.#kept = [];
  }

  /** No event will come any more: readers end once they have read what is there. */
  close(): void {
    this.#ended = true;
    this.#wakeAll();
  }

  /** The run goes on, or ends, elsewhere: readers reject with the reason once they have read what is there. */
  letGo(reason: Error): void {
    if (!this.#ended) this.#letGo = reason;
    this.close();
  }

  /** Throws where the end of this stream is not that of the run. */
  assertWhole(): void {
    if (this.#letGo) throw this.#letGo;
  }

  /** `now`: internal events that say how things stand, for a reader who asked for such. */
  read(
    { after, exposeInternal = false }: StreamOptions = {},
    now: () => PublishedEvent[] = () => [],
  ): AsyncIterableIterator<PublishedEvent> {
    const begin = after === undefined ? (this.#readOlder ? 1 : this.#begin) : after + 1;
    const reader = new StreamReader(this, this.#readOlder, begin, !after, exposeInternal, () => {
      if (this.#readers?.delete(reader) && exposeInternal) this.#internalReaders -= 1;
    });
    (this.#readers ??= new Set()).add(reader);
    if (exposeInternal) {
      this.#internalReaders += 1;
      for (const event of now()) reader.add(event);
    }
    return reader;
  }

  #wakeAll(): void {
    if (this.#readers) for (const reader of this.#readers) reader.wake();
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** One reader's place in a stream. Not a generator: `return` must also end a `next` that waits. */
class StreamReader implements AsyncIterableIterator<PublishedEvent> {
  readonly #stream: EventStream;
  readonly #readOlder: ReadOlder | null;
  readonly #leave: () => void;
  #next: number;
  /** Internal events not read yet; null when they were not asked for. */
  readonly #internal: PublishedEvent[] | null;
  #older: AsyncIterator<PublishedEvent> | null = null;
  #waiting: (() => void) | null = null;
  #closed = false;
  /** It asked for all there is, and has read nothing yet: a history that begins later is no gap. */
  #takesWhatIsKept: boolean;
  /** Calls of `next` are answered one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    stream: EventStream,
    readOlder: ReadOlder | null,
    next: number,
    fromTheStart: boolean,
    internal: boolean,
    leave: () => void,
  ) {
    this.#stream = stream;
    this.#takesWhatIsKept = fromTheStart && readOlder !== null;
    this.#readOlder = readOlder;
    this.#next = next;
    this.#internal = internal ? [] : null;
    this.#leave = leave;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<PublishedEvent, undefined>> {
    const turn = this.#turn.then(() => this.#advance());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async return(): Promise<IteratorResult<PublishedEvent, undefined>> {
    this.#close();
    return DONE;
  }

  /** Takes in an internal event. */
  add(event: PublishedEvent): void {
    this.#internal?.push(event);
  }

  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }

  async #advance(): Promise<IteratorResult<PublishedEvent, undefined>> {
    while (!this.#closed) {
      const isBehind = this.#next < this.#stream.first;
      const value = this.#take() ?? (isBehind ? await this.#takeOlder() : undefined);
      this.#takesWhatIsKept = false;
      if (value) return { done: false, value };
      // Something may have come while it read: look again before it waits.
      if (isBehind) continue;
      if (this.#stream.isEnded && this.#next >= this.#stream.end) {
        this.#close();
        this.#stream.assertWhole();
        break;
      }
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    this.#close();
    return DONE;
  }

  #take(): PublishedEvent | undefined {
    const event = this.#stream.at(this.#next);
    const internal = this.#internal?.[0];
    if (internal && (event ? internal.sequence < event.sequence : this.#next >= this.#stream.first)) {
      return this.#internal?.shift();
    }
    if (event) this.#next += 1;
    return event;
  }

  /** undefined: what is in memory comes next. */
  async #takeOlder(): Promise<PublishedEvent | undefined> {
    let event = await this.#readOn();
    // What it reads may have begun before the next event was written: look once more.
    if (event?.sequence !== this.#next) event = await this.#readAgain();
    if (this.#takesWhatIsKept) {
      this.#next = event ? Math.max(this.#next, event.sequence) : this.#stream.first;
      if (this.#next >= this.#stream.first) {
        this.#older = null;
        return this.#take();
      }
    }
    if (event?.sequence === this.#next) {
      this.#next += 1;
      if (this.#next >= this.#stream.first) this.#older = null;
      return event;
    }
    // A history that was cut goes on later.
    const last = (event?.sequence ?? this.#stream.first) - 1;
    this.#close();
    throw new WorkflowRuntimeError(
      `Events ${this.#next} to ${last} of this run are no longer kept. Read from ${last} on, or keep a history.`,
      { code: "STREAM_GAP", data: { from: this.#next, to: last } },
    );
  }

  async #readOn(): Promise<PublishedEvent | undefined> {
    const result = await this.#older?.next();
    return result?.done === false ? result.value : undefined;
  }

  #readAgain(): Promise<PublishedEvent | undefined> {
    void this.#older?.return?.();
    this.#older = this.#readOlder?.(this.#next)[Symbol.asyncIterator]() ?? null;
    return this.#readOn();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
    void this.#older?.return?.();
    this.wake();
  }
}
