import { CircleAlert, TriangleAlert, X } from "lucide-react";
import { ENGINE_ABSENT, ENGINE_ELSEWHERE, ENGINE_RESTARTING } from "../source/error-text.ts";
import { canFork, canRunAgain } from "../store/abilities.ts";
import { formatCount } from "../store/format.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { HeldRun } from "./HeldRun.tsx";
import { PausedRun } from "./PausedRun.tsx";
import { StorageTrouble } from "./StorageTrouble.tsx";

/** Where the engine is away and nothing is broken. */
const AWAY: { readonly [code: string]: string } = {
  [ENGINE_ELSEWHERE]: "Open in another tab",
  [ENGINE_RESTARTING]: "The engine starts again",
  [ENGINE_ABSENT]: "The app is not open",
};

/** What everyone must know at once: the engine is gone, storage fails, a command was refused. */
export function Banners() {
  const { navigation } = useModel();
  const runId = useInspector((state) => state.runId ?? "");
  const isReadOnly = useInspector((state) => state.runs[state.runId ?? ""]?.readOnly === true);
  const isRedacted = useInspector((state) => state.runs[state.runId ?? ""]?.redacted === true);
  const problem = useInspector((state) => (state.connection === "unavailable" ? state.problem : null));
  const otherVersion = useInspector((state) => state.otherVersion);
  const notice = useInspector((state) => state.notice);
  const storage = useInspector((state) => state.storage);
  const runProblem = useInspector((state) => (state.graph === null ? null : state.runProblem));
  // By its storage: then the banner above has said so.
  const isPaused = useInspector((state) => {
    const reason = state.runs[state.runId ?? ""]?.pausedBecause;
    return reason !== undefined && reason !== state.storage?.problem?.message;
  });
  const begin = useInspector((state) => (state.runId === null ? undefined : state.runs[state.runId]?.historyFrom));
  const setAside = useInspector((state) => (state.runId === null ? undefined : state.runs[state.runId]?.setAside));
  const isLost = useInspector((state) => state.engine?.state === "failed");
  const away = AWAY[problem?.code ?? ""];
  return (
    <div className="tw-banners">
      {problem !== null && away !== undefined && (
        <Banner tone="warn" title={away}>
          {problem.message}
        </Banner>
      )}
      {otherVersion !== null && (
        <Banner tone="warn" title="Two versions are open">
          {otherVersion}
        </Banner>
      )}
      {problem !== null && away === undefined && (
        <Banner tone="danger" title="The engine does not answer">
          {problem.message} {problem.code !== undefined && <code className="tw-tag">{problem.code}</code>}{" "}
          {isLost
            ? "It does not come back by itself: reload the page."
            : "What is shown is what was known last; it is tried again by itself."}
        </Banner>
      )}
      {storage?.problem !== undefined && (
        <Banner tone="danger" title="Ticks cannot be saved">
          <StorageTrouble problem={storage.problem} />
        </Banner>
      )}
      {storage?.state === "nearlyFull" && (
        <Banner tone="warn" title="Storage is nearly full">
          Export runs worth keeping, then delete old ones.{" "}
          <button type="button" className="tw-link" onClick={() => navigation.showHealth(true)}>
            See what takes it
          </button>
        </Banner>
      )}
      {isPaused && (
        <Banner tone="warn" title="This run is paused">
          <PausedRun runId={runId} />
        </Banner>
      )}
      <HeldRun />
      {isRedacted && (
        <Banner tone="warn" title="Data is hidden in this run">
          It was imported from a redacted file: it can be looked at, and is neither continued nor forked.
        </Banner>
      )}
      {isReadOnly && !isRedacted && (
        <Banner tone="warn" title="This run is read-only">
          It was imported. <ForkIt runId={runId} />
        </Banner>
      )}
      {setAside !== undefined && (
        <Banner tone="warn" title="Work is set aside">
          The code changed, and the run went on without {formatCount(setAside)} of its work items. They are kept for
          code that takes them again.
        </Banner>
      )}
      {begin !== undefined && (
        <Banner tone="warn" title="The beginning is not kept here">
          This run's history is complete from tick {formatCount(begin)} on.
        </Banner>
      )}
      {runProblem !== null && (
        <Banner tone="warn" title="Part of this run cannot be read">
          {runProblem.message}
        </Banner>
      )}
      {notice !== null && (
        <Banner tone="danger" title={notice.name} onClose={() => navigation.dismissNotice()}>
          {notice.message} {notice.code !== undefined && <code className="tw-tag">{notice.code}</code>}
        </Banner>
      )}
    </div>
  );
}

/** How an imported run is gone on with: here, or where its workflow is served. */
function ForkIt({ runId }: { readonly runId: string }) {
  const { commands } = useModel();
  const workflow = useInspector((state) => state.runs[runId]?.workflow ?? "");
  const at = useInspector((state) => (state.position === "live" ? null : state.position));
  const isServed = useInspector((state) => canRunAgain(state, runId));
  const isPossible = useInspector((state) => canFork(state, runId, at));
  if (!isServed) return <>To go on with it, import it in an app that serves {workflow}, and fork it there.</>;
  if (!isPossible) return <>It had completed: to go on from an earlier tick, go there and fork it.</>;
  return (
    <>
      <button type="button" className="tw-link" onClick={() => void commands.fork(runId, at)}>
        Fork it from here
      </button>{" "}
      to go on with it.
    </>
  );
}

interface BannerProps {
  readonly tone: "danger" | "warn";
  readonly title: string;
  readonly children: React.ReactNode;
  readonly onClose?: () => void;
}

function Banner({ tone, title, children, onClose }: BannerProps) {
  const Icon = tone === "danger" ? CircleAlert : TriangleAlert;
  return (
    <div className={`tw-banner tw-banner-${tone}`} role="alert">
      <Icon size={14} aria-hidden="true" />
      <p>
        <b>{title}.</b> {children}
      </p>
      {onClose !== undefined && (
        <button
          type="button"
          className="tw-button tw-button-icon tw-button-quiet"
          aria-label="Dismiss"
          onClick={onClose}
        >
          <X size={13} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
