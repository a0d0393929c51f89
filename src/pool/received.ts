/** What came from the engine's thread, as a step in place would get it. */

/** JSON is frozen all through; what holds a Date, a Map or bytes is a copy of the step's own. */
export function received<T>(value: T): T {
  if (isJson(value)) freeze(value);
  return value;
}

function isJson(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "bigint";
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Object.values(value).every(isJson);
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.values(value).forEach(freeze);
  Object.freeze(value);
}
