/** Of a run that ended, no more than its end: the tick that ended it, and the state before it. */
import type { Program } from "../core/program.ts";
import type { JsonObject } from "../core/json.ts";
import type { Journal, RunRecord } from "../ports/journal.ts";
import { encodeState } from "../serialize/state-codec.ts";
import { loadState } from "./load-run.ts";

/** Does nothing where there is no more already. */
export async function keepResult(journal: Journal, record: RunRecord, program: Program): Promise<void> {
  const { runId, historyFrom = 1 } = record;
  const last = await lastPublishing(journal, record);
  if (last === null || last <= historyFrom) return;
  const state = await loadState(journal, runId, program, last - 1);
  await journal.truncate(runId, { sequence: last - 1, state: encodeState(state) as unknown as JsonObject });
}

/** The tick that published the run's last event: every end publishes one. */
async function lastPublishing(journal: Journal, { runId, published }: RunRecord): Promise<number | null> {
  for await (const batch of journal.readPublished(runId, published)) {
    for (const { position, tick } of batch.published) if (position === published) return tick;
  }
  return null;
}
