/** Work that is begun in the order of its calls, one after the other under each name. */
export class InTurn {
  /** By name: settles when the newest is done. */
  readonly #newest = new Map<string, Promise<void>>();

  /** Begins when what came before under this name is done, well or not. */
  next<T>(name: string, action: () => Promise<T>): Promise<T> {
    const turn = (this.#newest.get(name) ?? Promise.resolve()).then(action);
    const done = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#newest.set(name, done);
    void done.then(() => {
      if (this.#newest.get(name) === done) this.#newest.delete(name);
    });
    return turn;
  }

  /** What is being made already, handed on in its turn. */
  wait<T>(name: string, making: Promise<T>): Promise<T> {
    // It may fail before its turn comes.
    making.catch(() => undefined);
    return this.next(name, () => making);
  }
}
