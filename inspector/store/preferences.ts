/** What the user set for this browser, as opposed to what is shown: theme, motion, sizes of the panels. */
export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  readonly motion: "system" | "reduced";
  readonly runsWidth: number;
  readonly detailWidth: number;
  readonly bottomHeight: number;
}

export const DEFAULT_PREFERENCES: Preferences = {
  theme: "system",
  motion: "system",
  runsWidth: 252,
  detailWidth: 348,
  bottomHeight: 240,
};

export interface PreferencesStorage {
  read(): Preferences;
  write(preferences: Preferences): void;
}

const KEY = "tickwork.inspector";

/** Storage may be forbidden or full: then preferences last as long as the page. */
export function createPreferencesStorage(storage: Pick<Storage, "getItem" | "setItem"> | null): PreferencesStorage {
  return {
    read() {
      try {
        return parsePreferences(JSON.parse(storage?.getItem(KEY) ?? "{}"));
      } catch {
        return DEFAULT_PREFERENCES;
      }
    },
    write(preferences) {
      try {
        storage?.setItem(KEY, JSON.stringify(preferences));
      } catch {
        // Kept in memory only.
      }
    },
  };
}

export function browserPreferencesStorage(): PreferencesStorage {
  try {
    return createPreferencesStorage(typeof localStorage === "undefined" ? null : localStorage);
  } catch {
    return createPreferencesStorage(null);
  }
}

export function parsePreferences(value: unknown): Preferences {
  const saved = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return {
    theme: saved["theme"] === "light" || saved["theme"] === "dark" ? saved["theme"] : "system",
    motion: saved["motion"] === "reduced" ? "reduced" : "system",
    runsWidth: size(saved["runsWidth"], 180, 480, DEFAULT_PREFERENCES.runsWidth),
    detailWidth: size(saved["detailWidth"], 260, 720, DEFAULT_PREFERENCES.detailWidth),
    bottomHeight: size(saved["bottomHeight"], 120, 720, DEFAULT_PREFERENCES.bottomHeight),
  };
}

function size(value: unknown, least: number, most: number, fallback: number): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : fallback;
}
