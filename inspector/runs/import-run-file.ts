import type { Commands } from "../store/commands.ts";
import { chooseFile } from "../ui/choose-file.ts";

/** Asks for a run file and opens its run; what is wrong with the file becomes a notice. */
export async function importRunFile(commands: Commands): Promise<void> {
  const file = await chooseFile("application/json,.json");
  if (file !== null) await commands.import(file);
}

/** One after the other; the last one is open then. */
export async function importRunFiles(commands: Commands, files: readonly File[]): Promise<void> {
  for (const file of files) await commands.import(file);
}
