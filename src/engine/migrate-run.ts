/** Asks a workflow's migrate function about a run, and makes of its answer what is written down. */
import type { BrokerState } from "../core/broker-state.ts";
import { ContextSerdeError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import { migrateState, pendingEvents } from "../core/migrate-state.ts";
import { isSameProgram } from "../core/program.ts";
import type { Migration } from "../core/tick.ts";
import type { OnMismatch } from "../inspection/engine-control.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import type { MigrationPlan } from "../workflow/migration.ts";
import { toDelivery, toPlainData } from "../workflow/plain-data.ts";
import { assertPlaceForAll } from "./changed-code.ts";
import { checkState } from "./state-schema.ts";

/**
 * What is to be done to a run so that it can go on with this code; null: nothing. Throws `ContextSerdeError`: code
 * MIGRATION_FAILED when the author's function fails or answers what cannot be, and RUN_CODE_CHANGED as
 * `assertPlaceForAll` does for work that has no place even then.
 */
export function prepareResume(
  state: BrokerState,
  compiled: CompiledWorkflow,
  onMismatch: OnMismatch,
): Migration | null {
  const migration = planMigration(state, compiled);
  assertPlaceForAll(migrated(state, migration), compiled.program, onMismatch);
  return migration;
}

/** The state as it will be when the tick that holds the migration comes. */
export function migrated(state: BrokerState, migration: Migration | null): BrokerState {
  return migration ? migrateState(state, migration, state.sequence + 1) : state;
}

function planMigration(state: BrokerState, compiled: CompiledWorkflow): Migration | null {
  const { migrate } = compiled.definition;
  if (!migrate || state.status === "completed" || isSameProgram(state.program, compiled.program)) return null;
  const { runId, program } = state;
  try {
    const plan = migrate({ runId, from: program.version, to: compiled.program.version });
    return plan ? recordOf(plan, state, compiled) : null;
  } catch (cause) {
    throw new ContextSerdeError(
      `Run ${runId} cannot go on with changed code: the migrate function of workflow ${program.workflow} failed (${cause instanceof Error ? cause.message : String(cause)}). Nothing is lost. Mend it, or cancel the run.`,
      { cause, code: "MIGRATION_FAILED", data: { runId, from: program.version, to: compiled.program.version } },
    );
  }
}

function recordOf(
  { steps, events, rewrite, store }: MigrationPlan,
  state: BrokerState,
  compiled: CompiledWorkflow,
): Migration {
  for (const name of Object.values(steps ?? {})) {
    if (!Object.hasOwn(compiled.program.indexes, name)) throw new TypeError(`there is no step ${JSON.stringify(name)}`);
  }
  for (const type of Object.values(events ?? {})) assertKind(type, compiled);
  const rewritten = rewrite ? rewriteAll(rewrite, state, compiled) : [];
  const next = store && (toPlainData(store(toDelivery(state.store))) as JsonObject);
  if (next) checkState(compiled.definition, next);
  return toPlainData({
    ...(steps && { steps }),
    ...(events && { types: events }),
    ...(rewritten.length > 0 && { events: rewritten }),
    ...(next && { store: next }),
  }) as Migration;
}

function rewriteAll(rewrite: NonNullable<MigrationPlan["rewrite"]>, state: BrokerState, compiled: CompiledWorkflow) {
  const rewritten: { tick: number; index: number; event: WorkflowEvent }[] = [];
  for (const { tick, index, type, data } of pendingEvents(state)) {
    const answer = rewrite({ type, data: toDelivery(data) });
    if (!answer) continue;
    // Made by its kind, so that the schema of now has seen it.
    rewritten.push({ tick, index, event: assertKind(answer.type, compiled)(answer.data) });
  }
  return rewritten;
}

function assertKind(type: string, { kinds }: CompiledWorkflow): (data: unknown) => WorkflowEvent {
  const kind = kinds.get(type);
  if (!kind) throw new TypeError(`no step names an event ${JSON.stringify(type)}`);
  return kind as unknown as (data: unknown) => WorkflowEvent;
}
