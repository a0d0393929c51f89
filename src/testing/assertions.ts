/** Checks that need no test framework: each throws an Error that says what was to hold, and what came instead. */
import { isEqualJson } from "../core/json.ts";
import { encodeValue } from "../serialize/serializer.ts";

const SHOWN = 300;

export function assertTrue(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** Equal by content: dates, maps, sets, bytes and bigints too. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  if (!isEqualJson(actual, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}.`);
}

/** Fields an error must have. */
export interface ExpectedError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
}

/** The action must throw or reject, with an error that has these fields; returns it. */
export async function assertRejects(
  action: () => unknown,
  expected: ExpectedError,
  what: string,
): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    value = await action();
  } catch (error) {
    const found = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
    for (const [field, wanted] of Object.entries(expected)) {
      if (found[field] === wanted) continue;
      throw new Error(`${what}: expected an error with ${field} ${show(wanted)}, got ${String(error)}.`, {
        cause: error,
      });
    }
    return found;
  }
  throw new Error(`${what}: expected an error with ${show(expected)}, but it went through with ${show(value)}.`);
}

/** All items, once the source has ended. */
export async function readAll<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** A value as short text for a message. */
export function show(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(encodeValue(value)) ?? String(value);
  } catch {
    text = String(value);
  }
  return text.length > SHOWN ? `${text.slice(0, SHOWN)} … (${text.length} characters)` : text;
}
