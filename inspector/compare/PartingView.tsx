import type { RunComparison, ShownValue, TickSummary } from "tickwork/client";
import { partingSentence, pathWords, tickWords } from "../store/compare-words.ts";
import { formatBytes, formatCount } from "../store/format.ts";
import { START_PLACE } from "../store/place.ts";
import { BreakableText } from "../ui/BreakableText.tsx";
import { useModel } from "../ui/model-context.ts";

const KIND_WORDS = { added: "Only in the second", removed: "Only in the first", changed: "Changed" } as const;

/** Where the runs part, with the way to that tick in either, and what differs there. */
export function PartingView({ comparison }: { readonly comparison: RunComparison }) {
  const { parting, a, b } = comparison;
  return (
    <section className="tw-compare-parting" aria-label="Where they part">
      <h3>{partingSentence(comparison)}</h3>
      {parting !== null && (
        <div className="tw-compare-runs">
          <TickLink name="First" runId={a.runId} tick={parting.a} />
          <TickLink name="Second" runId={b.runId} tick={parting.b} />
        </div>
      )}
      {parting !== null && parting.differences.length > 0 && (
        <table className="tw-compare-table">
          <caption className="tw-sr">What differs in these ticks</caption>
          <thead>
            <tr>
              <th scope="col">Where</th>
              <th scope="col">First</th>
              <th scope="col">Second</th>
            </tr>
          </thead>
          <tbody>
            {parting.differences.map(({ kind, path, a: inA, b: inB }) => (
              <tr key={`${kind} ${JSON.stringify(path)}`} data-kind={kind}>
                <th scope="row">
                  <code>
                    <BreakableText text={pathWords(path)} />
                  </code>{" "}
                  <span className="tw-muted">{KIND_WORDS[kind]}</span>
                </th>
                <td>{inA && <Value value={inA} />}</td>
                <td>{inB && <Value value={inB} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {parting !== null && parting.differenceCount > parting.differences.length && (
        <p className="tw-muted tw-num">
          {formatCount(parting.differences.length)} of {formatCount(parting.differenceCount)} places are listed.
        </p>
      )}
    </section>
  );
}

interface TickLinkProps {
  readonly name: "First" | "Second";
  readonly runId: string;
  readonly tick: TickSummary | null;
}

function TickLink({ name, runId, tick }: TickLinkProps) {
  const { navigation } = useModel();
  if (tick === null) return <p className="tw-muted">{name}: nothing more here</p>;
  const open = (): void =>
    navigation.goTo({ ...START_PLACE, runId, position: tick.sequence, selection: { kind: "tick" } });
  return (
    <p>
      <span className="tw-muted">{name}</span>{" "}
      <button type="button" className="tw-link tw-num" onClick={open}>
        #{formatCount(tick.sequence)} {tickWords(tick)}
      </button>{" "}
      {tick.note !== undefined && <span className="tw-muted">{tick.note}</span>}
    </p>
  );
}

/** As text only, and capped: it may be anything. */
function Value({ value: { preview, size, value } }: { readonly value: ShownValue }) {
  return (
    <code className="tw-compare-value">
      {value === undefined ? preview : JSON.stringify(value, null, 2)}
      {value === undefined && <span className="tw-muted"> {formatBytes(size)}</span>}
    </code>
  );
}
