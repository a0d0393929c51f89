import { ContextSerdeError } from "tickwork";
import { describe, expect, test } from "vitest";
import { decodeProgram } from "../../src/serialize/decode-program.ts";
import { encodeProgram } from "../../src/serialize/encode-program.ts";
import { program } from "../core/fold.ts";

const sample = program({ first: "Start", work: ["A|B", 3] });
const json = () => JSON.parse(JSON.stringify(encodeProgram(sample))) as Record<string, unknown>;

describe("a definition", () => {
  test("comes back as it was, and can be looked into by any name", () => {
    const decoded = decodeProgram(json());
    expect(decoded).toEqual(sample);
    for (const table of [decoded.routes, decoded.roles, decoded.indexes]) {
      expect(table["constructor"]).toBeUndefined();
      expect(table["__proto__"]).toBeUndefined();
    }
  });

  test("is one object, however many runs have it", () => {
    expect(decodeProgram(json())).toBe(decodeProgram(json()));
    expect(Object.isFrozen(encodeProgram(sample)["steps"])).toBe(true);
  });

  test("keeps what a later version adds to it", () => {
    expect(decodeProgram({ ...json(), later: { a: 1 } })).toMatchObject({ later: { a: 1 } });
  });

  test("has positions and names from the order of its steps, whatever it says", () => {
    expect(decodeProgram({ ...json(), indexes: { first: 7 } }).indexes).toMatchObject({ first: 0, work: 1 });
  });

  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  test.each([
    ["nothing", null],
    ["no steps", { ...json(), steps: null }],
    ["two steps of one name", { ...json(), steps: [...(json()["steps"] as []), ...(json()["steps"] as [])] }],
    ["a route to no step", { ...json(), routes: { A: [2] } }],
    ["a role that there is not", { ...json(), roles: { A: "other" } }],
    ["what JSON cannot hold", { ...json(), extra: 5n }],
    ["a cycle", { ...json(), cyclic }],
  ])("with %s is refused", (_what, damaged) => {
    expect(() => decodeProgram(damaged)).toThrow(ContextSerdeError);
  });
});
