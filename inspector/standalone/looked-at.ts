/** What the page shows: the engine of an app in another tab, or run files. It is in the address, as far as it can be. */
import type { Engine } from "tickwork/client";
import { connect, connectToTab } from "tickwork/client";
import { startLayoutWorker } from "../graph/start-layout-worker.ts";

export interface LookedAt {
  readonly kind: "tab" | "files";
  readonly title: string;
  readonly engine: Engine;
}

export function lookAtTab(database: string): LookedAt {
  return { kind: "tab", title: database, engine: connectToTab(database) };
}

/** Workers begun before there is a file: starting them takes as long as reading a small one. */
let spareEngine: Engine | null = null;
let spareLayouts: Worker | null = null;

const startFileEngine = (): Engine =>
  connect(() => new Worker(new URL("./run-file.worker.ts", import.meta.url), { type: "module" }));

/** Null: none can be started. One that fails is not handed on, for who takes it would not be told of that. */
function startSpareLayouts(): Worker | null {
  try {
    const worker = startLayoutWorker();
    worker.addEventListener("error", () => {
      if (spareLayouts === worker) spareLayouts = null;
    });
    return worker;
  } catch {
    return null;
  }
}

/** Files are likely to come; returns how to take that back. Layouts are needed whatever is looked at next. */
export function expectFiles(): () => void {
  spareEngine ??= startFileEngine();
  spareLayouts ??= startSpareLayouts();
  return () => {
    void spareEngine?.close();
    spareEngine = null;
  };
}

/** For the next inspector, which ends it. */
export function takeLayoutWorker(): Worker {
  const worker = spareLayouts ?? startLayoutWorker();
  spareLayouts = null;
  return worker;
}

/**
 * Files are read in a worker and kept in its memory, all or none. Rejects with what is wrong with one of them, and
 * its name.
 */
export async function lookAtFiles(files: readonly File[]): Promise<LookedAt> {
  const engine = spareEngine ?? startFileEngine();
  spareEngine = null;
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
