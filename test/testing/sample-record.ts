/** A run that was created and has not begun. */
export const record = (runId: string) => ({
  runId,
  workflow: "w",
  version: "1",
  createdAt: 1,
  updatedAt: 1,
  status: "running" as const,
  sequence: 0,
  published: 0,
  busy: 0,
  queued: 0,
  waiting: 0,
  waitingFor: [],
});
