/**
 * A persistent first-in-first-out queue that also takes work at its head (a resumed or interrupted work item
 * goes before what was queued after it). Every operation is O(1), amortised for `rest`.
 *
 * Two linked lists: `front` in order, `back` newest first; `back` is turned round when `front` runs out.
 */
export class StepQueue<T> {
  static readonly #none = new StepQueue<never>(null, null, 0);

  readonly length: number;
  readonly #front: Cell<T> | null;
  readonly #back: Cell<T> | null;

  /** B1: `#front` is empty only when the whole queue is. */
  private constructor(front: Cell<T> | null, back: Cell<T> | null, length: number) {
    this.#front = front;
    this.#back = back;
    this.length = length;
  }

  static empty<T>(): StepQueue<T> {
    return StepQueue.#none;
  }

  static of<T>(items: Iterable<T>): StepQueue<T> {
    let queue = StepQueue.empty<T>();
    for (const item of items) queue = queue.pushBack(item);
    return queue;
  }

  pushBack(item: T): StepQueue<T> {
    if (this.#front === null) return new StepQueue({ item, next: null }, null, 1);
    return new StepQueue(this.#front, { item, next: this.#back }, this.length + 1);
  }

  pushFront(item: T): StepQueue<T> {
    return new StepQueue({ item, next: this.#front }, this.#back, this.length + 1);
  }

  /** The oldest item; undefined when empty. */
  get head(): T | undefined {
    return this.#front?.item;
  }

  /** The queue without its head. */
  get rest(): StepQueue<T> {
    if (this.#front === null) return this;
    if (this.length === 1) return StepQueue.empty();
    if (this.#front.next !== null) return new StepQueue(this.#front.next, this.#back, this.length - 1);
    let turned: Cell<T> | null = null;
    for (let cell = this.#back; cell !== null; cell = cell.next) turned = { item: cell.item, next: turned };
    return new StepQueue(turned, null, this.length - 1);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let cell = this.#front; cell !== null; cell = cell.next) yield cell.item;
    const newest: T[] = [];
    for (let cell = this.#back; cell !== null; cell = cell.next) newest.push(cell.item);
    for (let index = newest.length - 1; index >= 0; index--) yield newest[index] as T;
  }

  /** From the other end. What was added since the back was last turned round comes without a walk. */
  *newestFirst(): IterableIterator<T> {
    for (let cell = this.#back; cell !== null; cell = cell.next) yield cell.item;
    const oldest: T[] = [];
    for (let cell = this.#front; cell !== null; cell = cell.next) oldest.push(cell.item);
    for (let index = oldest.length - 1; index >= 0; index--) yield oldest[index] as T;
  }
}

interface Cell<T> {
  readonly item: T;
  readonly next: Cell<T> | null;
}
