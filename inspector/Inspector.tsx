/**
 * The inspector as a component. It needs a source and a box to fill; it brings no global styles and, unless
 * asked, leaves the page's address alone.
 */
import type { CSSProperties, ReactNode } from "react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { EngineControl } from "tickwork/client";
import { DetailPanel } from "./detail/DetailPanel.tsx";
import type { LayoutClient } from "./graph/layout-client.ts";
import { createLayoutClient } from "./graph/layout-client.ts";
import { startLayoutWorker } from "./graph/start-layout-worker.ts";
import { toTopology } from "./graph/topology.ts";
import type { RenderStart } from "./inbox/StartPanel.tsx";
import { whenIdle } from "./source/when-idle.ts";
import { LogView } from "./log/LogView.tsx";
import { RunsPanel } from "./runs/RunsPanel.tsx";
import { Scrubber } from "./scrubber/Scrubber.tsx";
import { Announcer } from "./shell/Announcer.tsx";
import { Banners } from "./shell/Banners.tsx";
import { Dialogs } from "./shell/Dialogs.tsx";
import type { RenderReport } from "./shell/MainView.tsx";
import { MainView } from "./shell/MainView.tsx";
import { PanelTabs } from "./shell/PanelTabs.tsx";
import { Splitter } from "./shell/Splitter.tsx";
import { TopBar } from "./shell/TopBar.tsx";
import { useMotionPreference } from "./shell/use-motion-preference.ts";
import { useNarrow } from "./shell/use-narrow.ts";
import { usePlaceInUrl } from "./shell/use-place-in-url.ts";
import { useShortcuts } from "./shell/use-shortcuts.ts";
import { useTopLayer } from "./shell/use-top-layer.ts";
import type { RenderFirstRun } from "./shell/Welcome.tsx";
import type { InspectorModel } from "./store/inspector-model.ts";
import { createInspectorModel } from "./store/inspector-model.ts";
import { browserDrafts } from "./store/drafts.ts";
import { decodePlace } from "./store/place.ts";
import { browserPreferencesStorage } from "./store/preferences.ts";
import { SandboxBanner } from "./travel/SandboxBanner.tsx";
import { HelpContext, ModelContext, PortalContext, useInspector, useModel } from "./ui/model-context.ts";
import { Skeleton } from "./ui/Skeleton.tsx";
import { useSoon } from "./ui/use-soon.ts";

export interface InspectorProps {
  /** An engine, as `connect` returns it. Make it once, outside React. */
  readonly source: EngineControl;
  /** A panel of your own to start a workflow with; return null to keep the generated form. */
  readonly renderStart?: RenderStart;
  /** A beginning of your own for those who have no runs yet; default: a sentence, and the workflows to choose from. */
  readonly renderFirstRun?: RenderFirstRun;
  /** A report of your own about a run, shown beside the graph; return null for none. */
  readonly renderReport?: RenderReport;
  /**
   * Makes the worker that lays out graphs, where a bundler does not find the one that comes with it. If no
   * worker can be made, layouts run in the page, which for a hundred steps takes a noticeable moment.
   */
  readonly layoutWorker?: () => Worker;
  /** Keep run, tick, selection and filters in the page's address (the part after #). Default: false. */
  readonly placeInUrl?: boolean;
  /**
   * Where help for your users is: a link in the header leads there, in a tab of its own. Of an address that ends in
   * `guide/index.html` the pages of tickwork's guide are expected beside it, and views link to them. Default: no link.
   */
  readonly helpUrl?: string;
  /** Shown above all views, in their look: where these runs come from, a way back. Default: nothing. */
  readonly header?: ReactNode;
}

const RunWorks = lazy(() => import("./runs/RunWorks.tsx"));
const TimelineView = lazy(() => import("./timeline/TimelineView.tsx"));

export function Inspector({ source, layoutWorker = startLayoutWorker, ...host }: InspectorProps) {
  const [model, setModel] = useState<InspectorModel | null>(null);
  const [layoutClient, setLayoutClient] = useState<LayoutClient | null>(null);
  const layoutWorkerRef = useRef(layoutWorker);
  const placeInUrlRef = useRef(host.placeInUrl);

  useEffect(() => {
    const next = createInspectorModel(source, {
      preferences: browserPreferencesStorage(),
      drafts: browserDrafts(source),
    });
    if (placeInUrlRef.current) next.store.setState(decodePlace(location.hash));
    const stop = next.start();
    const layouts = createLayoutClient(layoutWorkerRef.current);
    const stopOpening = onceKnown(next.store, layouts, () => {
      setModel(next);
      setLayoutClient(layouts);
    });
    const stopWaiting = whenIdle(() => layouts.prepare());
    return () => {
      stopOpening();
      stopWaiting();
      stop();
      layouts.close();
    };
  }, [source]);

  if (model === null || layoutClient === null) return <div className="tw-root" />;
  return (
    <ModelContext value={model}>
      <HelpContext value={host.helpUrl}>
        <Shell layoutClient={layoutClient} {...host} />
      </HelpContext>
    </ModelContext>
  );
}

/** For so many ms nothing is shown of a run that is open from the beginning: most engines have answered by then. */
const FIRST_ANSWERS = 50;

/**
 * Calls when the open run is described, at once when none is open: views mounted then are drawn once, not twice. And
 * mounting takes as long as laying out the graph, which the worker does meanwhile. Returns how to take that back.
 */
function onceKnown(
  { getState, subscribe }: InspectorModel["store"],
  layouts: LayoutClient,
  call: () => void,
): () => void {
  if (getState().runId === null) {
    call();
    return () => undefined;
  }
  layouts.prepare();
  const stop = subscribe(({ description, runProblem }) => {
    if (description === null && runProblem === null) return;
    end();
    // What is wrong with a layout is said where it is drawn.
    if (description !== null) layouts.layout(toTopology(description.graph)).catch(() => undefined);
    call();
  });
  const end = (): void => {
    clearTimeout(timer);
    stop();
  };
  const timer = setTimeout(() => {
    end();
    call();
  }, FIRST_ANSWERS);
  return end;
}

/** Drawn in the next task: all that a run has, drawn at once, would keep the page from answering. */
function Later({ children }: { readonly children: ReactNode }) {
  return useSoon(true) ? children : null;
}

interface ShellProps extends Omit<InspectorProps, "source" | "layoutWorker"> {
  readonly layoutClient: LayoutClient;
}

function Shell({ layoutClient, header, helpUrl, placeInUrl = false, ...renders }: ShellProps) {
  const { navigation } = useModel();
  const rootRef = useRef<HTMLDivElement>(null);
  const [portal, setPortal] = useState<HTMLElement | null>(null);
  const { theme, motion, runsWidth, detailWidth, bottomHeight } = useInspector((state) => state.preferences);
  const panel = useInspector((state) => state.panel);
  const page = useInspector((state) => state.page);
  const bottom = useInspector((state) => state.bottom);
  const hasWorks = useInspector((state) => state.works.length > 0);
  const hasRun = useInspector((state) => state.runId !== null && (state.runProblem === null || state.graph !== null));
  const isSandbox = useInspector((state) => state.sandbox.answer !== null);
  useShortcuts(rootRef, placeInUrl);
  usePlaceInUrl(placeInUrl);
  useMotionPreference();
  useNarrow(rootRef);
  useTopLayer(portal);
  const sizes = {
    "--tw-runs-width": `${runsWidth}px`,
    "--tw-detail-width": `${detailWidth}px`,
    "--tw-bottom-height": `${bottomHeight}px`,
  } as CSSProperties;

  return (
    <div ref={rootRef} className="tw-root" lang="en" dir="ltr" data-theme={theme} data-motion={motion} style={sizes}>
      <PortalContext value={portal}>
        <div
          className="tw-shell"
          data-panel={panel === "report" ? "graph" : panel}
          data-is-open={hasRun}
          data-page={page}
          data-sandbox={isSandbox}
        >
          {header !== undefined && <div className="tw-yours">{header}</div>}
          <TopBar helpUrl={helpUrl} />
          <PanelTabs />
          <Banners />
          <SandboxBanner />
          <div className="tw-columns">
            <RunsPanel />
            <main className="tw-main">
              <Splitter
                label="Width of the list of runs"
                orientation="vertical"
                value={runsWidth}
                least={180}
                most={480}
                onChange={(value) => navigation.setPreferences({ runsWidth: value })}
              />
              <MainView layoutClient={layoutClient} {...renders} />
              {hasRun && (
                <Splitter
                  label="Width of the detail"
                  orientation="vertical"
                  value={detailWidth}
                  least={260}
                  most={720}
                  isReversed
                  onChange={(value) => navigation.setPreferences({ detailWidth: value })}
                />
              )}
            </main>
            {hasRun && <DetailPanel />}
          </div>
          {hasRun && (
            <section className="tw-bottom" aria-label="Ticks">
              <Splitter
                label="Height of log and timeline"
                orientation="horizontal"
                value={bottomHeight}
                least={120}
                most={720}
                isReversed
                onChange={(value) => navigation.setPreferences({ bottomHeight: value })}
              />
              <Later>
                <Scrubber />
                {bottom === "log" ? (
                  <LogView />
                ) : (
                  <Suspense fallback={<Skeleton label="Loading the timeline" />}>
                    <TimelineView />
                  </Suspense>
                )}
              </Later>
            </section>
          )}
        </div>
        <Dialogs renderStart={renders.renderStart} helpUrl={helpUrl} />
        <Suspense>{hasWorks && <RunWorks />}</Suspense>
        <Announcer />
      </PortalContext>
      <div ref={setPortal} className="tw-portal" popover="manual" />
    </div>
  );
}
