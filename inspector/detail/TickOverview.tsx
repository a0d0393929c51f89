import { FlaskConical } from "lucide-react";
import { lookOfTick } from "../log/LogRow.tsx";
import { formatBytes, formatDateTime, formatDuration } from "../store/format.ts";
import { CopyButton } from "../ui/CopyButton.tsx";
import { JsonTree } from "../ui/JsonTree.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { ContinueButton } from "../travel/ContinueButton.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";
import { Facts } from "./Facts.tsx";
import { SelectionLink, TickLink } from "./SelectionLink.tsx";

/** One tick in full: what it brought, what led to it, what it caused. */
export function TickOverview() {
  const { navigation } = useModel();
  const detail = useInspector((state) => state.tick);
  if (detail === null) return <Skeleton label="Loading the tick" rows={6} />;
  const { summary, tick, commands } = detail;
  const { workItem, step, attempt, workerId, duration } = summary;
  return (
    <>
      {summary.note !== undefined && (
        <p className={summary.outcome === "failed" ? "tw-note tw-note-danger" : "tw-note"}>{summary.note}</p>
      )}
      <Facts
        facts={[
          ["Kind", lookOfTick(summary).word],
          ["At", formatDateTime(summary.at)],
          ["Caused by", summary.causedBy === "external" ? "outside" : <TickLink sequence={summary.causedBy} />],
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
          ["Commands", commands.length === 0 ? null : commands.join(", ")],
          ["Size", formatBytes(summary.size)],
        ]}
      />
      <div className="tw-form-actions">
        <button type="button" className="tw-button" aria-keyshortcuts="w" onClick={() => navigation.askWhatIf("skip")}>
          <FlaskConical size={13} aria-hidden="true" /> What if…
        </button>
        <ContinueButton atSequence={summary.sequence} />
      </div>
      <section className="tw-section">
        <div className="tw-section-head">
          <h3>Tick</h3>
          <CopyButton label="Copy JSON" text={() => JSON.stringify(tick, null, 2)} />
        </div>
        <JsonTree label={`Tick ${summary.sequence}`} value={tick} />
      </section>
    </>
  );
}
