/** For tests of workflows: time that moves when told to, faults when told to, a run taken to its end, its history. */
export { SimulatedClock, settle } from "./ports/simulated-clock.ts";
export type { Clock } from "./ports/clock.ts";

export { createEngine } from "./engine/create-engine.ts";
export { runToEnd } from "./testing/run-to-end.ts";
export type { FinishedRun, RunToEndOptions } from "./testing/run-to-end.ts";

export { stepsRun, attemptsOf, eventsPublished, repeatedWork, expectNoRepeatedWork } from "./testing/history.ts";
export type { Attempts } from "./testing/history.ts";
export { brokenInvariants } from "./core/invariants.ts";
export { replayRunFile, ticksOfRunFile, executionOfRunFile } from "./testing/replay-run-file.ts";
export type { ReplayReport } from "./testing/replay-run-file.ts";
export type { ReplayDifference, ReplayDifferenceKind } from "./testing/replay-differences.ts";

export { FaultInjectingJournal } from "./testing/fault-injecting-journal.ts";
export type {
  FaultInjectingOptions,
  JournalFault,
  JournalOperation,
  JournalCall,
} from "./testing/fault-injecting-journal.ts";
export { crashEverywhere } from "./testing/crash-everywhere.ts";
export type {
  CrashOptions,
  CrashReport,
  CrashDifference,
  CrashPlace,
  CrashSubject,
} from "./testing/crash-everywhere.ts";

/** For journals of one's own: ticks as JSON and back, frozen, with the format to keep beside them. */
export { encodeTick, decodeTick, decodeTicks, TICK_FORMAT } from "./serialize/tick-codec.ts";
export { MemoryJournal } from "./runtimes/memory/memory-journal.ts";
export type { MemoryJournalOptions } from "./runtimes/memory/memory-journal.ts";
export type {
  Journal,
  JournalQuery,
  PublishedRecord,
  RunRecord,
  StoredSnapshot,
  TickBatch,
  WholeRun,
} from "./ports/journal.ts";
export { journalConformance } from "./testing/journal-conformance.ts";
export type { JournalCheck, JournalCheckOptions, CreateJournal } from "./testing/journal-check.ts";
export { runtimeConformance } from "./testing/runtime-conformance.ts";
export type { RuntimeCheck, RuntimeUnderTest, OpenRuntime, ConformanceEngine } from "./testing/runtime-check.ts";
export { conformanceWorkflows, isolatedConformanceWorkflows } from "./testing/conformance-workflows.ts";
