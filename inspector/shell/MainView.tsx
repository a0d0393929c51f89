import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { lazy, Suspense } from "react";
import type { Json, RunSummary, RunView } from "tickwork/client";
import { GraphView } from "../graph/GraphView.tsx";
import type { LayoutClient } from "../graph/layout-client.ts";
import type { RenderStart } from "../inbox/StartPanel.tsx";
import { classNames } from "../ui/class-names.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import type { RenderFirstRun } from "./Welcome.tsx";
import { useWholeResult } from "./use-whole-result.ts";
import { Welcome } from "./Welcome.tsx";

const CompareView = lazy(() => import("../compare/CompareView.tsx"));

/** What a host may show as a run's own report; null for none. */
export interface ReportProps {
  readonly run: RunSummary;
  /** State at the shown tick, so that a report can show progress and the past. */
  readonly view: RunView;
  /** The stop event's data, once there is one. */
  readonly result: Json | undefined;
}

export type RenderReport = (props: ReportProps) => ReactNode;

interface MainViewProps {
  readonly layoutClient: LayoutClient;
  readonly renderStart?: RenderStart | undefined;
  readonly renderFirstRun?: RenderFirstRun | undefined;
  readonly renderReport?: RenderReport | undefined;
}

const InboxPage = lazy(() => import("../inbox/InboxPage.tsx"));

/** The middle: the graph, or the host's report of the run, or where to begin. */
export function MainView({ layoutClient, renderStart, renderFirstRun, renderReport }: MainViewProps) {
  const { navigation } = useModel();
  const runId = useInspector((state) => state.runId);
  const page = useInspector((state) => state.page);
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  const view = useInspector((state) => state.view);
  const compareWith = useInspector((state) => state.compareWith);
  const asksReport = useInspector((state) => state.panel === "report");
  const result = useWholeResult(view);
  const problem = useInspector((state) => (state.graph === null ? state.runProblem : null));

  if (page === "inbox") {
    return (
      <Suspense fallback={<Skeleton label="Loading the inbox" rows={4} />}>
        <InboxPage />
      </Suspense>
    );
  }
  if (runId === null) return <Welcome renderStart={renderStart} renderFirstRun={renderFirstRun} />;
  if (compareWith !== null) {
    return (
      <Suspense fallback={<Skeleton label="Loading the comparison" rows={6} />}>
        <CompareView key={`${runId} ${compareWith}`} runId={runId} other={compareWith} layoutClient={layoutClient} />
      </Suspense>
    );
  }
  if (problem !== null) {
    return (
      <div className="tw-main-problem">
        <EmptyState icon={CircleAlert} title="This run cannot be shown">
          <p>{problem.message}</p>
          <p className="tw-muted">
            {problem.name}
            {problem.code !== undefined && ` · ${problem.code}`} · <code>{runId}</code>
          </p>
          <button type="button" className="tw-button" onClick={() => navigation.openRun(null)}>
            All runs
          </button>
        </EmptyState>
      </div>
    );
  }
  const report = run !== null && view !== null ? renderReport?.({ run, view, result }) : null;
  const hasReport = report !== null && report !== undefined && report !== false;
  const showsReport = hasReport && asksReport;
  return (
    <div className="tw-main-views">
      {hasReport && (
        <div className="tw-switch" role="group" aria-label="Middle view">
          <button
            type="button"
            className={classNames("tw-switch-part", !showsReport && "tw-is-on")}
            aria-pressed={!showsReport}
            onClick={() => navigation.setPanel("graph")}
          >
            Graph
          </button>
          <button
            type="button"
            className={classNames("tw-switch-part", showsReport && "tw-is-on")}
            aria-pressed={showsReport}
            onClick={() => navigation.setPanel("report")}
          >
            Report
          </button>
        </div>
      )}
      <div className={classNames("tw-main-graph", showsReport && "tw-is-hidden")}>
        <GraphView layoutClient={layoutClient} />
      </div>
      {showsReport && (
        <div className="tw-report">
          <div className="tw-yours">{report}</div>
        </div>
      )}
    </div>
  );
}
