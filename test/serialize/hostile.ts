/** What a file may hold that nobody of good will wrote: values of all kinds, and real files with something changed. */
import fc from "fast-check";
import { WorkflowError } from "tickwork";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { RecordedHistory } from "../histories/record.ts";

const folder = fileURLToPath(new URL("../histories/", import.meta.url));
export const recordings = ["format-1", "format-2"].flatMap((format) =>
  readdirSync(folder + format).map((file) => {
    const { name, ...rest } = JSON.parse(readFileSync(`${folder}${format}/${file}`, "utf8")) as RecordedHistory;
    return { name, format, ...rest };
  }),
);

const KEYS = ["__proto__", "constructor", "prototype", "toString", "$tickwork", "length", "then", "kind", "runId", ""];
const STRINGS = ["", "__proto__", "constructor", "1.0", "0.-1", "StartRun", "external", "<img src=x onerror=alert(1)>"];
const NUMBERS = [-1, 0, 1, 2, 64, 0.5, 1e6, 4_294_967_295, 1e15, 1e308, Number.MAX_SAFE_INTEGER];

export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(...STRINGS, ...NUMBERS, null, true, false, [], {}),
  fc.constantFrom<unknown>(
    { $tickwork: "Nope" },
    { $tickwork: "Map", value: [1] },
    { $tickwork: "bigint", value: "x" },
  ),
  fc.constantFrom<unknown>({ $tickwork: "Date", value: "x" }, { $tickwork: "ArrayBuffer", value: "%" }),
  fc.dictionary(fc.constantFrom(...KEYS), fc.jsonValue({ maxDepth: 1 })),
);

/** In this process a file may be more than JSON. */
export const anyObject: fc.Arbitrary<unknown> = fc.oneof(
  anything,
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withTypedArray: true,
  }),
);

interface Change {
  readonly at: number;
  readonly how: "replace" | "remove" | "rename" | "repeat" | "swap" | "number";
  readonly value: unknown;
  readonly key: string;
}
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("replace", "remove", "rename", "repeat", "swap", "number"),
  value: anything,
  key: fc.constantFrom(...KEYS),
});
/** One to three places of a value changed; given to `mutated`. */
export const changes = fc.array(change, { minLength: 1, maxLength: 3 });

type Place = { readonly parent: Record<string, unknown>; readonly key: string };

/** A copy with these places changed. */
export function mutated<T>(original: T, made: readonly Change[]): unknown {
  const root = { root: structuredClone(original) as unknown };
  for (const { at, how, value, key } of made) {
    const places = [...placesOf(root)];
    const place = places[at % places.length];
    if (place) apply(place, how, structuredClone(value), key);
  }
  return root.root;
}

function* placesOf(parent: Record<string, unknown>): IterableIterator<Place> {
  for (const key of Object.keys(parent)) {
    yield { parent, key };
    const value = parent[key];
    if (typeof value === "object" && value !== null) yield* placesOf(value as Record<string, unknown>);
  }
}

function apply({ parent, key }: Place, how: Change["how"], value: unknown, name: string): void {
  const old = parent[key];
  if (how === "replace") parent[key] = value;
  else if (how === "number")
    parent[key] = typeof old === "number" ? old + (typeof value === "number" ? value : 1) : value;
  else if (Array.isArray(parent)) {
    const index = Number(key);
    if (how === "remove") parent.splice(index, 1);
    else if (how === "repeat") parent.splice(index, 0, structuredClone(old));
    else parent.push(...parent.splice(index, 1));
  } else {
    if (how === "remove" || how === "rename") delete parent[key];
    if (how !== "remove")
      Object.defineProperty(parent, name, { value: old, enumerable: true, configurable: true, writable: true });
  }
}

/** The error, if it is one of ours with a code; anything else is a fault. */
export function named(error: unknown): WorkflowError {
  if (!(error instanceof WorkflowError)) throw error;
  expect(error.code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  return error;
}

const prototypes = [Object.prototype, Array.prototype, Function.prototype];
const before = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);
export function assertUnpolluted(): void {
  expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(before);
}
