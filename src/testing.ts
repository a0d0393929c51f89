/** For tests of workflows: time that moves when told to, a history in memory, a run taken to its end. */
export { SimulatedClock, settle } from "./ports/simulated-clock.ts";
export { MemoryJournal } from "./runtimes/memory/memory-journal.ts";
export { runToEnd } from "./engine/run-to-end.ts";
export type { FinishedRun } from "./engine/run-to-end.ts";
export { createEngine } from "./engine/create-engine.ts";
export { brokenInvariants } from "./core/invariants.ts";
export type { Clock } from "./ports/clock.ts";
export type { Journal, JournalQuery, PublishedRecord, RunRecord, StoredSnapshot, TickBatch } from "./ports/journal.ts";
