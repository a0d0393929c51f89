/** What a step in a pool returns is moved, not copied. */
import { describe, expect, test } from "vitest";
import { defineEvent, run } from "tickwork";
import { buffersOf, markMoved } from "../../src/pool/transfer.ts";
import { adoptEvent, checkEvent } from "../../src/workflow/event.ts";
import { moving } from "./fixture-workflows.ts";
import { poolsOf } from "./pools.ts";

const { pool } = poolsOf("test/pool/steps.worker.ts");
const Bytes = defineEvent("Bytes");
const event = (data: unknown) => Bytes(data as never);

describe("50 MB of bytes", () => {
  const size = 50_000_000;

  test("arrive whole and are gone where they came from; what they are a part of stays", async () => {
    const runtime = pool({ size: 1 });
    expect(await run(moving, size, { runtime }).result()).toEqual({
      received: {
        length: size,
        ends: [1, 255],
        parts: [Uint8Array.of(8, 9, 10, 11), new Map([["d", Float64Array.of(0.5)]]), Uint8Array.of(9, 9, 9)],
      },
      leftHere: 0,
      whole: 64,
    });
    // What was sent once cannot be sent again.
    await expect(run(moving, "again", { runtime }).result()).rejects.toMatchObject({
      name: "WorkflowRuntimeError",
      code: "EVENT_MOVED",
      data: { event: "Bytes" },
    });
  });
});

describe("the buffers of events", () => {
  test("are those of their bytes, each once, wherever they stand", () => {
    const first = event({ a: [new Map([["x", Uint8Array.of(1)]])], b: new Set([new ArrayBuffer(2)]), c: "text" });
    const second = event(Float32Array.of(1));
    expect(buffersOf([first, second, first]).map(({ byteLength }) => byteLength)).toEqual([1, 2, 4]);
    expect(buffersOf([event({ plain: [1] }), event(null)])).toEqual([]);
  });

  test("are their own: never those that the step made them from", () => {
    const whole = new Uint8Array(8);
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    const found = buffersOf([event([whole.subarray(2, 4), whole, shared])]);
    expect(found).not.toContain(whole.buffer);
    expect(found.map(({ byteLength }) => byteLength)).toEqual([2, 8, 8]);
  });

  test("leave once", () => {
    const sent = event(Uint8Array.of(1));
    const buffers = buffersOf([sent]);
    expect(buffersOf([sent])).toEqual(buffers);
    markMoved(buffers);
    expect(() => buffersOf([sent])).toThrow(/Make a new event each time/);
  });
});

describe("an event that is taken in", () => {
  test("is the very data, frozen, and passes as checked", () => {
    const bytes = Uint8Array.of(1, 2);
    const data = { list: [{ deep: 1 }], bytes, map: new Map([["k", { v: 1 }]]) };
    const taken = adoptEvent({ type: "Bytes", data });
    expect(taken.data).toBe(data);
    expect([taken, data, data.list, data.list[0], data.map.get("k")].every(Object.isFrozen)).toBe(true);
    expect(checkEvent(Bytes, taken)).toBe(taken);
    expect(buffersOf([taken])).toEqual([bytes.buffer]);
  });
});
