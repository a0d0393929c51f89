import { describe, expect, test } from "vitest";
import { blocksOf, fillBlocks, hiddenCode, hiddenOutput } from "./blocks.ts";
import { WHOLE } from "./listen.ts";

const source = () =>
  'import a;\n\n// #region one\nconst b = "$&";\n// #endregion\n// #region two\nc();\n// #endregion\n';
const printed = new Map([
  [WHOLE, "first\nsecond"],
  ["one", "first"],
  ["two", "second"],
]);
const sources = { source, printed: () => printed };
const fence = (info: string, content = ""): string => `\`\`\`${info}\n${content}\`\`\``;

describe("blocks in Markdown", () => {
  test("get the code or the output that they name, whatever they had", () => {
    expect(fillBlocks(`A\n${fence("ts file=a.ts region=one", "old\n")}\nB`, sources)).toBe(
      `A\n${fence("ts file=a.ts region=one", 'const b = "$&";\n')}\nB`,
    );
    expect(fillBlocks(fence("text output=a.ts"), sources)).toBe(fence("text output=a.ts", "first\nsecond\n"));
    const ofRegion = "text output=a.ts region=two";
    expect(fillBlocks(fence(ofRegion, "old\n"), sources)).toBe(fence(ofRegion, "second\n"));
    expect(fillBlocks(fence("ts file=a.ts"), sources)).toBe(
      fence("ts file=a.ts", 'import a;\n\nconst b = "$&";\nc();\n'),
    );
  });

  test("show all that an example prints, at once or by regions", () => {
    const outputs = new Map([["a.ts", printed]]);
    expect(hiddenOutput(fence("text output=a.ts"), outputs)).toEqual([]);
    expect(hiddenOutput(fence("text output=a.ts region=one"), outputs)).toEqual(["a.ts: two"]);
    expect(hiddenOutput(fence("ts file=a.ts"), outputs)).toEqual(["a.ts"]);
  });

  test("stay as they are when they are commands", () => {
    expect(fillBlocks(fence("sh", "npm test\n"), sources)).toBe(fence("sh", "npm test\n"));
  });

  test("must name where they are from, and something that exists", () => {
    expect(() => fillBlocks(`\n\n${fence("ts", "x\n")}`, sources)).toThrow(/Line 3: a ts block must name the example/);
    expect(() => fillBlocks(fence("ts file=a.ts region=three"), sources)).toThrow("a.ts has no region three.");
    const silent = "text output=a.ts region=three";
    expect(() => fillBlocks(fence(silent), sources)).toThrow("Line 1: nothing is printed there (region three).");
  });

  test("are read with what stands behind the fence", () => {
    expect(blocksOf(fence("ts file=a.ts region=one", "x\n"))).toEqual([
      { line: 1, language: "ts", file: "a.ts", region: "one", content: "x\n" },
    ]);
  });

  test("together show the whole of an example", () => {
    expect(hiddenCode(fence("ts file=a.ts"), source)).toEqual([]);
    expect(hiddenCode(fence("ts file=a.ts region=one"), source)).toEqual([
      "a.ts: code outside of its regions",
      "a.ts: region two",
    ]);
  });
});
