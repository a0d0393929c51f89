import { useId } from "react";
import { canRunAgain } from "../store/abilities.ts";
import { eventOfDraft } from "../store/tick-draft.ts";
import { formatCount } from "../store/format.ts";
import { lostWords, misfitWords, openWorkWords, whatIfHeadline } from "../store/what-if-words.ts";
import { classNames } from "../ui/class-names.ts";
import { ErrorText } from "../ui/ErrorText.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { ContinueButton } from "./ContinueButton.tsx";
import { DifferenceView } from "./DifferenceView.tsx";

/** The tick shown left out or changed, and what the ticks after it then come to. The run is not touched. */
export default function WhatIfTab() {
  const { navigation } = useModel();
  const whatIf = useInspector((state) => state.whatIf);
  const { isComputing, answer, problem } = useInspector((state) => state.sandbox);
  if (whatIf === null) return null;
  const { sequence, kind } = whatIf;
  return (
    <>
      <div className="tw-choice" role="group" aria-label={`What becomes of tick ${sequence}`}>
        {(["skip", "change"] as const).map((each) => (
          <button
            key={each}
            type="button"
            className={classNames("tw-switch-part", kind === each && "tw-is-on")}
            aria-pressed={kind === each}
            onClick={() => navigation.askWhatIf(each)}
          >
            {each === "skip" ? `Leave #${formatCount(sequence)} out` : `Change #${formatCount(sequence)}`}
          </button>
        ))}
      </div>
      {kind === "change" && <TickEditor sequence={sequence} />}
      {problem !== null && <ErrorText error={problem} />}
      {isComputing && <Skeleton label="Recomputing the ticks after it" rows={4} />}
      {answer !== null && !isComputing && <Outcome />}
      <Continue sequence={sequence} />
    </>
  );
}

function TickEditor({ sequence }: { readonly sequence: number }) {
  const { navigation, store } = useModel();
  const draft = useInspector((state) => state.sandbox.draft);
  const isInvalid = useInspector((state) => state.sandbox.problem !== null);
  const id = useId();
  return (
    <form
      className="tw-form"
      onSubmit={(event) => {
        event.preventDefault();
        store.getState().session?.recompute();
      }}
    >
      <div className="tw-field">
        <label htmlFor={id}>Tick #{formatCount(sequence)} as JSON</label>
        <textarea
          id={id}
          className="tw-input tw-mono"
          rows={12}
          spellCheck={false}
          aria-invalid={isInvalid}
          value={draft}
          onChange={(event) => navigation.editTick(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
      </div>
      <div className="tw-form-actions">
        <button type="submit" className="tw-button tw-button-primary">
          Recompute
        </button>
      </div>
    </form>
  );
}

const LISTED = 20;

function Outcome() {
  const answer = useInspector((state) => state.sandbox.answer);
  if (answer === null) return null;
  const { withoutEffect, withoutEffectCount, openWork, openWorkCount, isWhole, difference } = answer;
  return (
    <>
      <p className="tw-sandbox-note">{whatIfHeadline(answer)}</p>
      {!isWhole && (
        <p className="tw-muted">
          This history is very long: both are compared after tick {formatCount(difference.from.sequence)}.
        </p>
      )}
      {withoutEffectCount > 0 && (
        <section className="tw-section">
          <h3>{lostWords(withoutEffectCount)}</h3>
          <ol className="tw-change-list tw-change-lost">
            {withoutEffect.slice(0, LISTED).map((misfit) => (
              <li key={misfit.sequence}>
                <span className="tw-num">#{formatCount(misfit.sequence)}</span>
                <span>{misfitWords(misfit).what}</span>
                <span className="tw-muted">{misfitWords(misfit).why}</span>
              </li>
            ))}
            <Rest count={withoutEffectCount - LISTED} />
          </ol>
        </section>
      )}
      {openWorkCount > 0 && (
        <section className="tw-section">
          <h3>
            No result is known <span className="tw-muted tw-num">{formatCount(openWorkCount)}</span>
          </h3>
          <ul className="tw-change-list tw-change-plain">
            {openWork.slice(0, LISTED).map((work) => (
              <li key={work.workItem}>{openWorkWords(work)}</li>
            ))}
            <Rest count={openWorkCount - LISTED} />
          </ul>
        </section>
      )}
      <h3 className="tw-sandbox-head">The sandbox beside the run, after tick {formatCount(difference.to.sequence)}</h3>
      <DifferenceView difference={difference} nothing="Nothing differs." onWhole={null} />
    </>
  );
}

function Rest({ count }: { readonly count: number }) {
  return count <= 0 ? null : <li className="tw-muted tw-num">{formatCount(count)} more</li>;
}

/** A real run, from before the changed tick. */
function Continue({ sequence }: { readonly sequence: number }) {
  const { recorded, draft } = useInspector((state) => state.sandbox);
  const kind = useInspector((state) => state.whatIf?.kind);
  const isOffered = useInspector((state) => canRunAgain(state));
  const first = kind === "change" && recorded !== null ? eventOfDraft(recorded, draft) : null;
  if (!isOffered) return null;
  return (
    <section className="tw-section">
      <h3>Go on for real</h3>
      <p className="tw-muted">
        {sequence === 1
          ? "A fork cannot begin before the first tick. Start a new run instead."
          : `A new run that begins after tick ${formatCount(sequence - 1)}, before the one that is another here. Its steps really run.`}
      </p>
      <div className="tw-form-actions">
        <ContinueButton atSequence={sequence - 1} text={`Continue from #${formatCount(sequence - 1)}`} />
        {first !== null && sequence > 1 && (
          <ContinueButton atSequence={sequence - 1} text={`Continue and send ${first.event.type}`} first={first} />
        )}
      </div>
    </section>
  );
}
