/** The whole history of a run, and of its child runs, as a run file. */
import type { JsonObject } from "../core/json.ts";
import type { WorkflowDescription } from "../inspection/inspection-event.ts";
import { redactTick } from "../inspection/redact-tick.ts";
import type { Redaction } from "../inspection/redaction.ts";
import type { Journal, RunRecord } from "../ports/journal.ts";
import { encodeRunFile } from "../serialize/encode-run-file.ts";
import { encodeState } from "../serialize/state-codec.ts";
import { encodeTick } from "../serialize/tick-codec.ts";
import { gapAfter } from "./load-run.ts";
import { redactContext, redactRecord } from "./redact-context.ts";
import type { RunHistory } from "./run-history.ts";

export interface RunToExport {
  readonly record: RunRecord;
  readonly history: Pick<RunHistory, "stateAt">;
  readonly description: WorkflowDescription;
  /** What of the run may leave. */
  readonly show: Redaction;
}

/** `exportChild` gives the file of a child run. */
export async function exportRun(
  journal: Journal,
  { record, history, description, show }: RunToExport,
  exportChild: (runId: string) => Promise<JsonObject>,
): Promise<JsonObject> {
  const { runId, historyFrom = 1 } = record;
  const base = historyFrom > 1 ? redactContext(encodeState(await history.stateAt(0)), show) : null;
  const ticks = await encodedTicks(journal, runId, historyFrom, show);
  const graph = description.graph as unknown as JsonObject;
  const parts = await journal.listRuns({ parent: runId, limit: Number.MAX_SAFE_INTEGER });
  const children = await Promise.all(parts.map((part) => exportChild(part.runId)));
  // What was hidden before it came here is hidden still.
  const isRedacted = !show.isOpen || record.redacted === true;
  return {
    ...encodeRunFile(inFile(redactRecord(record, show)), graph, base, ticks),
    ...(isRedacted && { redacted: true }),
    ...(children.length > 0 && { children }),
  };
}

async function encodedTicks(journal: Journal, runId: string, from: number, show: Redaction): Promise<JsonObject[]> {
  const ticks: JsonObject[] = [];
  for await (const batch of journal.read(runId, { from, to: Number.MAX_SAFE_INTEGER })) {
    // Its beginning was dropped meanwhile.
    if (batch.from !== from + ticks.length) throw gapAfter(runId, from + ticks.length - 1);
    for (const tick of batch.ticks) ticks.push(encodeTick(redactTick(tick, show)));
  }
  return ticks;
}

/** What a run takes here says nothing of it elsewhere, and that it was imported is no part of what was recorded. */
function inFile(stored: RunRecord): JsonObject {
  const { bytes: _bytes, compacted: _compacted, ...told } = stored;
  const { readOnly: _readOnly, redacted: _redacted, description: _description, ...record } = told;
  return record as unknown as JsonObject;
}
