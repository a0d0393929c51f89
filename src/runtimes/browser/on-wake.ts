/** Calls back when the page is shown again or restored from the back-forward cache. */
export function onWake(callback: () => void): () => void {
  if (typeof document === "undefined") return () => undefined;
  const shown = (): void => {
    if (document.visibilityState === "visible") callback();
  };
  document.addEventListener("visibilitychange", shown);
  addEventListener("pageshow", callback);
  return () => {
    document.removeEventListener("visibilitychange", shown);
    removeEventListener("pageshow", callback);
  };
}
