import type { TickDetail } from "tickwork/client";
import { lookOfTick } from "../log/LogRow.tsx";
import { formatClock, formatDuration } from "../store/format.ts";
import { readStepResult } from "../store/step-result.ts";
import type { SearchQuery } from "../source/tick-search.ts";
import { ErrorText } from "../ui/ErrorText.tsx";
import { PayloadView } from "../ui/PayloadView.tsx";
import { showsSandbox } from "../store/inspector-state.ts";
import { useInspector } from "../ui/model-context.ts";
import { MoreButtons } from "./MoreButtons.tsx";
import { RunOnly } from "./RunOnly.tsx";
import { LogLines } from "./LogLines.tsx";
import { TickLink } from "./SelectionLink.tsx";
import { useDetails } from "./use-details.ts";

/** How the attempts of a step or a work item ended, the newest first: error and stack, log, what came out. */
export function Attempts(props: AttemptsProps) {
  const isSandbox = useInspector(showsSandbox);
  return isSandbox ? <RunOnly what="Attempts" /> : <RecordedAttempts {...props} />;
}

interface AttemptsProps {
  readonly query: SearchQuery;
  readonly most?: number;
}

function RecordedAttempts({ query, most = 5 }: AttemptsProps) {
  const found = useDetails({ ...query, kind: "StepResult" }, most);
  const { details } = found;
  return (
    <section className="tw-section" aria-label="Attempts">
      <h3>Attempts</h3>
      {details !== null && details.length === 0 && !found.hasOlder && <p className="tw-muted">None has ended yet.</p>}
      {details?.map((detail, index) => (
        <Attempt key={detail.summary.sequence} detail={detail} isOpen={index === 0} />
      ))}
      <MoreButtons found={found} />
    </section>
  );
}

function Attempt({ detail, isOpen }: { readonly detail: TickDetail; readonly isOpen: boolean }) {
  const runId = useInspector((state) => state.runId) ?? "";
  const { summary } = detail;
  const { icon: Icon, tone, word } = lookOfTick(summary);
  const { error, logs, outputs, isCut } = readStepResult(detail);
  const { sequence, workItem, attempt, duration, input } = summary;
  return (
    <details className="tw-attempt" open={isOpen}>
      <summary>
        <Icon size={13} className={tone} aria-hidden="true" /> {word}
        <span className="tw-muted tw-num">
          {" "}
          {input ?? ""} #{workItem}
          {attempt === undefined ? "" : ` · attempt ${attempt}`}
          {duration === undefined ? "" : ` · ${formatDuration(duration)}`}
        </span>
      </summary>
      <div className="tw-attempt-body">
        <p className="tw-muted tw-num">
          Tick <TickLink sequence={sequence} /> at {formatClock(summary.at)}
          {summary.broughtBy !== undefined && (
            <>
              , brought by <TickLink sequence={summary.broughtBy} />
            </>
          )}
        </p>
        {error !== null && <ErrorText error={error} />}
        {error === null && summary.note !== undefined && <p className="tw-note">{summary.note}</p>}
        {logs.length > 0 && <LogLines logs={logs} />}
        {outputs.map(({ type, mode, data, path }) => (
          <PayloadView
            key={path.join("/")}
            title={`${mode === "stream" ? "Published" : mode === "send" ? "Sent" : "Returned"} ${type}`}
            label={`${type} of tick ${sequence}`}
            runId={runId}
            payload={{ of: "tick", sequence }}
            path={path}
            value={data ?? null}
          />
        ))}
        {isCut && <p className="tw-muted">More is in the tick itself.</p>}
      </div>
    </details>
  );
}
