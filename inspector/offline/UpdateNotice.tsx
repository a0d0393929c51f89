import { RefreshCw } from "lucide-react";
import { useSyncExternalStore } from "react";
import { browserPreferencesStorage } from "../store/preferences.ts";
import type { AppUpdate } from "./app-update.ts";

/** Quiet: what runs now is not to be disturbed, and nothing is lost by waiting. */
export function UpdateNotice({ update }: { readonly update: AppUpdate }) {
  const isReady = useSyncExternalStore(
    (listener) => update.subscribe(listener),
    () => update.isReady,
  );
  if (!isReady) return null;
  return (
    <div className="tw-root tw-update" role="status" data-theme={browserPreferencesStorage().read().theme}>
      <RefreshCw size={14} aria-hidden="true" />
      <p>A new version is ready. Runs at work go on after it.</p>
      <button type="button" className="tw-button tw-button-primary" onClick={() => update.apply()}>
        Reload
      </button>
    </div>
  );
}
