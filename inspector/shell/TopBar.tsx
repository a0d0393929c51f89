import { BookOpen, Download, MessageCircleQuestion, OctagonX } from "lucide-react";
import { classNames } from "../ui/class-names.ts";
import { HealthButton } from "../health/HealthButton.tsx";
import { InboxButton } from "../inbox/InboxButton.tsx";
import { downloadJson } from "../ui/download-json.ts";
import { formatCount, formatRate } from "../store/format.ts";
import { isEnded } from "../store/inspector-state.ts";
import { lengthOf } from "../store/run-row.ts";
import { late, LateMenu } from "../ui/LateMenu.tsx";
import { Logo } from "../ui/Logo.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { lookOfRun, RunStatusIcon, statusWord } from "../ui/StatusIcon.tsx";
import type { AboutMore } from "./MoreMenu.tsx";

const MORE = late<AboutMore>(() => import("./MoreMenu.tsx"));

/** Which run, how it is, and how the engine is that runs it. */
export function TopBar({ helpUrl }: { readonly helpUrl: string | undefined }) {
  const { navigation, commands } = useModel();
  const runId = useInspector((state) => state.runId);
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  const exportRun = async (): Promise<void> => {
    const file = runId === null ? null : await commands.export(runId);
    if (file !== null && runId !== null) downloadJson(`${runId}.json`, file);
  };
  return (
    <header className="tw-top">
      <button
        type="button"
        className="tw-brand"
        onClick={() => navigation.openRun(null)}
        aria-label="tickwork, all runs"
      >
        <Logo /> <span>tickwork</span>
      </button>
      {runId !== null && (
        <div className="tw-crumbs">
          <span className="tw-crumb-runs tw-muted">Runs</span>
          <span className="tw-crumb-runs tw-muted" aria-hidden="true">
            ›
          </span>
          <h1 className="tw-cut" data-run-title tabIndex={-1}>
            {run?.workflow ?? "Run"}
          </h1>
          <code className="tw-muted tw-cut tw-crumb-id" title={runId}>
            {runId}
          </code>
          <RunBadges />
        </div>
      )}
      <EngineFacts />
      <div className="tw-top-actions">
        <InboxButton />
        <HealthButton />
        {helpUrl !== undefined && (
          <a className={classNames("tw-button", runId !== null && "tw-top-wide")} href={helpUrl} target="_blank">
            <BookOpen size={13} aria-hidden="true" /> Guide
          </a>
        )}
        {runId !== null && (
          <>
            <button type="button" className="tw-button tw-top-wide" onClick={() => void exportRun()}>
              <Download size={13} aria-hidden="true" /> Export
            </button>
            {run !== null && !isEnded(run.status) && run.readOnly !== true && (
              <button
                type="button"
                className="tw-button tw-top-wide"
                onClick={() => navigation.openDialog({ kind: "cancel" })}
              >
                <OctagonX size={13} aria-hidden="true" /> Cancel
              </button>
            )}
          </>
        )}
        <LateMenu label="More" menu={MORE} about={{ helpUrl }} />
      </div>
    </header>
  );
}

function RunBadges() {
  const { navigation, store } = useModel();
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  const age = useInspector((state) => {
    const open = state.runId === null ? undefined : state.runs[state.runId];
    if (open === undefined) return "";
    return isEnded(open.status) ? lengthOf(open, open.updatedAt, false) : lengthOf(open, state.now, true);
  });
  if (run === null) return null;
  const showWaiters = (): void => {
    navigation.select({ kind: "run" });
    navigation.setTab("overview");
    if (store.getState().isNarrow) navigation.setPanel("detail");
  };
  return (
    <>
      <span className={`tw-badge tw-badge-${lookOfRun(run)}`}>
        <RunStatusIcon run={run} size={13} />
        <span aria-hidden="true">{statusWord(lookOfRun(run))}</span>{" "}
        <span className="tw-num tw-badge-age">· {age}</span>
      </span>
      {run.readOnly === true && <span className="tw-badge">{run.redacted === true ? "Redacted" : "Read-only"}</span>}
      {run.waiting > 0 && run.readOnly !== true && (
        <button type="button" className="tw-badge tw-badge-asking" onClick={showWaiters}>
          <MessageCircleQuestion size={13} aria-hidden="true" /> {formatCount(run.waiting)}{" "}
          {run.waiting === 1 ? "answer wanted" : "answers wanted"}
        </button>
      )}
    </>
  );
}

function EngineFacts() {
  const storage = useInspector((state) => state.storage);
  const rate = useInspector((state) => formatRate(state.traffic.ticksPerSecond));
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  if (storage === null || run === null) return null;
  return (
    <dl className="tw-engine">
      {!isEnded(run.status) && (
        <div>
          <dt className="tw-after">ticks/s</dt>
          <dd className="tw-num">{rate}</dd>
        </div>
      )}
      <div>
        <dt>{storage.durable ? "durable to" : "in memory to"}</dt>
        <dd className="tw-num">#{formatCount(storage.durable ? run.durableSequence : run.sequence)}</dd>
      </div>
    </dl>
  );
}
