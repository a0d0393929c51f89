import { ContextSerdeError } from "tickwork";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import {
  contextVersions,
  migrate,
  runFileVersions,
  tickVersions,
  type FormatVersions,
} from "../../src/serialize/migrate.ts";
import { CONTEXT_VERSION } from "../../src/serialize/context-format.ts";

/** A format with a history: a name that was split, then counted. */
const example: FormatVersions = {
  what: "example",
  current: 3,
  migrations: {
    1: ({ name, ...rest }) => ({ ...rest, names: (name as string).split(" ") }),
    2: ({ names, ...rest }) => ({ ...rest, names: names as string[], count: (names as string[]).length }),
  },
  fromFuture: "EXAMPLE_FROM_FUTURE",
  unreadable: "EXAMPLE_UNREADABLE",
};
const refusal = (saved: JsonObject, version: unknown, versions = example): ContextSerdeError => {
  try {
    migrate(saved, version, versions);
  } catch (error) {
    if (error instanceof ContextSerdeError) return error;
    throw error;
  }
  throw new Error("It was taken.");
};

describe("migrate", () => {
  test("takes every version up to the current one, each by the way of those between", () => {
    expect(migrate({ name: "a b" }, 1, example)).toEqual({ names: ["a", "b"], count: 2 });
    expect(migrate({ names: ["a"] }, 2, example)).toEqual({ names: ["a"], count: 1 });
  });

  test("leaves the current one, and what it is given, as they are", () => {
    const current = Object.freeze({ names: [], count: 0 });
    expect(migrate(current, 3, example)).toBe(current);
    const old = Object.freeze({ name: "a b" });
    migrate(old, 1, example);
    expect(old).toEqual({ name: "a b" });
  });

  test("refuses a version that is to come: says which, and what to do", () => {
    const { code, message, data } = refusal({}, 4);
    expect([code, data]).toEqual(["EXAMPLE_FROM_FUTURE", { version: 4, supported: 3 }]);
    expect(message).toMatch(/version 4 .* reads up to 3.* Update tickwork/);
  });

  test.each([0, -1, 1.5, "1", null, undefined, Number.NaN, {}])("refuses %j, which is no version", (version) => {
    expect(refusal({ name: "a" }, version).code).toBe("EXAMPLE_UNREADABLE");
  });

  test("refuses a version whose entry was taken out", () => {
    expect(refusal({}, 1, { ...example, migrations: { 2: (saved) => saved } }).code).toBe("EXAMPLE_UNREADABLE");
  });

  test("names what is broken in place of failing in a migration", () => {
    const { code, message, cause } = refusal({ name: 5 }, 1);
    expect([code, message]).toEqual(["EXAMPLE_UNREADABLE", "This example of version 1 is damaged."]);
    expect(cause).toBeInstanceOf(TypeError);
  });
});

describe("the formats of tickwork", () => {
  test.each([contextVersions, runFileVersions, tickVersions])(
    "$what: there is one way from each version",
    (versions) => {
      const expected = Array.from({ length: versions.current - 1 }, (_, index) => String(index + 1));
      expect(Object.keys(versions.migrations)).toEqual(expected);
    },
  );

  test("the schema of a context is that of the current version", () => {
    expect(contextVersions.current).toBe(CONTEXT_VERSION);
  });
});
