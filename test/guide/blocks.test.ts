import { describe, expect, test } from "vitest";
import { blocksOf, fillBlocks, hiddenCode } from "./blocks.ts";

const source = () =>
  'import a;\n\n// #region one\nconst b = "$&";\n// #endregion\n// #region two\nc();\n// #endregion\n';
const sources = { source, output: () => "printed" };
const fence = (info: string, content = ""): string => `\`\`\`${info}\n${content}\`\`\``;

describe("blocks in Markdown", () => {
  test("get the code or the output that they name, whatever they had", () => {
    expect(fillBlocks(`A\n${fence("ts file=a.ts region=one", "old\n")}\nB`, sources)).toBe(
      `A\n${fence("ts file=a.ts region=one", 'const b = "$&";\n')}\nB`,
    );
    expect(fillBlocks(fence("text output=a.ts"), sources)).toBe(fence("text output=a.ts", "printed\n"));
    expect(fillBlocks(fence("ts file=a.ts"), sources)).toBe(
      fence("ts file=a.ts", 'import a;\n\nconst b = "$&";\nc();\n'),
    );
  });

  test("stay as they are when they are commands", () => {
    expect(fillBlocks(fence("sh", "npm test\n"), sources)).toBe(fence("sh", "npm test\n"));
  });

  test("must name where they are from, and something that exists", () => {
    expect(() => fillBlocks(`\n\n${fence("ts", "x\n")}`, sources)).toThrow(/Line 3: a ts block must name the example/);
    expect(() => fillBlocks(fence("ts file=a.ts region=three"), sources)).toThrow("a.ts has no region three.");
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
