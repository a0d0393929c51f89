import {
  defineEvent,
  EventValidationError,
  HumanResponseEvent,
  humanResponseEvent,
  InputRequiredEvent,
  StartEvent,
  startEvent,
  StopEvent,
} from "tickwork";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const Fetch = defineEvent("Fetch", z.object({ url: z.string(), tries: z.number().default(0) }));
const Any = defineEvent("Any");
const refusal = (make: () => unknown): EventValidationError => {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(EventValidationError);
    return error as EventValidationError;
  }
  throw new Error("It was not refused.");
};

describe("an event kind", () => {
  test("makes frozen plain objects of type and data", () => {
    const event = Fetch({ url: "a" });
    expect(event).toEqual({ type: "Fetch", data: { url: "a", tries: 0 } });
    expect([event, event.data].map(Object.isFrozen)).toEqual([true, true]);
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  });

  test("recognises its events, whoever made them", () => {
    expect(Fetch.is(Fetch({ url: "a" }))).toBe(true);
    expect(Fetch.is(structuredClone(Fetch({ url: "a" })))).toBe(true);
    expect([Any(), null, 5, {}, { type: "Fetch" }].map((value) => Fetch.is(value))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test("tells its type, schema and role", () => {
    expect([Fetch.type, Fetch.schema === null, Fetch.role]).toEqual(["Fetch", false, "event"]);
    expect([StartEvent, StopEvent, InputRequiredEvent, HumanResponseEvent].map(({ role }) => role)).toEqual([
      "start",
      "stop",
      "inputRequired",
      "humanResponse",
    ]);
    expect(humanResponseEvent("H").schema).toBe(null);
  });

  test("refuses data that does not fit and names event, path and reason", () => {
    const error = refusal(() => Fetch({ url: 5 } as never));
    expect(error.message).toMatch(/Fetch.*url/);
    expect(error.data).toMatchObject({ event: "Fetch", path: "url" });
  });

  test("refuses an asynchronous schema and says why", () => {
    const Slow = defineEvent(
      "Slow",
      z.object({}).refine(async () => true),
    );
    expect(refusal(() => Slow({})).message).toMatch(/Slow.*(asynchronous|synchronous)/i);
  });

  test("refuses an asynchronous schema of any vendor", () => {
    const schema = {
      "~standard": { version: 1 as const, vendor: "mine", validate: () => Promise.reject(new Error("x")) },
    };
    expect(refusal(() => defineEvent("Slow", schema)({})).message).toMatch(/asynchronous/);
  });

  test("without a schema takes any JSON value, and nothing as null", () => {
    expect([Any().data, Any([1, { a: null }]).data]).toEqual([null, [1, { a: null }]]);
  });

  test("leaves out undefined in objects", () => {
    expect(Object.keys(Any({ a: undefined, b: 1 } as never).data as object)).toEqual(["b"]);
  });

  test("copies its data", () => {
    const data = { list: [1], when: new Date(0) };
    const event = Any(data as never);
    data.list.push(2);
    data.when.setTime(9);
    expect(event.data).toEqual({ list: [1], when: new Date(0) });
  });

  class Thing {
    readonly n = 1;
  }
  const cycle: unknown[] = [];
  cycle.push({ cycle });
  test.each([
    ["a function", { deep: [{ f: () => 1 }] }, "deep.0.f"],
    ["a class instance", { deep: { thing: new Thing() } }, "deep.thing"],
    ["a symbol", { s: Symbol("s") }, "s"],
    ["undefined in a list", { list: [undefined] }, "list.0"],
    ["NaN", { n: Number.NaN }, "n"],
    ["a promise", { p: Promise.resolve() }, "p"],
    ["a regular expression", { r: /x/ }, "r"],
    ["an error", { e: new Error("x") }, "e"],
    ["a function inside a Map", { m: new Map([["k", () => 1]]) }, "m.k"],
    ["itself", cycle, "0.cycle"],
  ])("refuses %s, with the path", (_name, data, path) => {
    const error = refusal(() => Any(data as never));
    expect(error.message).toContain("Any");
    expect(String(error.data["path"])).toContain(path);
  });

  test("keeps a key named __proto__ as data", () => {
    const event = Any(JSON.parse('{"__proto__":{"polluted":1}}') as never);
    expect(Object.hasOwn(event.data as object, "__proto__")).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("events survive structuredClone and JSON", () => {
    const event = Fetch({ url: "a" });
    expect([structuredClone(event), JSON.parse(JSON.stringify(event))]).toEqual([event, event]);
  });

  test("with a start role is one as well", () => {
    expect(startEvent("S", z.string())("x")).toEqual({ type: "S", data: "x" });
  });
});
