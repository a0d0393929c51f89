import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StepQueue } from "../../src/core/step-queue.ts";

const operation = fc.oneof(
  fc.record({ kind: fc.constantFrom("pushBack", "pushFront"), item: fc.integer() }),
  fc.constant({ kind: "rest", item: 0 }),
);

describe("StepQueue", () => {
  test("behaves like a list", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
        let model: number[] = [];
        let queue = StepQueue.empty<number>();
        for (const { kind, item } of operations) {
          if (kind === "pushBack") [model, queue] = [[...model, item], queue.pushBack(item)];
          else if (kind === "pushFront") [model, queue] = [[item, ...model], queue.pushFront(item)];
          else [model, queue] = [model.slice(1), queue.rest];
          expect([...queue]).toEqual(model);
          expect([...queue.newestFirst()]).toEqual(model.toReversed());
          expect(queue.length).toBe(model.length);
          expect(queue.head).toBe(model[0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("leaves the queue it came from as it was", () => {
    const queue = StepQueue.of([1, 2, 3]);
    void queue.pushBack(4).rest.rest.pushFront(0);
    expect([...queue]).toEqual([1, 2, 3]);
  });

  test("is made of items in order", () => {
    expect([...StepQueue.of("abc")]).toEqual(["a", "b", "c"]);
  });

  test("empty: no head, and its rest is itself", () => {
    const empty = StepQueue.empty();
    expect(empty.head).toBeUndefined();
    expect(empty.rest).toBe(empty);
  });

  test("taking everything gives the one empty queue", () => {
    expect(StepQueue.of([1]).rest).toBe(StepQueue.empty());
  });
});
