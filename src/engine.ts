/** An engine in this process: many runs, resumed, listed and inspected, as in a worker. */
export { createEngine } from "./engine/create-engine.ts";
export type { EngineHost } from "./engine/host.ts";
export type { PruneOptions, PruneReport } from "./inspection/engine-control.ts";
export { MemoryJournal } from "./runtimes/memory/memory-journal.ts";
export type { MemoryJournalOptions } from "./runtimes/memory/memory-journal.ts";
/** For journals of one's own: ticks as JSON and back, frozen, with the format to keep beside them. */
export { encodeTick, decodeTick, decodeTicks, TICK_FORMAT } from "./serialize/tick-codec.ts";
export { cutBatch } from "./ports/journal.ts";
export type {
  Journal,
  JournalQuery,
  PublishedRecord,
  RunRecord,
  StoredSnapshot,
  TickBatch,
  WholeRun,
} from "./ports/journal.ts";
/** What inspectors, files and hooks may be shown. */
export { redactKeys } from "./inspection/redact-keys.ts";
export type { Redact, RedactContext } from "./inspection/redaction.ts";
