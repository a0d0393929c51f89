/** What the page shows: the engine of an app in another tab, or run files. It is in the address, as far as it can be. */
import type { Engine } from "tickwork/client";
import { connect, connectToTab } from "tickwork/client";

export interface LookedAt {
  readonly kind: "tab" | "files";
  readonly title: string;
  readonly engine: Engine;
}

export function lookAtTab(database: string): LookedAt {
  return { kind: "tab", title: database, engine: connectToTab(database) };
}

/** A worker that has no file yet: it is begun before there is one, for starting it takes as long as reading a small file. */
let spare: Engine | null = null;

const startFileEngine = (): Engine =>
  connect(() => new Worker(new URL("./run-file.worker.ts", import.meta.url), { type: "module" }));

/** Files are likely to come; returns how to take that back. */
export function expectFiles(): () => void {
  spare ??= startFileEngine();
  return () => {
    void spare?.close();
    spare = null;
  };
}

/**
 * Files are read in a worker and kept in its memory, all or none. Rejects with what is wrong with one of them, and
 * its name.
 */
export async function lookAtFiles(files: readonly File[]): Promise<LookedAt> {
  const engine = spare ?? startFileEngine();
  spare = null;
  let opened = "";
  for (const file of files) {
    try {
      const runId = await engine.importRun(file);
      opened ||= runId;
    } catch (error) {
      await engine.close();
      throw new Error(`${file.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  location.hash = `#/run/${encodeURIComponent(opened)}`;
  return { kind: "files", title: files.map(({ name }) => name).join(", "), engine };
}

export function databaseInAddress(): string | null {
  return new URLSearchParams(location.search).get("database");
}

/** `null`: nothing that another page could show again. */
export function writeAddress(database: string | null): void {
  const address = new URL(location.href);
  if (database === null) address.searchParams.delete("database");
  else address.searchParams.set("database", database);
  if (address.href !== location.href) history.replaceState(null, "", address);
}
