/** How an author takes runs of earlier code along: what changed its name, and what its data is now. */
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";

/** A run that goes on with changed code. */
export interface RunToMigrate {
  readonly runId: string;
  /** The author's `version`: the one it was recorded with, and that of now. */
  readonly from: string;
  readonly to: string;
}

/** All of it may be left out. Names that are not mentioned stay as they are. */
export interface MigrationPlan {
  /** New names of steps, by the recorded ones. */
  readonly steps?: { readonly [recorded: string]: string };
  /** New names of event types, by the recorded ones: in work, in waits, and in what was gathered. */
  readonly events?: { readonly [recorded: string]: string };
  /**
   * Asked once for every event that work of the run still holds, as it was recorded: the event it is now, or nothing
   * where its data stays. Its data must fit the kind's schema.
   */
  readonly rewrite?: (event: WorkflowEvent) => WorkflowEvent | null | undefined;
  /** The state store as the steps of now expect it; it is checked by the workflow's state schema. */
  readonly store?: (store: JsonObject) => object;
}

/**
 * Called when a run is taken up with another definition than it was recorded with (a step, an event type or the version
 * differs), once per such change: what it answers is written down with the run, and a replay never calls it. It must
 * have no effects. What it throws pauses the run: code MIGRATION_FAILED.
 */
export type MigrateFunction = (run: RunToMigrate) => MigrationPlan | null | undefined;
