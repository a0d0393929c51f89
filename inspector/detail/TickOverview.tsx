import { FlaskConical } from "lucide-react";
import { lookOfTick } from "../log/LogRow.tsx";
import { formatBytes, formatCount, formatDateTime, formatDuration } from "../store/format.ts";
import { PayloadView } from "../ui/PayloadView.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ContinueButton } from "../travel/ContinueButton.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";
import { Facts } from "./Facts.tsx";
import { SelectionLink, TickLink } from "./SelectionLink.tsx";

/** "RunWorker ×12, PublishEvent" */
function commandText(commands: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of commands) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => (count === 1 ? kind : `${kind} ×${formatCount(count)}`)).join(", ");
}

/** One tick in full: what it brought, what led to it, what it caused. */
export function TickOverview() {
  const { navigation } = useModel();
  const detail = useInspector((state) => state.tick);
  const runId = useInspector((state) => state.runId) ?? "";
  if (detail === null) return <Skeleton label="Loading the tick" rows={6} />;
  const { summary, tick, commands } = detail;
  const { workItem, step, attempt, workerId, duration } = summary;
  const cause = summary.broughtBy ?? summary.causedBy;
  return (
    <>
      {summary.note !== undefined && (
        <p className={summary.outcome === "failed" ? "tw-note tw-note-danger" : "tw-note"}>{summary.note}</p>
      )}
      <Facts
        facts={[
          ["Kind", lookOfTick(summary).word],
          ["At", formatDateTime(summary.at)],
          ["Caused by", cause === "external" ? "outside" : <TickLink sequence={cause} />],
          [
            "Began after",
            cause === summary.causedBy || summary.causedBy === "external" ? null : (
              <TickLink sequence={summary.causedBy} />
            ),
          ],
          ["Step", step === undefined ? null : <SelectionLink text={step} to={{ kind: "step", step }} />],
          [
            "Work item",
            workItem === undefined ? null : <SelectionLink text={`#${workItem}`} to={{ kind: "workItem", workItem }} />,
          ],
          ["Attempt", attempt],
          ["Slot", workerId],
          ["Took", duration === undefined ? null : formatDuration(duration)],
          [
            "Events",
            summary.eventCount === 0
              ? null
              : summary.events
                  .map((event) => event.type)
                  .slice(0, 8)
                  .join(", ") + (summary.eventCount > 8 ? ` and ${summary.eventCount - 8} more` : ""),
          ],
          [
            "Started",
            summary.started.length === 0
              ? null
              : summary.started
                  .map((each) => `${each.step} #${each.workItem}`)
                  .slice(0, 6)
                  .join(", "),
          ],
          ["Commands", commandText(commands)],
          ["Size", formatBytes(summary.size)],
        ]}
      />
      <div className="tw-form-actions">
        <button type="button" className="tw-button" aria-keyshortcuts="w" onClick={() => navigation.askWhatIf("skip")}>
          <FlaskConical size={13} aria-hidden="true" /> What if…
        </button>
        <ContinueButton atSequence={summary.sequence} />
      </div>
      <PayloadView
        title="Tick"
        label={`Tick ${summary.sequence}`}
        runId={runId}
        payload={{ of: "tick", sequence: summary.sequence }}
        value={tick}
      />
    </>
  );
}
