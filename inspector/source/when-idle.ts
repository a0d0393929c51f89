/** Where there is no word of it the page is taken to rest after this many ms. */
const SOON = 200;
/** However busy the page is, it is called after this many ms. */
const LATEST = 2_000;

/** Calls when the page has nothing else to do, once; returns how to take that back. */
export function whenIdle(call: () => void): () => void {
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(call, SOON);
    return () => clearTimeout(timer);
  }
  const request = requestIdleCallback(call, { timeout: LATEST });
  return () => cancelIdleCallback(request);
}
