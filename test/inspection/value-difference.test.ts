import fc from "fast-check";
import { expect, test } from "vitest";
import { visitDifferences, type ValueDifference } from "../../src/inspection/value-difference.ts";

function differences(before: unknown, after: unknown): ValueDifference[] {
  const found: ValueDifference[] = [];
  visitDifferences(before, after, (difference) => found.push(difference));
  return found;
}

/** What is taken out of a list is named by its place before, so it goes last to first, and before anything comes. */
function apply(before: unknown, changes: readonly ValueDifference[]): unknown {
  const root = structuredClone({ root: before }) as Record<string, unknown>;
  const gone = changes.filter(({ kind }) => kind === "removed").toReversed();
  for (const { kind, path, after } of [...gone, ...changes.filter((one) => one.kind !== "removed")]) {
    const way = ["root", ...path];
    const key = way.pop()!;
    const holder = way.reduce((value: unknown, name) => (value as Record<string, unknown>)[name], root);
    if (Array.isArray(holder))
      holder.splice(Number(key), kind === "added" ? 0 : 1, ...(kind === "removed" ? [] : [after]));
    else if (kind === "removed") delete (holder as Record<string, unknown>)[key];
    else Object.defineProperty(holder, key, { value: after, enumerable: true, configurable: true, writable: true });
  }
  return root["root"];
}

test("names the places that differ, and no more", () => {
  const before = { a: 1, b: { c: [1, 2] }, gone: true };
  expect(differences(before, { a: 1, b: { c: [1, 3] }, come: null })).toEqual([
    { kind: "removed", path: ["gone"], before: true },
    { kind: "changed", path: ["b", "c", 1], before: 2, after: 3 },
    { kind: "added", path: ["come"], after: null },
  ]);
});

test.each([
  ["at the end", [1, 2], [1, 2, 3], [{ kind: "added", path: [2], after: 3 }]],
  ["at the beginning", [1, 2], [0, 1, 2], [{ kind: "added", path: [0], after: 0 }]],
  [
    "taken from the beginning",
    [{ id: 1 }, { id: 2 }],
    [{ id: 2 }],
    [{ kind: "removed", path: [0], before: { id: 1 } }],
  ],
])("a list that grows or shrinks %s is one change", (_, before, after, expected) => {
  expect(differences(before, after)).toEqual(expected);
});

test("dates, maps and other kinds of value are compared as wholes", () => {
  expect(differences({ d: new Date(1), m: new Map([[1, 2]]) }, { d: new Date(1), m: new Map([[1, 2]]) })).toEqual([]);
  expect(differences({ d: new Date(1) }, { d: new Date(2) })).toHaveLength(1);
  expect(differences([1], { 0: 1 })).toEqual([{ kind: "changed", path: [], before: [1], after: { 0: 1 } }]);
});

test("applied to the one value, the differences give the other; of a value and its copy there are none", () => {
  const values = fc.jsonValue({ maxDepth: 4 });
  const item = fc.constantFrom("1", "2", "[1]", "[2]", '{"a":[1]}', '{"a":[1,2]}', '{"b":1}');
  const small = fc.array(
    item.map((text): unknown => JSON.parse(text)),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(fc.oneof(values, small), fc.oneof(values, small), (before, after) => {
      expect(apply(before, differences(before, after))).toEqual(after);
      expect(differences(before, structuredClone(before))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
