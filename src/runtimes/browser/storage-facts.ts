import type { StorageStatus } from "../../inspection/engine-control.ts";

/** What the browser says about this origin's storage. */
export async function storageFacts(): Promise<Partial<StorageStatus>> {
  // Some browsers have no StorageManager in workers.
  const storage = (navigator as { storage?: StorageManager }).storage;
  if (!storage) return {};
  const none: StorageEstimate = {};
  const [{ usage, quota }, persisted] = await Promise.all([
    storage.estimate().catch(() => none),
    storage.persisted().catch(() => false),
  ]);
  return { persisted, ...(usage !== undefined && { usage }), ...(quota !== undefined && { quota }) };
}
