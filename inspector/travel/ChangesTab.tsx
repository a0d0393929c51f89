import { useEffect, useState } from "react";
import type { StateDifference, StoreDifference } from "tickwork/client";
import { formatCount } from "../store/format.ts";
import { pathWords } from "../store/difference-words.ts";
import { toErrorText } from "../source/error-text.ts";
import { BreakableText } from "../ui/BreakableText.tsx";
import { CopyButton } from "../ui/CopyButton.tsx";
import { JsonTree } from "../ui/JsonTree.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { TickField } from "../ui/TickField.tsx";
import { DifferenceView } from "./DifferenceView.tsx";

/** What changed from one tick to the one shown: from the tick before, or from any that was chosen. */
export default function ChangesTab() {
  const { navigation } = useModel();
  const difference = useInspector((state) => state.difference);
  const base = useInspector((state) => state.differenceFrom);
  const isSandbox = useInspector((state) => state.sandbox.answer !== null);
  const [whole, setWhole] = useState<WholeOf | null>(null);
  const range = difference === null ? "" : `${difference.from.sequence} ${difference.to.sequence}`;
  // What was shown whole belongs to two ticks.
  useEffect(() => setWhole(null), [range]);
  if (isSandbox) return <p className="tw-muted">What the sandbox changes is under What if.</p>;
  if (difference === null) return <Skeleton label="Comparing" rows={6} />;
  const { from, to } = difference;
  return (
    <>
      <div className="tw-section-head tw-change-range">
        <label className="tw-jump">
          <span>From #</span>
          <TickField
            key={base ?? "before"}
            label="Compare with tick"
            value={from.sequence}
            onChoose={(at) => navigation.compareFrom(at)}
          />
          <span className="tw-num">to #{formatCount(to.sequence)}</span>
        </label>
        {base !== null && (
          <button type="button" className="tw-link" onClick={() => navigation.compareFrom(null)}>
            From the tick before
          </button>
        )}
      </div>
      {whole === null ? (
        <DifferenceView
          difference={difference}
          nothing={
            from.sequence === to.sequence ? "This is the tick compared with. Go to another." : "Only time went on."
          }
          onWhole={(path) => setWhole({ difference, path })}
        />
      ) : (
        <WholeChange of={whole} onClose={() => setWhole(null)} />
      )}
    </>
  );
}

interface WholeOf {
  readonly difference: StateDifference;
  readonly path: StoreDifference["path"];
}

/** One place of the store before and after, in full. */
function WholeChange({ of: { difference, path }, onClose }: { readonly of: WholeOf; readonly onClose: () => void }) {
  const { source, store } = useModel();
  const [change, setChange] = useState<StoreDifference | null>(null);
  const { runId, from, to } = difference;
  useEffect(() => {
    let isGone = false;
    source.stateDifference(runId, { from: from.sequence, to: to.sequence, path }).then(
      (answer) => {
        if (!isGone) setChange(answer.store[0] ?? null);
      },
      (error: unknown) => store.setState({ notice: toErrorText(error) }),
    );
    return () => {
      isGone = true;
    };
  }, [source, store, runId, from.sequence, to.sequence, path]);
  return (
    <>
      <div className="tw-section-head">
        <code>
          <BreakableText text={pathWords(path)} />
        </code>
        <button type="button" className="tw-link" onClick={onClose}>
          All changes
        </button>
      </div>
      {change === null && <Skeleton label="Loading the values" />}
      {(["before", "after"] as const).map((side) => {
        const value = change?.[side]?.value;
        return value === undefined ? null : (
          <section key={side} className="tw-section">
            <div className="tw-section-head">
              <h3>
                {side === "before" ? `Before, #${formatCount(from.sequence)}` : `After, #${formatCount(to.sequence)}`}
              </h3>
              <CopyButton label="Copy JSON" text={() => JSON.stringify(value, null, 2)} />
            </div>
            <JsonTree label={side === "before" ? "Before" : "After"} value={value} />
          </section>
        );
      })}
    </>
  );
}
