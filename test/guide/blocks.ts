/**
 * Code blocks in Markdown that come from files which are compiled and run:
 *
 *     ```ts file=running.ts                      the whole of test/examples/running.ts
 *     ```ts file=running.ts region=cancel        what stands there between `// #region cancel` and `// #endregion`
 *     ```text output=running.ts                  what it prints
 *     ```text output=running.ts region=cancel    what it prints from that region on, up to the next
 */
import { WHOLE, type Printed } from "./listen.ts";

/** Where the content of blocks comes from. */
export interface BlockSources {
  /** The source of an example. */
  readonly source: (file: string) => string;
  /** What an example printed; undefined: leave what is there. */
  readonly printed: (file: string) => Printed | undefined;
}

export interface Block {
  /** The first line of the block, for messages. */
  readonly line: number;
  readonly language: string;
  readonly file?: string;
  readonly region?: string;
  readonly output?: string;
  readonly content: string;
}

/** What needs no proof: commands for a shell. Everything else is compiled, or is what an example printed. */
const UNCHECKED = new Set(["sh"]);

const FENCE = /^```([^\n]*)\n([\s\S]*?)^```$/gm;

export function blocksOf(markdown: string): Block[] {
  return Array.from(markdown.matchAll(FENCE), ({ 1: info = "", 2: content = "", index }) => {
    const [language = "", ...words] = info.trim().split(/\s+/);
    const facts = Object.fromEntries(words.map((word) => word.split("=", 2)));
    return { line: markdown.slice(0, index).split("\n").length, language, ...facts, content };
  });
}

/** The page as it must be: each block with the code, or the output, that it names. */
export function fillBlocks(markdown: string, sources: BlockSources): string {
  const blocks = blocksOf(markdown).values();
  return markdown.replaceAll(FENCE, (fence: string, info: string) => {
    const block = blocks.next().value;
    const content = block && contentOf(block, sources);
    return content === undefined ? fence : `\`\`\`${info}\n${content}\n\`\`\``;
  });
}

function contentOf({ line, language, file, region, output }: Block, sources: BlockSources): string | undefined {
  if (output !== undefined) return textPrinted(line, sources.printed(output), region);
  if (file !== undefined) return region === undefined ? wholeOf(sources.source(file)) : regionOf(sources, file, region);
  if (UNCHECKED.has(language)) return undefined;
  throw new Error(`Line ${line}: a ${language} block must name the example it comes from (file=…, or output=…).`);
}

function textPrinted(line: number, printed: Printed | undefined, region: string | undefined): string | undefined {
  if (printed === undefined) return undefined;
  const text = printed.get(region ?? WHOLE);
  if (text === undefined)
    throw new Error(`Line ${line}: nothing is printed there${region ? ` (region ${region})` : ""}.`);
  return text;
}

const MARKER = /^\/\/ #(?:region (\S+)|endregion)$/;

/** A file without its marks. */
function wholeOf(source: string): string {
  return source
    .split("\n")
    .filter((line) => !MARKER.test(line))
    .join("\n")
    .trim();
}

function regionOf({ source }: BlockSources, file: string, region: string): string {
  const found = regionsOf(source(file)).get(region);
  if (found === undefined) throw new Error(`${file} has no region ${region}.`);
  return found;
}

/** Regions by name; code outside of all of them goes under "". */
function regionsOf(source: string): Map<string, string> {
  const regions = new Map<string, string[]>();
  let region = "";
  for (const line of source.split("\n")) {
    const mark = MARKER.exec(line);
    if (mark) region = mark[1] ?? "";
    else regions.set(region, [...(regions.get(region) ?? []), line]);
  }
  return new Map(Array.from(regions, ([name, lines]) => [name, lines.join("\n").trim()]));
}

/** What the page's examples print and the page does not show, beside their code. */
export function hiddenOutput(markdown: string, printed: ReadonlyMap<string, Printed>): string[] {
  const blocks = blocksOf(markdown);
  return [...printed].flatMap(([file, regions]) => {
    const shown = new Set(blocks.filter(({ output }) => output === file).map(({ region }) => region ?? WHOLE));
    if (shown.has(WHOLE) || regions.size === 0) return [];
    if (shown.size === 0) return [file];
    return [...regions.keys()].filter((region) => region !== WHOLE && !shown.has(region)).map((it) => `${file}: ${it}`);
  });
}

/** Code of the page's examples that the page does not show: there is none, or its reader could not run them. */
export function hiddenCode(markdown: string, source: (file: string) => string): string[] {
  const blocks = blocksOf(markdown).filter(({ file }) => file !== undefined);
  return [...new Set(blocks.map(({ file = "" }) => file))].flatMap((file) => {
    const shown = new Set(blocks.filter((block) => block.file === file).map(({ region }) => region));
    if (shown.has(undefined)) return [];
    return Array.from(regionsOf(source(file)), ([name, code]) => ({ name, code }))
      .filter(({ name, code }) => code !== "" && !shown.has(name))
      .map(({ name }) => `${file}: ${name === "" ? "code outside of its regions" : `region ${name}`}`);
  });
}
