/** What scenes and the list of pictures both know. */

/** The moment at which every scene stands still; the page's own clock is set to it. */
export const NOW = Date.UTC(2026, 2, 2, 10, 30);

/** A run whose id fits nowhere. */
export const LONG_ID = "2026-03-02T10-28-00-nightly-migration-of-the-northern-region-attempt-0000000017-of-customers";
