/** The page about errors has every class and every code that the sources can make, and no other. */
import * as tickwork from "tickwork";
import { describe, expect, test } from "vitest";
import { readPage } from "../../.ci/guide-pages.mjs";
import { codesMade, errorCodes, ownCodes, textsLikeCodes } from "./error-codes.ts";

/** By class: the second-level headings, with the third-level ones below them. */
function documented(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let codes: string[] = [];
  for (const { level, text } of readPage("errors").headings) {
    if (level === 2) found.set(text, (codes = []));
    else if (level === 3) codes.push(text);
  }
  return new Map([...found].filter(([, listed]) => listed.length > 0));
}

const inSources = errorCodes();

test("it has every class of error that tickwork exports", () => {
  const classes = Object.keys(tickwork).filter(
    (name) => /^[A-Z]\w+(Error|ByUser)$/.test(name) && name !== "WorkflowError",
  );
  expect([...documented().keys()].toSorted()).toEqual(classes.toSorted());
});

describe.each([...inSources.keys()])("%s", (className) => {
  test("has the codes that the sources make, each once", () => {
    expect(documented().get(className)?.toSorted()).toEqual(inSources.get(className)?.toSorted());
  });
});

test("no text in the sources looks like a code that is not on the page", () => {
  const listed = new Set([...documented().values()].flat());
  expect(textsLikeCodes().filter((text) => !listed.has(text))).toEqual([]);
});

describe("codes are found", () => {
  test.each([
    [`throw new StorageError("Full.", { cause, code: "DISK_FULL" })`, [["StorageError", "DISK_FULL"]]],
    [
      `const CYCLE = "A_CYCLE";\nnew WorkflowRuntimeError(text, { code: CYCLE })`,
      [["WorkflowRuntimeError", "A_CYCLE"]],
    ],
    [
      `new EngineUnavailableError("", { code: waits ? "ONE" : other ?? "TWO" })`,
      [
        ["EngineUnavailableError", "ONE"],
        ["EngineUnavailableError", "TWO"],
      ],
    ],
    [`const options = { code: "NAMED" };\nnew StorageError("Full.", options)`, [["StorageError", "NAMED"]]],
    [`fail({ name: "WorkflowRuntimeError", message, code: "STUCK" })`, [["WorkflowRuntimeError", "STUCK"]]],
    [`check({ name: "HttpError", code: "E_TYPE" }); new TypeError("", { code: "E" })`, []],
    [`new StorageError("Full.")`, []],
  ])("in %s", (source, expected) => {
    expect(codesMade(source).map(({ className, code }) => [className, code])).toEqual(expected);
  });

  test("in a class, as its own", () => {
    const source = `class BadError extends WorkflowError {
      constructor(message: string, options?: Options) {
        super(message, "BAD", options);`;
    expect(ownCodes(source)).toEqual([{ className: "BadError", code: "BAD" }]);
  });
});
