/** What a demo workflow shows of itself on the page. */
import type { ComponentType } from "react";
import type { CsvFile } from "./csv-profile.ts";
import type { Site } from "./site-check.ts";
import type { Album } from "./thumbnails.ts";

/** What each workflow is started with. */
export interface DemoInputs {
  readonly "csv-profile": NonNullable<Parameters<typeof CsvFile>[0]>;
  readonly thumbnails: NonNullable<Parameters<typeof Album>[0]>;
  readonly "site-check": NonNullable<Parameters<typeof Site>[0]>;
}
export type DemoName = keyof DemoInputs;

/** Starts a run; a rejection is shown in the panel that asked for it. */
export type StartDemo = <Name extends DemoName>(workflowName: Name, input: DemoInputs[Name]) => unknown;

export interface StartPanelProps {
  readonly onStart: StartDemo;
}

export interface ReportViewProps {
  /** The run's result as it was stored, maybe by an older version of the workflow. */
  readonly result: unknown;
}

export interface DemoEntry {
  readonly title: string;
  readonly blurb: string;
  readonly StartPanel: ComponentType<StartPanelProps>;
  readonly ReportView: ComponentType<ReportViewProps>;
}
