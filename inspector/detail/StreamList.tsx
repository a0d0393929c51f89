import { Radio } from "lucide-react";
import { useState } from "react";
import { formatBytes, formatClock, formatCount } from "../store/format.ts";
import { viewedGraph } from "../store/inspector-state.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { useAnswer } from "./use-answer.ts";

const PAGE = 50;

/** The events that readers of the run's stream got until the shown tick, with their numbers; the newest page first. */
export default function StreamList() {
  const { source, navigation } = useModel();
  const runId = useInspector((state) => state.runId) ?? "";
  const published = useInspector((state) => viewedGraph(state)?.published ?? 0);
  const [chosen, setChosen] = useState<number | null>(null);
  const [newest, setNewest] = useState(published);
  // The page stays as it is while more is published; going back in time shows what there was then.
  const end = Math.min(chosen ?? newest, published);
  const from = Math.max(1, end - PAGE + 1);
  const { value: page, problem } = useAnswer(`${runId} ${from} ${end}`, () =>
    source.readStream(runId, { from, limit: Math.max(0, end - from + 1) }),
  );
  if (published === 0) {
    return (
      <EmptyState icon={Radio} title="Nothing was published">
        <p className="tw-muted">
          Steps publish with ctx.writeEventToStream; prompts and the end of the run are published too.
        </p>
      </EmptyState>
    );
  }
  if (problem !== null) return <p className="tw-danger">{problem.message}</p>;
  return (
    <>
      <div className="tw-section-head tw-num">
        <span className="tw-muted">
          {formatCount(from)} to {formatCount(end)} of {formatCount(published)}
        </span>
        <span className="tw-payload-tools">
          <button
            type="button"
            className="tw-button tw-button-small"
            disabled={from === 1}
            onClick={() => setChosen(from - 1)}
          >
            Older
          </button>
          <button
            type="button"
            className="tw-button tw-button-small"
            disabled={end >= published}
            onClick={() => {
              const next = end + PAGE;
              setNewest(published);
              setChosen(next >= published ? null : next);
            }}
          >
            Newer
          </button>
        </span>
      </div>
      {page === null ? (
        <Skeleton label="Reading the stream" rows={8} />
      ) : (
        <ol className="tw-stream" reversed start={end}>
          {page.events.toReversed().map(({ position, tick, at, type, preview, size }) => (
            <li key={position}>
              <button type="button" className="tw-item" onClick={() => navigation.selectTick(tick)}>
                <span className="tw-num tw-muted">{formatCount(position)}</span>
                <span className="tw-cut">{type}</span>
                <span className="tw-num tw-muted">{formatClock(at)}</span>
                <span className="tw-num tw-muted tw-right">{formatBytes(size)}</span>
                <code className="tw-stream-preview tw-cut tw-muted">{preview}</code>
              </button>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
