import type { Mismatch } from "tickwork/client";
import { formatCount } from "../store/format.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

/** Why the open run does not go on, and the ways on that there are. */
export function PausedRun({ runId }: { readonly runId: string }) {
  const { commands, navigation } = useModel();
  const reason = useInspector((state) => state.runs[runId]?.pausedBecause);
  const mismatch = useInspector((state) => state.runs[runId]?.mismatch);
  return (
    <>
      {reason} {mismatch !== undefined && `${drawnWith(mismatch)} `}
      <button type="button" className="tw-link" onClick={() => void commands.resume(runId)}>
        Try again
      </button>
      {mismatch !== undefined && (
        <>
          , for example after its workflow got a <code>migrate</code> function, or{" "}
          <button
            type="button"
            className="tw-link"
            onClick={() => void commands.resume(runId, { onMismatch: "bestEffort" })}
          >
            go on without {mismatch.work === 1 ? "that piece" : `those ${formatCount(mismatch.work)} pieces`} of work
          </button>
          , which {mismatch.work === 1 ? "stays" : "stay"} with the run
        </>
      )}
      , or{" "}
      <button type="button" className="tw-link" onClick={() => navigation.openDialog({ kind: "cancel" })}>
        cancel the run
      </button>
      .
    </>
  );
}

function drawnWith({ recorded, current }: Mismatch): string {
  return recorded === current
    ? "The graph is the one it was recorded with; the changed code waits."
    : `The graph is that of version ${recorded}, which it was recorded with; version ${current} waits.`;
}
