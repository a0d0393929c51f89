import type { Json } from "tickwork/client";
import { describe, expect, test } from "vitest";
import { cutJson, partOf } from "../../src/inspection/cut-json.ts";
import {
  joinParts,
  keysOf,
  knownAt,
  MEMBERS_AT_ONCE,
  MOST_DEPTH,
  MOST_TEXT,
  NOTHING_TOGGLED,
  pathOf,
  previewJson,
  toJsonRows,
} from "../../inspector/store/json-rows.ts";

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

describe("a value that came cut", () => {
  const cut = (value: unknown, room: number): Json => cutJson(value, room, null);
  const list = Array.from({ length: 5_000 }, (_, n) => n);

  test("shows its part, how much there is, and what is to be read next", () => {
    const rows = toJsonRows(cut(list, 900), NOTHING_TOGGLED);
    expect(rows[0]).toMatchObject({ kind: "array", text: "[5000] 30 kB", isOpen: true });
    expect(rows.at(-1)).toMatchObject({ kind: "more", text: "4900 more", continues: "$", needs: 100 });
  });

  test("without a part it is closed, and says that it is to be read when it is opened", () => {
    const rows = toJsonRows(cut({ a: 1, large: { list } }, 100), NOTHING_TOGGLED);
    expect(rows).toMatchObject([{ text: "{2} 30 kB", isOpen: false, needs: 0 }]);
  });

  test("what was read stands in its place, and goes on with the next part", () => {
    const value = cut({ name: "all", large: list }, 2_000);
    const first = partOf(list, 0, 900, null);
    const both = joinParts(first, partOf(list, 100, 900, null));
    const loaded = new Map([["$/large", both]]);
    expect(knownAt(value, "$/large", loaded)).toBe(both);
    expect(knownAt(value, "$/large/150", loaded)).toBe(150);
    const state = { toggled: new Map([["$/large", true]]), shown: new Map([["$/large", 200]]), loaded };
    const rows = toJsonRows(value, state);
    expect(rows.at(-1)).toMatchObject({ kind: "more", text: "4800 more", needs: 200 });
    expect(rows.filter(({ kind }) => kind === "number")).toHaveLength(200);
    expect(joinParts(first, [1, 2])).toEqual([1, 2]);
  });

  test("a long text opens, and is read on where it ends", () => {
    const value = cut("z".repeat(50_000), 20_000);
    const open = { toggled: new Map([["$", true]]), shown: new Map() };
    expect(toJsonRows(value, NOTHING_TOGGLED)[0]?.text).toContain("50000 characters");
    expect(toJsonRows(value, open)).toMatchObject([
      { text: "z".repeat(10_000) },
      { kind: "more", text: "40000 more characters", needs: 10_000 },
    ]);
  });

  test("data that only looks cut is data", () => {
    const rows = toJsonRows({ $tickwork: "cut", kind: "array", part: "x" }, NOTHING_TOGGLED);
    expect(rows.map(({ name }) => name)).toEqual([null, "$tickwork", "kind", "part"]);
    expect(previewJson(cut({ a: list }, 100))).toBe("object of 30 kB");
  });
});

test("a path leads back to its keys", () => {
  const keys = ["a/b", "~1", "", "0"];
  expect(keysOf(pathOf(keys))).toEqual(keys);
});

test("a key that looks like a path is not one", () => {
  expect(pathOf(["a/b", 0])).not.toBe(pathOf(["a", "b", 0]));
});
