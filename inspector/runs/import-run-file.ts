import type { Commands } from "../store/commands.ts";
import { chooseFile } from "../ui/choose-file.ts";

/** Asks for a run file and opens its run; what is wrong with the file becomes a notice. */
export async function importRunFile(commands: Commands): Promise<void> {
  const file = await chooseFile("application/json,.json,.jsonl");
  if (file !== null) await importRunFiles(commands, [file]);
}

/** One after the other; the last one is open then. A file of JSON lines, as many runs are exported to, holds a run in each. */
export async function importRunFiles(commands: Commands, files: readonly File[]): Promise<void> {
  for (const file of files) {
    const runs = file.name.endsWith(".jsonl") ? await linesOf(file) : [file];
    for (const run of runs) await commands.import(run);
  }
}

const NEWLINE = 0x0a;

/** The lines of a file as parts of it: it may be larger than what fits into memory as text. */
export async function linesOf(file: Blob): Promise<readonly Blob[]> {
  const lines: Blob[] = [];
  let start = 0;
  let offset = 0;
  const take = (end: number): void => {
    if (end > start) lines.push(file.slice(start, end));
    start = end + 1;
  };
  const reader = file.stream().getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    for (let at = value.indexOf(NEWLINE); at >= 0; at = value.indexOf(NEWLINE, at + 1)) take(offset + at);
    offset += value.length;
  }
  take(file.size);
  return lines;
}
