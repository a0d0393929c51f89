import type { StorageStatus } from "../../inspection/engine-control.ts";

/** What the browser says about this origin's storage. */
export async function storageFacts(): Promise<Partial<StorageStatus>> {
  // Some browsers have no StorageManager in workers.
  const storage = (navigator as { storage?: StorageManager }).storage;
  if (!storage) return {};
  const [estimate, persisted] = await Promise.all([
    storage.estimate().catch(() => ({}) as StorageEstimate),
    storage.persisted().catch(() => false),
  ]);
  return {
    persisted,
    ...(estimate.usage !== undefined && { usage: estimate.usage }),
    ...(estimate.quota !== undefined && { quota: estimate.quota }),
  };
}
