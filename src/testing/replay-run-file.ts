/** An exported run held against changed code: its ticks are folded twice, as recorded and with the new definition. */
import { ContextSerdeError } from "../core/errors.ts";
import type { Tick } from "../core/tick.ts";
import { buildExecutionGraph } from "../graph/build-execution-graph.ts";
import type { ExecutionGraph } from "../graph/execution-graph.ts";
import type { RunRecord } from "../ports/journal.ts";
import { parseRunFile } from "../serialize/run-file.ts";
import { compile } from "../workflow/compile.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { definitionChanges } from "./definition-changes.ts";
import { Replay, type ReplayDifference } from "./replay-differences.ts";

export interface ReplayReport {
  readonly runId: string;
  readonly workflow: string;
  /** The definition's version when the run was recorded, and now. */
  readonly recordedVersion: string;
  readonly version: string;
  /** How many ticks were folded. */
  readonly ticks: number;
  /** What changed in the definition, whether or not this run has to do with it; a sentence each. */
  readonly definitionChanges: readonly string[];
  /** What would go otherwise, by tick. The first is the cause to look at; later ones often follow from it. */
  readonly differences: readonly ReplayDifference[];
  /** Differences beyond the first 200, which are not listed. */
  readonly omitted: number;
}

/**
 * Says what would differ if the run in this file were taken up with this definition. Pure: steps are not run.
 *
 *     const file = await engine.exportRun("invoice-17");
 *     expect(replayRunFile(file, invoice).differences).toEqual([]);
 *
 * A schema is asked about recorded data, which is what it once gave: one that transforms (text to number) refuses
 * its own output, and is to be judged by hand.
 *
 * The engine itself folds a history with the definition it was recorded with, and changes to that of now where it
 * takes the run up: this looks for what a change would have done to a run from its first tick on.
 *
 * Throws `ContextSerdeError` for something that is no run file (RUN_FILE_UNREADABLE), one of a newer tickwork
 * (RUN_FILE_FROM_FUTURE), one with a gap (HISTORY_DAMAGED), one whose history does not begin with its first tick
 * (HISTORY_INCOMPLETE), or one of another workflow (RUN_FILE_OF_OTHER_WORKFLOW).
 */
export function replayRunFile(file: unknown, workflow: Workflow): ReplayReport {
  const compiled = compile(workflow);
  const { run: record, base, ticks } = parseRunFile(file);
  const run = record as unknown as RunRecord;
  if (run.workflow !== workflow.name) {
    throw new ContextSerdeError(`This is a run of workflow ${run.workflow}, not of ${workflow.name}.`, {
      code: "RUN_FILE_OF_OTHER_WORKFLOW",
      data: { recorded: run.workflow, workflow: workflow.name },
    });
  }
  if (base) throw incomplete(base.sequence + 1);
  const [first] = ticks;
  const program = (first?.kind === "StartRun" && first.program) || compiled.program;
  const replay = new Replay(compiled, program, run, ticks);
  replay.fold();
  return {
    runId: run.runId,
    workflow: workflow.name,
    recordedVersion: run.version,
    version: workflow.version,
    ticks: ticks.length,
    definitionChanges: definitionChanges(program, compiled.program),
    differences: replay.differences,
    omitted: replay.omitted,
  };
}

/** The history in a run file. Throws `ContextSerdeError` as `replayRunFile` does. */
export function ticksOfRunFile(file: unknown): readonly Tick[] {
  return parseRunFile(file).ticks;
}

/** What the run in a run file did, as a graph for `toMermaid`. Throws `ContextSerdeError` as `replayRunFile` does. */
export function executionOfRunFile(file: unknown): ExecutionGraph {
  const { base, ticks } = parseRunFile(file);
  const [first] = ticks;
  if (base || first?.kind !== "StartRun" || !first.program) throw incomplete((base?.sequence ?? 0) + 1);
  return buildExecutionGraph(first.program, ticks);
}

function incomplete(from: number): ContextSerdeError {
  return new ContextSerdeError(
    `This history is complete from tick ${from} on, or does not say with what code it was recorded. Only a whole one can be folded here.`,
    { code: "HISTORY_INCOMPLETE", data: { from } },
  );
}
