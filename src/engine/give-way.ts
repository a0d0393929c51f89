/** For long work that nobody waits for urgently: after `SLICE` milliseconds other things have their turn. */
import { macrotask } from "../ports/macrotask.ts";

const SLICE = 8;

/** Gives a function to call between pieces of the work. Its promise is there only when it is time to give way. */
export function givesWay(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE) return undefined;
    return new Promise((resolve) => {
      macrotask(() => {
        since = performance.now();
        resolve();
      });
    });
  };
}
