/**
 * Loads for a control that moves faster than its answers come, such as the scrubber. Invariants:
 * 1. At most one load is under way.
 * 2. While it is, only the newest wish is kept; those between are never loaded.
 * 3. The last wish is always answered, by `onLoaded` or `onProblem`.
 * 4. After `close` nothing is called any more.
 */
export interface LatestWins<Wish> {
  request(wish: Wish): void;
  /** True while something is being loaded. */
  readonly isBusy: boolean;
  close(): void;
}

export function createLatestWins<Wish, Answer>(
  load: (wish: Wish) => Promise<Answer>,
  onLoaded: (answer: Answer, wish: Wish, isNewest: boolean) => void,
  onProblem: (error: unknown, wish: Wish) => void,
): LatestWins<Wish> {
  let next: { wish: Wish } | null = null;
  let isBusy = false;
  let isClosed = false;

  async function work(): Promise<void> {
    isBusy = true;
    while (next !== null && !isClosed) {
      const { wish } = next;
      next = null;
      try {
        const answer = await load(wish);
        if (!isClosed) onLoaded(answer, wish, next === null);
      } catch (error) {
        if (!isClosed && next === null) onProblem(error, wish);
      }
    }
    isBusy = false;
  }

  return {
    request(wish) {
      next = { wish };
      if (!isBusy && !isClosed) void work();
    },
    get isBusy() {
      return isBusy;
    },
    close() {
      isClosed = true;
      next = null;
    },
  };
}
