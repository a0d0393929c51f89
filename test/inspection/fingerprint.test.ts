import { expect, test } from "vitest";
import { fingerprint } from "../../src/inspection/fingerprint.ts";

test("is the same for equal JSON in any order of keys, and other for what differs", () => {
  expect(fingerprint({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(fingerprint({ b: [{ d: 3, c: 2 }], a: 1 }));
  const others = [null, 1, "1", [1], [1, 2], [2, 1], { a: 1 }, { a: "1" }, { b: 1 }, [], {}, ""];
  expect(new Set(others.map((value) => fingerprint(value))).size).toBe(others.length);
});
