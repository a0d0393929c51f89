const KEY = Symbol.for("tickwork.served");

/**
 * Whether this worker is asked for the first time to serve something. WebKit evaluates a worker's module once more,
 * beside the first time, when a part that is loaded later imports from it; a second engine in the same worker would take
 * the runs from the one that its page calls.
 */
export function isFirstToServe(what: "engine" | "steps"): boolean {
  const scope = globalThis as { [KEY]?: Set<string> };
  const served = (scope[KEY] ??= new Set());
  if (served.has(what)) return false;
  served.add(what);
  return true;
}
