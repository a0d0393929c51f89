/** Names of workflows, steps and events: they are written into saved runs as keys. */

/** `__proto__` is no key like others: objects that are read back would lose it. */
export function isUsableName(name: unknown): name is string {
  return typeof name === "string" && name.trim() !== "" && name !== "__proto__";
}
