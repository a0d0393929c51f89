/** What the parts of a retry policy share: checks, so that a mistake shows where it is written, and descriptions. */
import { WorkflowConfigurationError } from "./errors.ts";

/** The value, if it is a finite number of at least `least`. */
export function checkNumber(name: string, value: number, least = Number.NEGATIVE_INFINITY): number {
  if (Number.isFinite(value) && value >= least) return value;
  const bound = least === Number.NEGATIVE_INFINITY ? "a finite number" : `a finite number of at least ${least}`;
  throw new WorkflowConfigurationError(`${name} must be ${bound}, not ${String(value)}.`);
}

/** The value, if it is a whole number above 0. */
export function checkCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new WorkflowConfigurationError(`${name} must be a whole number above 0, not ${String(value)}.`);
}

/** The part, if it has the method that makes it one. */
export function checkPart<T extends object>(name: string, method: keyof T & string, part: T): T {
  const found: unknown = typeof part === "object" && part !== null && part[method];
  if (typeof found === "function") return part;
  throw new WorkflowConfigurationError(`${name} takes an object with a method ${method}, not this ${typeof part}.`);
}

/** The parts, if there is one at least and each has the method. */
export function checkParts<T extends object>(
  name: string,
  method: keyof T & string,
  parts: readonly T[],
): readonly T[] {
  if (parts.length === 0) throw new WorkflowConfigurationError(`${name} needs at least one part.`);
  return parts.map((part) => checkPart(name, method, part));
}

/** "a or b", with those in brackets that are joined themselves. */
export function joinDescriptions(parts: readonly { readonly description: string }[], word: string): string {
  const texts = parts.map(({ description }) => description);
  if (texts.length === 1) return texts.join("");
  return texts.map((text) => (/ (?:or|and|then|plus) /.test(text) ? `(${text})` : text)).join(` ${word} `);
}
