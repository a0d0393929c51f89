import { AnswerForm } from "../inbox/AnswerForm.tsx";
import { formatBytes, formatCount, formatDateTime } from "../store/format.ts";
import { isEnded, showsSandbox } from "../store/inspector-state.ts";
import { lengthOf } from "../store/run-row.ts";
import { STATUS_WORDS } from "../store/status-words.ts";
import { whyRunWaits } from "../store/why-waiting.ts";
import { ErrorText } from "../ui/ErrorText.tsx";
import { PayloadView } from "../ui/PayloadView.tsx";
import { useInspector } from "../ui/model-context.ts";
import { Facts } from "./Facts.tsx";
import { RunLink } from "./SelectionLink.tsx";
import { HintList } from "./HintList.tsx";
import { useWhyInput } from "./use-why-input.ts";
import { WhyWaiting } from "./WhyWaiting.tsx";

/** A run at the shown tick: questions first, then why it waits, then numbers and how it ended. */
export function RunOverview() {
  const why = useWhyInput();
  const view = useInspector((state) => state.view);
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  const version = useInspector((state) => state.description?.version ?? null);
  const isSandbox = useInspector(showsSandbox);
  const served = useInspector((state) => state.workflows.find(({ name }) => name === state.description?.name)?.version);
  const isLive = useInspector((state) => state.position === "live");
  // Numbers are those of all views; sentences are of the last state that was read in full.
  const graph = useInspector((state) => state.graph);
  if (why === null || graph === null) return null;
  const isGoing = isLive && !isEnded(graph.status);
  const forkedFrom = run?.forkedFrom;
  const waiters = view?.waiters ?? [];
  const done = Object.values(graph.steps).reduce((sum, step) => sum + step.completed, 0);
  const failed = Object.values(graph.steps).reduce((sum, step) => sum + step.failed, 0);
  return (
    <>
      {view !== null &&
        run?.readOnly !== true &&
        waiters.map((waiter) => <AnswerForm key={`${view.runId} ${waiter.waiter}`} view={view} waiter={waiter} />)}
      <WhyWaiting sentences={whyRunWaits(why)} />
      <HintList why={why} />
      {view?.error !== undefined && <ErrorText error={view.error} />}
      {view?.result !== undefined && (
        <PayloadView
          title="Result"
          label="Result"
          runId={view.runId}
          payload={isSandbox ? null : { of: "result", sequence: view.graph.sequence }}
          value={view.result}
        />
      )}
      <Facts
        facts={[
          ["Status", STATUS_WORDS[graph.status]],
          ["Tick", `#${formatCount(graph.sequence)}`],
          ["At", formatDateTime(graph.at)],
          ["Started", run === null ? null : formatDateTime(run.createdAt)],
          [isEnded(graph.status) ? "Took" : "Going for", run === null ? null : lengthOf(run, why.moment, isGoing)],
          ["Busy slots", formatCount(graph.busy)],
          ["Queued", formatCount(graph.queued)],
          ["Done", formatCount(done)],
          ["Failed attempts", failed === 0 ? null : formatCount(failed)],
          ["Published", formatCount(graph.published)],
          ["Dropped results", graph.dropped === 0 ? null : formatCount(graph.dropped)],
          ["Space", isSandbox || run?.bytes === undefined ? null : formatBytes(run.bytes)],
          ["Version", served === undefined || served === version ? version : `${version}, now ${served}`],
          ["Forked from", forkedFrom ? <RunLink runId={forkedFrom.runId} at={forkedFrom.sequence} /> : null],
        ]}
      />
    </>
  );
}
