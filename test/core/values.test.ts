/** Edges of the small things the core is built of: equality, changes of the store, slots, sets. */
import { describe, expect, test } from "vitest";
import { applyChanges } from "../../src/core/apply-changes.ts";
import { isEqualJson, own } from "../../src/core/json.ts";
import { busySlots, freeSlot, noSlots, occupySlot, replaceSlot, slotAt, type Slots } from "../../src/core/slots.ts";
import { StepQueue } from "../../src/core/step-queue.ts";
import { Fold, program } from "./fold.ts";

describe("equality", () => {
  const different: [unknown, unknown][] = [
    [{}, null],
    [{}, undefined],
    [{}, 1],
    [{}, "text"],
    [[], "text"],
    [[1], [1, 2]],
    [
      [1, 2],
      [1, 3],
    ],
    [[], {}],
    [[1], { 0: 1, length: 1 }],
    [
      { a: 1, b: 2 },
      { a: 1, b: 3 },
    ],
    [{ a: undefined }, { b: undefined }],
    [new Date(5), {}],
    [new Date(5), new Map()],
    [new Map(), new Set()],
    [new Map(), {}],
    [new Set(), {}],
    [
      new Map([["a", 1]]),
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    ],
    [new Set([1]), new Set([1, 2])],
    [new Uint8Array([1]), new Uint16Array([1])],
    [new ArrayBuffer(0), {}],
    [new ArrayBuffer(1), new ArrayBuffer(2)],
  ];
  test.each(different)("%o and %o differ, either way round", (a, b) => {
    expect([isEqualJson(a, b), isEqualJson(b, a)]).toEqual([false, false]);
  });

  test.each<[unknown]>([[Number.NaN], [[]], [{}], [[[1], [2]]], [new Map()], [new ArrayBuffer(0)], [undefined]])(
    "%o equals its copy",
    (value) => {
      expect(isEqualJson(value, structuredClone(value))).toBe(true);
    },
  );
});

test("an object's own fields are found, what it inherits and what is missing are not", () => {
  expect([own({ a: 1 }, "a"), own<unknown>({}, "toString"), own<unknown>({}, "a"), own(undefined, "a")]).toEqual([
    1,
    undefined,
    undefined,
    undefined,
  ]);
});

describe("changes of the store", () => {
  test("that remove the whole leave an empty one", () => {
    expect(applyChanges({ a: 1 }, [{ op: "remove", path: [] }])).toEqual({});
  });

  test("never make it null or a list", () => {
    const store = { a: 1 };
    for (const value of [null, [1], "text"]) expect(applyChanges(store, [{ op: "set", path: [], value }])).toBe(store);
  });

  test("leave a list they change as it was", () => {
    const store = { list: [1, 2, 3] };
    applyChanges(store, [
      { op: "set", path: ["list", "0"], value: 9 },
      { op: "remove", path: ["list", "1"] },
    ]);
    expect(store).toEqual({ list: [1, 2, 3] });
  });

  test("along a path that meets null or a text put an object there", () => {
    expect(applyChanges({ a: null, b: "text" }, [{ op: "set", path: ["a", "x"], value: 1 }])).toEqual({
      a: { x: 1 },
      b: "text",
    });
    expect(applyChanges({ b: "text" }, [{ op: "set", path: ["b", "x"], value: 1 }])).toEqual({ b: { x: 1 } });
  });

  test("of what is inherited make a field of its own", () => {
    expect(applyChanges({}, [{ op: "set", path: ["toString", "x"], value: 1 }])).toEqual({ toString: { x: 1 } });
  });

  test("give frozen objects and lists, which cannot be changed from outside", () => {
    const next = applyChanges({}, [
      { op: "set", path: ["a", "b"], value: 1 },
      { op: "set", path: ["list"], value: [1] },
      { op: "set", path: ["list", "0"], value: 2 },
    ]);
    expect([next, next["a"], next["list"]].map((part) => Object.isFrozen(part))).toEqual([true, true, true]);
    expect(Object.keys(next)).toEqual(["a", "list"]);
  });
});

describe("many slots", () => {
  const occupied = (count: number): Slots<number> => {
    let slots: Slots<number> = noSlots;
    for (let index = 0; index < count; index++) slots = occupySlot(slots, index);
    return slots;
  };
  const ids = (slots: Slots<number>): number[] => [...busySlots(slots)].map(([id]) => id);

  test("are known by worker id beyond one chunk", () => {
    expect(ids(occupied(130))).toEqual(Array.from({ length: 130 }, (_, index) => index));
    expect([0, 63, 64, 129, 130, 999].map((id) => slotAt(occupied(130), id))).toEqual([
      0,
      63,
      64,
      129,
      undefined,
      undefined,
    ]);
  });

  test("keep the others when one of the first is freed or replaced", () => {
    expect(ids(freeSlot(occupied(130), 0))).toEqual(Array.from({ length: 129 }, (_, index) => index + 1));
    expect([...busySlots(replaceSlot(occupied(130), 3, -1))].map(([, value]) => value).slice(2, 5)).toEqual([2, -1, 4]);
    expect(replaceSlot(occupied(130), 3, -1).busy).toBe(130);
  });
});

test("a queue that was filled at both ends is in order, and its rest too", () => {
  const queue = StepQueue.of([3, 4, 5]).pushFront(2).pushFront(1);
  expect([[...queue], [...queue.rest.rest.rest], queue.rest.rest.rest.length]).toEqual([[1, 2, 3, 4, 5], [4, 5], 2]);
});

test("an event outside a wanted set does not enter its buffer", () => {
  const run = new Fold(program({ begin: "Start", a: ["X|Z", 9] })).start();
  run.send("X", 1).collect(run.running("a", 1), { X: 2 }).send("Z", 2).collect(run.running("a", 2), { X: 2 });
  expect([...run.state.buffers.values()].map(({ byType }) => Object.keys(byType))).toEqual([["X"]]);
});
