import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { busySlots, freeSlot, nextWorkerId, noSlots, occupySlot, slotAt, type Slots } from "../../src/core/slots.ts";

const occupied = (count: number): Slots<number> => {
  let slots: Slots<number> = noSlots;
  for (let index = 0; index < count; index++) slots = occupySlot(slots, index);
  return slots;
};

describe("slots", () => {
  test("behave like a list of busy workers", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 200 }), { maxLength: 150 }), (choices) => {
        const model = new Map<number, number>();
        let slots: Slots<number> = noSlots;
        for (const [value, choice] of choices.entries()) {
          const busy = [...model.keys()];
          // Above 100 occupy, else free one of those that are busy.
          if (choice > 100 || busy.length === 0) {
            const id = nextWorkerId(slots);
            expect(model.has(id)).toBe(false);
            model.set(id, value);
            slots = occupySlot(slots, value);
          } else {
            const id = busy[choice % busy.length]!;
            model.delete(id);
            slots = freeSlot(slots, id);
          }
          expect([...busySlots(slots)]).toEqual([...model].toSorted(([a], [b]) => a - b));
          expect(slots.busy).toBe(model.size);
        }
      }),
    );
  });

  test("never hand out a worker id beyond the most that were busy at once", () => {
    let slots = occupied(3);
    slots = occupySlot(freeSlot(freeSlot(slots, 0), 2), 9);
    expect([...busySlots(slots)].map(([id]) => id)).toEqual([1, 2]);
  });

  test("hand out the one freed last first", () => {
    expect(nextWorkerId(freeSlot(freeSlot(occupied(3), 2), 0))).toBe(0);
  });

  test("copy one chunk, not all of them", () => {
    const before = occupied(200);
    const after = freeSlot(before, 150);
    expect(after.chunks[0]).toBe(before.chunks[0]);
    expect(after.chunks[2]).not.toBe(before.chunks[2]);
    expect(slotAt(before, 150)).toBe(150);
    expect(slotAt(after, 150)).toBeUndefined();
  });
});
