import { CsvReport } from "./CsvReport.tsx";
import { CsvStartPanel } from "./CsvStartPanel.tsx";
import type { DemoEntry, DemoName } from "./demo-entry.ts";
import { SiteReport } from "./SiteReport.tsx";
import { SiteStartPanel } from "./SiteStartPanel.tsx";
import { ThumbnailsReport } from "./ThumbnailsReport.tsx";
import { ThumbnailsStartPanel } from "./ThumbnailsStartPanel.tsx";

export type { DemoEntry, DemoName } from "./demo-entry.ts";

/** The workflows that come with the app, by the names that the engine's worker serves them under. */
export const demo: Readonly<Record<DemoName, DemoEntry>> = {
  "csv-profile": {
    title: "CSV profile",
    blurb: "Types, nulls, quantiles and oddities of every column of a CSV file. Asks you where a column is two things.",
    StartPanel: CsvStartPanel,
    ReportView: CsvReport,
  },
  thumbnails: {
    title: "Thumbnails",
    blurb: "Small versions of your images and one sheet with all of them. Tries again what fails.",
    StartPanel: ThumbnailsStartPanel,
    ReportView: ThumbnailsReport,
  },
  "site-check": {
    title: "Site check",
    blurb: "Fetches pages of this site, four at a time, and says what is slow or broken.",
    StartPanel: SiteStartPanel,
    ReportView: SiteReport,
  },
};

/** Whether a run is of a workflow that comes with the app. */
export function isDemoName(name: string): name is DemoName {
  return Object.hasOwn(demo, name);
}
