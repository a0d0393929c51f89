/** A Web Lock as a sign of life: whoever holds it lives; whoever gets it knows that the other is gone. */

/** Resolves once the lock is held; it is never given back. */
export async function holdForEver(name: string): Promise<void> {
  await holdUntilReleased(name);
}

/** Resolves once the lock is held, with how to give it back. */
export function holdUntilReleased(name: string): Promise<() => void> {
  return new Promise((held, refused) => {
    navigator.locks
      .request(
        name,
        () =>
          new Promise<void>((release) => {
            held(release);
          }),
      )
      .catch(refused);
  });
}

/** Resolves when nobody holds the lock, at once if nobody does. Rejects when the signal aborts. */
export async function whenFree(name: string, signal?: AbortSignal): Promise<void> {
  await navigator.locks.request(name, signal ? { signal } : {}, () => undefined);
}
