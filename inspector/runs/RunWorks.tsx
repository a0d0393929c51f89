import { CircleAlert, X } from "lucide-react";
import { formatCount, formatPlural } from "../store/format.ts";
import type { RunVerb, RunWork } from "../store/run-command.ts";
import { UNDO_TIME, whatWasDone } from "../store/run-work.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";

const GOING: { readonly [verb in RunVerb]: string } = {
  cancel: "Cancelling",
  resume: "Resuming",
  export: "Exporting",
  delete: "Deleting",
};

/** What is held back, under way, or done: over the views, so that it can be taken back from any of them. */
export default function RunWorks() {
  const works = useInspector((state) => state.works);
  return (
    <section className="tw-works" aria-label="Commands under way">
      {works.map((work) => (
        <WorkNotice key={work.id} work={work} />
      ))}
    </section>
  );
}

function WorkNotice({ work }: { readonly work: RunWork }) {
  const { works } = useModel();
  const { id, phase } = work;
  const linger = (isThere: boolean): void => works.linger(id, isThere);
  return (
    <div
      className="tw-work"
      role="group"
      aria-label={GOING[work.verb]}
      onPointerEnter={() => linger(true)}
      onPointerLeave={() => linger(false)}
      onFocus={() => linger(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) linger(false);
      }}
    >
      {phase === "held" && <Held work={work} />}
      {phase === "going" && <Going work={work} />}
      {(phase === "ended" || phase === "stopped") && (
        <p className="tw-work-line">
          <span>{whatWasDone(work)}</span>
          <IconButton label="Dismiss" icon={X} onClick={() => works.dismiss(id)} />
        </p>
      )}
      {work.failures.length > 0 && <Failures work={work} />}
    </div>
  );
}

function Held({ work }: { readonly work: RunWork }) {
  const { works } = useModel();
  const left = useInspector((state) =>
    work.beginsAt === null ? null : Math.ceil(Math.min(UNDO_TIME, Math.max(0, work.beginsAt - state.now)) / 1_000),
  );
  return (
    <p className="tw-work-line">
      <span className="tw-num">
        {formatPlural(work.runIds.length, "run")} will be deleted{left === null ? "" : ` in ${left} s`}
      </span>
      <button type="button" className="tw-button tw-button-small" onClick={() => works.undo(work.id)}>
        Undo <kbd>U</kbd>
      </button>
      <button type="button" className="tw-link" onClick={() => works.confirm(work.id)}>
        Delete now
      </button>
    </p>
  );
}

function Going({ work }: { readonly work: RunWork }) {
  const { works } = useModel();
  const { id, verb, tried, runIds } = work;
  return (
    <>
      <p className="tw-work-line">
        <span className="tw-num">
          {GOING[verb]}: {formatCount(tried)} of {formatCount(runIds.length)}
        </span>
        <button type="button" className="tw-button tw-button-small" onClick={() => works.stop(id)}>
          Stop
        </button>
      </p>
      <progress aria-label={GOING[verb]} value={tried} max={runIds.length} />
    </>
  );
}

/** Failures of a thousand runs are not all worth drawing. */
const LISTED = 50;

function Failures({ work: { failures } }: { readonly work: RunWork }) {
  const { navigation } = useModel();
  return (
    <ul className="tw-work-failures">
      {failures.slice(0, LISTED).map(({ runId, error }) => (
        <li key={runId}>
          <CircleAlert size={13} aria-hidden="true" className="tw-danger" />{" "}
          <button type="button" className="tw-link tw-mono" onClick={() => navigation.openRun(runId)}>
            {runId}
          </button>{" "}
          {error.message} {error.code !== undefined && <code className="tw-tag">{error.code}</code>}
        </li>
      ))}
      {failures.length > LISTED && <li>and {formatCount(failures.length - LISTED)} more</li>}
    </ul>
  );
}
