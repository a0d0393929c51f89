/** The words in which health is told. */
import type { InspectorState } from "./inspector-state.ts";
import type { StatusGroup } from "./run-list.ts";

/** plain: neither good nor bad. look: works, and somebody should know. trouble: something does not work. */
export type HealthTone = "plain" | "ok" | "look" | "trouble";

export interface HealthRow {
  readonly label: string;
  readonly value: string;
  readonly tone: HealthTone;
  /** What that means, or why it is so. */
  readonly hint?: string;
  /** The code of an error, to search the guide for. */
  readonly code?: string;
  readonly actions?: readonly HealthAction[];
}

export type HealthAction =
  | { readonly does: "retry" | "freeSpace" | "keep" | "reload"; readonly label: string }
  | { readonly does: "showRuns"; readonly status: StatusGroup; readonly label: string };

export interface PromiseRow {
  readonly promise: string;
  readonly state: "kept" | "notNow" | "unknown";
  readonly because: string;
}

export interface SpaceHealth {
  /** Null where the platform does not say. */
  readonly meter: { readonly used: number; readonly quota: number; readonly tone: HealthTone } | null;
  readonly rows: readonly HealthRow[];
  /** The runs that take most, largest first. */
  readonly largest: readonly { readonly runId: string; readonly workflow: string; readonly bytes: number }[];
  readonly canFree: boolean;
}

export interface Health {
  /** The worst tone of all rows; "plain" while nothing is known yet. */
  readonly tone: HealthTone;
  readonly engine: readonly HealthRow[];
  readonly durability: readonly HealthRow[];
  readonly space: SpaceHealth;
  readonly promises: readonly PromiseRow[];
  /** When the storage said all this; null: not yet. */
  readonly at: number | null;
}

/** What health is derived from. */
export type HealthBasis = Pick<
  InspectorState,
  | "now"
  | "runId"
  | "runs"
  | "nextBefore"
  | "connection"
  | "problem"
  | "engine"
  | "engineSince"
  | "storage"
  | "storageAt"
  | "storageAskedAt"
  | "traffic"
>;

/** What this source can be asked to do. */
export interface HealthAbilities {
  readonly canRetry: boolean;
  readonly canFree: boolean;
  readonly canKeep: boolean;
}
