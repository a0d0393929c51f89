/** "idle": nothing to do until an event comes or a wait runs out. */
export type RunStatus = "queued" | "running" | "idle" | "completed" | "failed" | "cancelled" | "timedOut";
