import fc from "fast-check";
import { expect, test } from "vitest";
import { shareStructure } from "../../inspector/store/share-structure.ts";

test("keeps what says the same and replaces what does not", () => {
  const before = { steps: { a: { busy: 1, slots: [0] }, b: { busy: 2, slots: [0, 1] } }, at: 1 };
  const after = shareStructure(before, { steps: { a: { busy: 1, slots: [0] }, b: { busy: 3, slots: [0, 1] } }, at: 1 });
  expect(after.steps.a).toBe(before.steps.a);
  expect(after.steps.b).not.toBe(before.steps.b);
  expect(after.steps.b.slots).toBe(before.steps.b.slots);
});

test("the result equals the new value, and the old one when nothing changed", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      expect(shareStructure(before, after)).toEqual(after);
      expect(shareStructure(before, structuredClone(before))).toBe(before);
    }),
  );
});

test("a key named __proto__ stays a key", () => {
  const after = shareStructure<unknown>({ a: 1 }, JSON.parse('{"__proto__":{"polluted":true},"b":1}'));
  expect(Object.keys(after as object)).toEqual(["__proto__", "b"]);
  expect((after as { polluted?: boolean }).polluted).toBeUndefined();
});

test("nesting without end does not end the stack", () => {
  const nest = (): unknown => {
    let value: unknown = 1;
    for (let i = 0; i < 50_000; i += 1) value = [value];
    return value;
  };
  expect(() => shareStructure(nest(), nest())).not.toThrow();
});
