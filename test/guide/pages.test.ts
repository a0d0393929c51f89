/**
 * The guide's pages and README show code that is compiled and run, and what it really prints.
 *
 * To write a page: put the example into test/examples, blocks that name it into the page (see blocks.ts), and have them
 * filled by `npx vitest run --project unit test/guide -u`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { blocksOf, fillBlocks, hiddenCode, hiddenOutput } from "./blocks.ts";
import { WHOLE, type Printed } from "./listen.ts";
import { runExample } from "./run-example.ts";

const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(pathOf(path), "utf8");

const examples = import.meta.glob<unknown>("../examples/*.{ts,tsx}");
const isWorker = (file: string): boolean => file.endsWith(".worker.ts");
const source = (file: string): string => read(`test/examples/${file}`);

/** They need real workers: what they print is checked by the tests named after them. */
const needWorkers = new Set(["in-a-worker.ts", "encryption.ts", "isolated-steps.ts", "isolated-steps-node.ts"]);
/** They print nothing: they are compiled here, and what they show is done in e2e/standalone.spec.ts and README. */
const needPages = new Set(["inspector.tsx", "inspector-tab.ts"]);

const pages = readdirSync(pathOf("inspector/guide")).filter((name) => name.endsWith(".md"));

describe.each(pages)("%s", (page) => {
  const markdown = read(`inspector/guide/${page}`);
  const printed = new Map<string, Printed>();

  beforeAll(async () => {
    for (const { file, output = file } of blocksOf(markdown)) {
      if (
        output === undefined ||
        printed.has(output) ||
        needWorkers.has(output) ||
        needPages.has(output) ||
        isWorker(output)
      )
        continue;
      const load = examples[`../examples/${output}`];
      if (!load) throw new Error(`There is no test/examples/${output}.`);
      printed.set(output, await runExample(load));
    }
  });

  test("shows the code that runs, and what it prints", async () => {
    const filled = fillBlocks(markdown, { source, printed: (file) => printed.get(file) });
    await expect(filled).toMatchFileSnapshot(pathOf(`inspector/guide/${page}`));
  });

  test("shows its examples whole, with all that they print", () => {
    expect(hiddenCode(markdown, source)).toEqual([]);
    expect(hiddenOutput(markdown, printed)).toEqual([]);
  });
});

test("README's first workflow is the example that is compiled and run here, and prints what its comment says", async () => {
  const first = blocksOf(read("README.md")).find(({ language }) => language === "ts");
  expect(first?.content).toBe(source("first-workflow.ts"));
  const printed = await runExample(() => import("../examples/first-workflow.ts"));
  expect(printed.get(WHOLE)).toBe("{ score: 16 }");
});

test("every example is shown on a page", () => {
  const shown = new Set(pages.flatMap((page) => blocksOf(read(`inspector/guide/${page}`)).map(({ file }) => file)));
  const files = Object.keys(examples).map((path) => path.replace("../examples/", ""));
  expect(files.filter((file) => file !== "first-workflow.ts" && !shown.has(file))).toEqual([]);
});
