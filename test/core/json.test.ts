import { describe, expect, test } from "vitest";
import { isEqualJson } from "../../src/core/json.ts";

describe("isEqualJson", () => {
  const equal: [unknown, unknown][] = [
    [1, 1],
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [new Date(5), new Date(5)],
    [new Map([["a", 1]]), new Map([["a", 1]])],
    [new Set([1, 2]), new Set([1, 2])],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [new Uint8Array([1]).buffer, new Uint8Array([1]).buffer],
    [5n, 5n],
    [null, null],
  ];
  test.each(equal)("%s equals %s", (a, b) => {
    expect(isEqualJson(a, b)).toBe(true);
  });

  const different: [unknown, unknown][] = [
    [1, 2],
    [1, "1"],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], { 0: 1 }],
    [new Date(5), new Date(6)],
    [new Date(5), 5],
    [new Map([["a", 1]]), new Map([["a", 2]])],
    [new Map([["a", 1]]), new Map()],
    [new Set([1]), new Set([2])],
    [new Uint8Array([1]), new Uint8Array([2])],
    [new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
    [null, {}],
    [5n, 5],
  ];
  test.each(different)("%s differs from %s", (a, b) => {
    expect(isEqualJson(a, b)).toBe(false);
  });
});
