import { redactKeys, type RedactContext } from "tickwork/engine";
import { describe, expect, test } from "vitest";

const event: RedactContext = { runId: "r", kind: "event", type: "E" };
const hide = redactKeys(["password", /token$/i]);

describe("redactKeys", () => {
  test("hides fields by their names, however deep, whatever they hold", () => {
    const value = { user: { name: "Ada", Password: "x" }, list: [{ accessToken: { a: 1 } }], tokens: 2 };
    expect(hide(value, event)).toEqual({
      user: { name: "Ada", Password: "[redacted]" },
      list: [{ accessToken: "[redacted]" }],
      tokens: 2,
    });
  });

  test("looks into maps and sets", () => {
    const value = {
      map: new Map<unknown, unknown>([
        ["password", 1],
        [{ password: 2 }, { password: 3 }],
      ]),
      set: new Set([{ password: 4 }]),
    };
    expect(hide(value, event)).toEqual({
      map: new Map<unknown, unknown>([
        ["password", "[redacted]"],
        [{ password: "[redacted]" }, { password: "[redacted]" }],
      ]),
      set: new Set([{ password: "[redacted]" }]),
    });
  });

  test("gives back what has nothing to hide, the same object", () => {
    const value = { a: [1, { b: null }], at: new Date(1), bytes: Uint8Array.of(1) };
    expect(hide(value, event)).toBe(value);
    expect(hide("password", event)).toBe("password");
  });

  test("hides what is set below such a name in the state, and what is remembered under it", () => {
    expect(hide("x", { runId: "r", kind: "state", path: ["user", "password", "old"] })).toBe("[redacted]");
    expect(hide("x", { runId: "r", kind: "effect", path: ["apiToken"] })).toBe("[redacted]");
    expect(hide("x", { runId: "r", kind: "state", path: ["user"] })).toBe("x");
  });

  test("a pattern that remembers where it was matches each time", () => {
    const global = redactKeys([/pass/g, /word/y], null);
    const value = { pass: 1, other: { pass: 2, word: 3 } };
    for (let time = 0; time < 3; time++)
      expect(global(value, event)).toEqual({ pass: null, other: { pass: null, word: null } });
  });

  test("a field named __proto__ stays a field", () => {
    const value = JSON.parse('{"__proto__":{"password":1}}') as object;
    expect(JSON.stringify(hide(value, event))).toBe('{"__proto__":{"password":"[redacted]"}}');
  });
});
