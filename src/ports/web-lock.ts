/** A Web Lock as a sign of life: whoever holds it for ever lives; whoever gets it knows that the other is gone. */

/** Resolves once the lock is held; it is never given back. */
export function holdForEver(name: string): Promise<void> {
  return new Promise((held, refused) => {
    navigator.locks
      .request(name, () => {
        held();
        return new Promise<never>(() => undefined);
      })
      .catch(refused);
  });
}

/** Resolves when nobody holds the lock, at once if nobody does. */
export async function whenFree(name: string): Promise<void> {
  await navigator.locks.request(name, () => undefined);
}
