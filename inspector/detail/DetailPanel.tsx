import { Tabs } from "@base-ui/react";
import { MousePointerClick } from "lucide-react";
import { lazy, Suspense } from "react";
import type { GraphStatus } from "tickwork/client";
import { formatCount } from "../store/format.ts";
import { showsSandbox, viewedGraph } from "../store/inspector-state.ts";
import type { DetailTab } from "../store/place.ts";
import { nodeName } from "../store/graph-names.ts";
import type { Selection } from "../store/selection.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { EdgeOverview } from "./EdgeOverview.tsx";
import { EventOverview } from "./EventOverview.tsx";
import { RunOnly } from "./RunOnly.tsx";
import { RunOverview } from "./RunOverview.tsx";
import { StateStore } from "./StateStore.tsx";
import { StepOverview } from "./StepOverview.tsx";
import { TickOverview } from "./TickOverview.tsx";
import { WorkItemOverview } from "./WorkItemOverview.tsx";
import { WorkItems } from "./WorkItems.tsx";

const CauseChainView = lazy(() => import("./CauseChainView.tsx"));
const ChangesTab = lazy(() => import("../travel/ChangesTab.tsx"));
const LogRecords = lazy(() => import("./LogRecords.tsx"));
const StreamList = lazy(() => import("./StreamList.tsx"));
const WhatIfTab = lazy(() => import("../travel/WhatIfTab.tsx"));

const TABS: { readonly [kind in Selection["kind"]]: readonly DetailTab[] } = {
  run: ["overview", "items", "state", "changes", "logs", "stream"],
  step: ["overview", "items", "logs"],
  event: ["overview"],
  edge: ["overview"],
  tick: ["overview", "causes", "state", "changes"],
  workItem: ["overview", "logs"],
};

const TAB_WORDS: { readonly [tab in DetailTab]: string } = {
  overview: "Overview",
  items: "Work items",
  state: "State",
  logs: "Logs",
  stream: "Stream",
  causes: "Causes",
  changes: "Changes",
  whatif: "What if",
};

/** Everything about the selection at the shown tick. */
export function DetailPanel() {
  const { navigation } = useModel();
  const runId = useInspector((state) => state.runId);
  const selection = useInspector((state) => state.selection);
  const isWhatIf = useInspector((state) => state.whatIf !== null);
  const tabs: readonly DetailTab[] = isWhatIf ? [...TABS[selection.kind], "whatif"] : TABS[selection.kind];
  const tab = useInspector((state) => state.tab);
  const isReady = useInspector((state) => state.view !== null || state.runProblem !== null);
  const itemCount = useInspector((state) => {
    const graph = viewedGraph(state);
    return graph === null ? 0 : countItems(graph, state.selection.kind === "step" ? state.selection.step : null);
  });
  if (runId === null) {
    return (
      <aside className="tw-detail" aria-label="Detail">
        <EmptyState icon={MousePointerClick} title="No run is open">
          <p className="tw-muted">Open a run, then select a step, an event or a tick.</p>
        </EmptyState>
      </aside>
    );
  }
  return (
    <aside className="tw-detail" aria-label="Detail">
      <DetailHead selection={selection} />
      <Tabs.Root
        className="tw-tabs"
        value={tabs.includes(tab) ? tab : "overview"}
        onValueChange={(value: DetailTab) => navigation.setTab(value)}
      >
        <Tabs.List className="tw-tab-list" aria-label="Detail">
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each} className="tw-tab">
              {TAB_WORDS[each]}
              {each === "items" && <span className="tw-muted tw-num"> {formatCount(itemCount)}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {isReady ? (
          tabs.map((each) => (
            <Tabs.Panel key={each} value={each} className="tw-tab-panel">
              <Suspense fallback={<Skeleton label="Loading" rows={4} />}>
                <TabContent tab={each} selection={selection} />
              </Suspense>
            </Tabs.Panel>
          ))
        ) : (
          <Skeleton label="Loading the state" rows={6} />
        )}
      </Tabs.Root>
    </aside>
  );
}

function countItems(graph: GraphStatus, step: string | null): number {
  let count = 0;
  for (const status of Object.values(graph.steps)) {
    if (step === null || status.step === step) count += status.busy + status.queued + status.delayed + status.waiting;
  }
  return count;
}

/** Read from the ticks of the run: a sandbox has none of its own. */
const OF_THE_RUN: ReadonlySet<DetailTab> = new Set(["logs", "stream", "causes"]);

function TabContent({ tab, selection }: { readonly tab: DetailTab; readonly selection: Selection }) {
  const isSandbox = useInspector(showsSandbox);
  if (isSandbox && OF_THE_RUN.has(tab)) return <RunOnly what={TAB_WORDS[tab]} />;
  switch (tab) {
    case "overview":
      return <Overview selection={selection} />;
    case "items":
      return selection.kind === "step" ? <WorkItems step={selection.step} /> : <WorkItems />;
    case "state":
      return <StateStore />;
    case "logs":
      return <LogRecords selection={selection} />;
    case "stream":
      return <StreamList />;
    case "causes":
      return <CauseChainView />;
    case "changes":
      return <ChangesTab />;
    case "whatif":
      return <WhatIfTab />;
  }
}

function Overview({ selection }: { readonly selection: Selection }) {
  switch (selection.kind) {
    case "run":
      return <RunOverview />;
    case "step":
      return <StepOverview step={selection.step} />;
    case "event":
      return <EventOverview type={selection.type} />;
    case "edge":
      return <EdgeOverview source={selection.source} target={selection.target} />;
    case "tick":
      return <TickOverview />;
    case "workItem":
      return <WorkItemOverview workItem={selection.workItem} />;
  }
}

function DetailHead({ selection }: { readonly selection: Selection }) {
  const { navigation } = useModel();
  const graph = useInspector((state) => state.description?.graph ?? null);
  const workflow = useInspector((state) => state.description?.name ?? "");
  const about = useInspector((state) => state.description?.description ?? "");
  const position = useInspector((state) => state.position);
  const node = graph?.nodes.find(
    (candidate) => candidate.kind === "step" && selection.kind === "step" && candidate.name === selection.step,
  );
  const [title, text] = ((): [string, string] => {
    switch (selection.kind) {
      case "run":
        return [workflow, about];
      case "step":
        return [
          selection.step,
          node?.kind === "step"
            ? `step · accepts ${node.accepts.join(", ") || "nothing"} · emits ${node.emits.join(", ") || "nothing"}`
            : "step",
        ];
      case "event":
        return [selection.type, "event"];
      case "edge":
        return [`${nodeName(selection.source)} → ${nodeName(selection.target)}`, "one arrow of the graph"];
      case "tick":
        return [`Tick #${position === "live" ? "" : formatCount(position)}`, "one input of the run"];
      case "workItem":
        return [`Work item #${selection.workItem}`, "one event on its way through one step"];
    }
  })();
  return (
    <header className="tw-detail-head">
      <h2 className="tw-cut">{title === "" ? " " : title}</h2>
      {selection.kind !== "run" && (
        <button type="button" className="tw-link" onClick={() => navigation.select({ kind: "run" })}>
          Whole run
        </button>
      )}
      <p className="tw-muted">{text}</p>
    </header>
  );
}
