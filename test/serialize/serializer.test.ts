import fc from "fast-check";
import { EventValidationError, StorageError, WorkflowRuntimeError } from "tickwork";
import { describe, expect, test } from "vitest";
import type { Tick } from "../../src/core/tick.ts";
import { decodeError, decodeToError, encodeError } from "../../src/serialize/error-codec.ts";
import { decodeValue, encodeKnown, encodeValue } from "../../src/serialize/serializer.ts";
import { decodeTick, encodeTick } from "../../src/serialize/tick-codec.ts";
import { toPlainData } from "../../src/workflow/plain-data.ts";

const exotic = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.bigInt(),
  fc.uint8Array({ maxLength: 9 }),
  fc
    .float64Array({ maxLength: 3, noNaN: true, noDefaultInfinity: true })
    .map((array) => array.map((value) => value || 0)),
  fc.dictionary(fc.string(), fc.integer()).map((object) => new Map(Object.entries(object))),
  fc.array(fc.integer()).map((items) => new Set(items)),
);
const { tree: anything } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    exotic,
    tie("list"),
    tie("object"),
  ),
  list: fc.array(tie("tree"), { maxLength: 4 }),
  object: fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom("$tickwork", "__proto__", "constructor", "value")),
    tie("tree"),
    { maxKeys: 4 },
  ),
}));
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the serializer", () => {
  test("gives back whatever event data may hold, through JSON", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const kept = toPlainData(value);
        expect(decodeValue(throughJson(encodeValue(kept)))).toEqual(kept);
      }),
      { numRuns: 500 },
    );
  });

  test("knows what needs tags: data made here is written the short way without loss", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const kept = toPlainData(value);
        expect(decodeValue(throughJson(encodeKnown(kept)))).toEqual(kept);
      }),
      { numRuns: 500 },
    );
  });

  test("leaves plain JSON as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = throughJson(value);
        expect(encodeValue(plain)).toEqual(Object.hasOwn(Object(plain), "$tickwork") ? expect.anything() : plain);
      }),
    );
  });

  test("refuses a tag it does not know", () => {
    expect(() => decodeValue({ $tickwork: "Function", value: "x" })).toThrow(TypeError);
    expect(() => decodeValue({ $tickwork: "__proto__" })).toThrow(TypeError);
    expect(() => decodeValue({ $tickwork: "constructor" })).toThrow(TypeError);
  });
});

describe("ticks", () => {
  const at = { sequence: 1, at: 1, causedBy: 1 } as const;
  const id = { step: "a", workerId: 0, workItem: 1, invocation: 1 };
  const survives = (tick: Tick): void => {
    expect(decodeTick(throughJson(encodeTick(tick)) as never)).toEqual(tick);
  };
  const value = fc.oneof(anything).map(toPlainData);

  const kinds: [string, (data: unknown) => Tick][] = [
    [
      "StartRun event",
      (data) => ({
        ...at,
        kind: "StartRun",
        causedBy: "external",
        runId: "r",
        workflow: "w",
        version: "1",
        timeout: null,
        event: { type: "S", data },
        store: {},
      }),
    ],
    [
      "StartRun store",
      (data) => ({
        ...at,
        kind: "StartRun",
        runId: "r",
        workflow: "w",
        version: "1",
        timeout: null,
        event: { type: "S", data: null },
        store: toPlainData({ data }) as never,
      }),
    ],
    ["AddEvent", (data) => ({ ...at, kind: "AddEvent", event: { type: "X", data } })],
    [
      "EditState",
      (data) => ({ ...at, kind: "EditState", changes: [{ op: "set", path: ["a"], value: data as never }] }),
    ],
    [
      "CollectEvents",
      (data) => ({
        ...at,
        ...id,
        kind: "CollectEvents",
        bufferId: "b",
        callId: "c",
        expected: { X: 1 },
        event: { type: "X", data },
      }),
    ],
    [
      "StepResult outputs",
      (data) => ({
        ...at,
        ...id,
        kind: "StepResult",
        outcome: { kind: "returned" },
        outputs: [{ mode: "send", event: { type: "X", data } }],
      }),
    ],
    [
      "StepResult prompts",
      (data) => ({
        ...at,
        ...id,
        kind: "StepResult",
        outcome: { kind: "waiting", waits: [{ waiterId: "w", type: "X", timeout: null, prompt: { type: "Q", data } }] },
        outputs: [],
      }),
    ],
    [
      "StepResult requirements",
      (data) => ({
        ...at,
        ...id,
        kind: "StepResult",
        outcome: {
          kind: "waiting",
          waits: [{ waiterId: "w", type: "X", timeout: null, requirements: toPlainData({ data }) as never }],
        },
        outputs: [],
      }),
    ],
    [
      "StepResult logs",
      (data) => ({
        ...at,
        ...id,
        kind: "StepResult",
        outcome: { kind: "returned" },
        outputs: [],
        logs: [{ at: 1, message: "m", data: data as never }],
      }),
    ],
  ];
  test.each(kinds)("%s survives JSON, whatever data it holds", (_name, make) => {
    fc.assert(
      fc.property(value, (data) => survives(make(data))),
      { numRuns: 150 },
    );
  });

  test.each([
    ["data", Object.assign(new Error("x"), { when: new Date(5), n: 5n })],
    ["a cause's data", new Error("x", { cause: Object.assign(new Error("y"), { when: new Date(5) }) })],
    ["what was thrown", new Map([[1, new Date(0)]])],
    ["a bigint that was thrown", 5n],
    ["a WorkflowError's data", new WorkflowRuntimeError("x", { data: { when: new Date(5) } })],
  ])("an error with %s JSON cannot hold survives", (_name, thrown) => {
    survives({
      ...at,
      ...id,
      kind: "StepResult",
      outcome: { kind: "failed", error: encodeError(thrown), verdict: { retry: false } },
      outputs: [],
    });
    survives({ ...at, kind: "FailRun", error: encodeError(thrown) });
  });

  test("what is decoded is frozen, like what was made here", () => {
    const tick = decodeTick({ ...at, kind: "AddEvent", event: { type: "X", data: { a: [1] } } });
    expect(Object.isFrozen((tick as { event: { data: { a: unknown } } }).event.data.a)).toBe(true);
  });
});

describe("errors", () => {
  /** As in another process: nothing remembers the original. */
  const travel = (thrown: unknown) => decodeError(throughJson(encodeError(thrown)) as never);

  test("here come back as themselves", () => {
    for (const thrown of [new Error("x"), "text", undefined, Object.freeze({ a: 1 })])
      expect(decodeError(encodeError(thrown))).toBe(thrown);
  });

  test.each([
    ["an Error", new Error("x")],
    ["a TypeError", new TypeError("x")],
    ["an EventValidationError", new EventValidationError("x", { data: { event: "E" } })],
    ["a StorageError with its own code", new StorageError("x", { code: "QUOTA" })],
  ])("%s keeps class, message, code, data and stack on its way", (_name, error) => {
    const arrived = travel(error) as Error;
    expect(arrived).toBeInstanceOf(error.constructor);
    expect(arrived).toMatchObject({ name: error.name, message: error.message, stack: error.stack });
    expect([(arrived as StorageError).code, (arrived as StorageError).data]).toEqual([
      (error as StorageError).code,
      (error as StorageError).data,
    ]);
  });

  test("of a class of one's own keeps name, message and own properties", () => {
    class MyError extends Error {
      override name = "MyError";
      limit = 5;
    }
    expect(travel(new MyError("x"))).toMatchObject({ name: "MyError", message: "x", limit: 5 });
  });

  test("keeps the chain of causes, as far as is sensible", () => {
    const loop = new Error("loop");
    loop.cause = loop;
    expect((travel(new Error("a", { cause: new TypeError("b", { cause: "c" }) })) as Error).cause).toMatchObject({
      name: "TypeError",
      message: "b",
      cause: "c",
    });
    expect((travel(loop) as Error).message).toBe("loop");
  });

  test.each([["text"], [5], [null], [{ a: [1] }], [undefined]])(
    "something else that was thrown (%j) comes back as it was",
    (thrown) => {
      expect(travel(thrown)).toEqual(thrown);
    },
  );

  test("decodeToError always gives an Error, with what was thrown as its cause", () => {
    expect(decodeToError(encodeError("text"))).toMatchObject({
      message: expect.stringContaining("text"),
      cause: "text",
    });
  });

  test.each(["__proto__", "constructor", "Object", "Function", "toString"])(
    "a name that is no error class (%s) is never called",
    (name) => {
      expect(decodeError({ name, message: "m" })).toBeInstanceOf(Error);
    },
  );

  test("a property cannot replace what an Error is", () => {
    expect(
      decodeError({ name: "Error", message: "m", data: { message: "other", __proto__: { x: 1 }, toString: "no" } }),
    ).toMatchObject({ message: "m" });
  });
});
