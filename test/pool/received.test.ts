import { expect, test } from "vitest";
import { received } from "../../src/pool/received.ts";

test("JSON from another thread is frozen all through", () => {
  const value = received({ list: [{ deep: 1 }], text: "a", nothing: null });
  expect([value, value.list, value.list[0]].every(Object.isFrozen)).toBe(true);
});

test.each([
  ["a Date", { list: [1], date: new Date(0) }],
  ["a Map", { list: [1], map: new Map() }],
  ["bytes", { list: [1], bytes: Uint8Array.of(1) }],
  ["a bigint", { list: [1], big: 1n }],
])("what holds %s is the step's own, to do with as it likes", (_what, value) => {
  received(value).list.push(2);
  expect(value.list).toEqual([1, 2]);
});
