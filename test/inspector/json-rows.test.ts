import type { Json } from "tickwork/client";
import { expect, test } from "vitest";
import {
  MEMBERS_AT_ONCE,
  MOST_DEPTH,
  MOST_TEXT,
  NOTHING_TOGGLED,
  pathOf,
  previewJson,
  toJsonRows,
} from "../../inspector/ui/json-rows.ts";

test("a value as rows, small parts open", () => {
  const rows = toJsonRows({ a: [1, null], b: "x" }, NOTHING_TOGGLED);
  expect(rows.map(({ depth, name, text }) => [depth, name, text])).toEqual([
    [0, null, "{2}"],
    [1, "a", "[2]"],
    [2, "0", "1"],
    [2, "1", "null"],
    [1, "b", '"x"'],
  ]);
});

test("long text is cut and says how long it is", () => {
  const row = toJsonRows("y".repeat(5_000_000), NOTHING_TOGGLED)[0];
  expect(row?.text.length).toBeLessThan(MOST_TEXT + 40);
  expect(row?.text).toContain("5000000 characters");
});

test("long lists show so many at once, and more when asked", () => {
  const list = Array.from({ length: 1_000 }, (_, index) => index);
  const rows = toJsonRows(list, NOTHING_TOGGLED);
  expect(rows.at(-1)).toMatchObject({ kind: "more", text: "900 more", continues: "$" });
  expect(toJsonRows(list, { toggled: new Map(), shown: new Map([["$", MEMBERS_AT_ONCE * 2]]) })).toHaveLength(202);
});

test("deep nesting ends with a word", () => {
  let value: Json = 1;
  for (let i = 0; i < 10_000; i += 1) value = { in: value };
  const toggled = new Map(
    Array.from({ length: 100 }, (_, depth) => [pathOf(Array.from({ length: depth }, () => "in")), true]),
  );
  const rows = toJsonRows(value, { toggled, shown: new Map() });
  expect(rows.at(-1)).toMatchObject({ kind: "tooDeep", depth: MOST_DEPTH });
  expect(() => previewJson(value)).not.toThrow();
});

test("a key that looks like a path is not one", () => {
  expect(pathOf(["a/b", 0])).not.toBe(pathOf(["a", "b", 0]));
});
