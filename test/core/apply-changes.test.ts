import { describe, expect, test } from "vitest";
import { applyChanges } from "../../src/core/apply-changes.ts";
import type { Json } from "../../src/core/json.ts";
import type { StateChange } from "../../src/core/tick.ts";

const set = (path: string, value: Json): StateChange => ({ op: "set", path: path.split("."), value });
const remove = (path: string): StateChange => ({ op: "remove", path: path.split(".") });

describe("applyChanges", () => {
  test("sets along a path, making what is missing", () => {
    expect(applyChanges({}, [set("a.b.c", 1)])).toEqual({ a: { b: { c: 1 } } });
  });

  test("changes an item of a list", () => {
    expect(applyChanges({ list: [1, 2] }, [set("list.1", 9)])).toEqual({ list: [1, 9] });
  });

  test("removes a key, and an item of a list", () => {
    expect(applyChanges({ a: 1, list: [1, 2, 3] }, [remove("a"), remove("list.1")])).toEqual({ list: [1, 3] });
  });

  test("applies changes in order", () => {
    expect(applyChanges({}, [set("a", 1), set("a", 2), remove("b")])).toEqual({ a: 2 });
  });

  test("with no path replaces the whole", () => {
    expect(applyChanges({ a: 1 }, [{ op: "set", path: [], value: { b: 2 } }])).toEqual({ b: 2 });
  });

  test("never makes the store anything but an object", () => {
    expect(applyChanges({ a: 1 }, [{ op: "set", path: [], value: 5 }])).toEqual({ a: 1 });
  });

  test("leaves the store it came from and shares what is off the path", () => {
    const store = { a: { x: 1 }, b: { y: 2 } };
    const next = applyChanges(store, [set("a.x", 9)]);
    expect(store.a.x).toBe(1);
    expect(next["b"]).toBe(store.b);
  });

  test("treats __proto__ as a key like any other", () => {
    const next = applyChanges({}, [set("__proto__.polluted", true)]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.getPrototypeOf(next)).toBe(Object.prototype);
    expect(Object.hasOwn(next, "__proto__")).toBe(true);
  });
});
