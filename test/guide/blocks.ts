/**
 * Code blocks in Markdown that come from files which are compiled and run:
 *
 *     ```ts file=retries.ts                    the whole of test/examples/retries.ts
 *     ```ts file=retries.ts region=backoff     what stands there between `// #region backoff` and `// #endregion`
 *     ```text output=retries.ts                what it prints
 */

/** Where the content of blocks comes from. */
export interface BlockSources {
  /** The source of an example. */
  readonly source: (file: string) => string;
  /** What an example printed. */
  readonly output: (file: string) => string;
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
  if (output !== undefined) return sources.output(output);
  if (file !== undefined) return region === undefined ? wholeOf(sources.source(file)) : regionOf(sources, file, region);
  if (UNCHECKED.has(language)) return undefined;
  throw new Error(`Line ${line}: a ${language} block must name the example it comes from (file=…, or output=…).`);
}

const MARKER = /^\s*\/\/ #(?:region (\S+)|endregion)$/;

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
