import type { ReactNode } from "react";
import type { ShownValue, StateDifference, StoreDifference } from "tickwork/client";
import type { NumberChange } from "../store/difference-words.ts";
import { BreakableText } from "../ui/BreakableText.tsx";
import { isSame, pathWords, runChanges, stepChanges, workItemWords } from "../store/difference-words.ts";
import { formatBytes, formatCount } from "../store/format.ts";
import { ErrorText } from "../ui/ErrorText.tsx";
import { JsonTree } from "../ui/JsonTree.tsx";
import { SelectionLink } from "../detail/SelectionLink.tsx";

interface DifferenceViewProps {
  readonly difference: StateDifference;
  /** Said in place of all when nothing differs. */
  readonly nothing: string;
  /** Asks for the values at a path in full; null: they cannot be asked for. */
  readonly onWhole: ((path: StoreDifference["path"]) => void) | null;
}

/** What differs between two states, part by part; a part in which nothing does is left out. */
export function DifferenceView({ difference, nothing, onWhole }: DifferenceViewProps) {
  if (isSame(difference)) return <p className="tw-muted">{nothing}</p>;
  const { store, storeCount, steps, workItems, workItemCount, waiters, waiterCount, result, error } = difference;
  return (
    <>
      <Part title="Run" count={runChanges(difference).length}>
        <Numbers changes={runChanges(difference)} />
      </Part>
      {error !== undefined && <ErrorText error={error} />}
      {result !== undefined && (
        <section className="tw-section">
          <h3>Result</h3>
          {result.value === undefined ? (
            <code>{result.preview}</code>
          ) : (
            <JsonTree label="Result" value={result.value} />
          )}
        </section>
      )}
      <Part title="State store" count={storeCount}>
        <ul className="tw-changes" aria-label="Changes of the state store">
          {store.map((each) => (
            <StoreRow key={`${each.kind} ${JSON.stringify(each.path)}`} change={each} onWhole={onWhole} />
          ))}
          <More count={storeCount - store.length} />
        </ul>
      </Part>
      <Part title="Steps" count={steps.length}>
        {steps.map((step) => (
          <div key={step.step} className="tw-change-step">
            <SelectionLink text={step.step} to={{ kind: "step", step: step.step }} />
            <Numbers changes={stepChanges(step)} />
          </div>
        ))}
      </Part>
      <Part title="Work items" count={workItemCount}>
        <ul className="tw-change-list">
          {workItems.map((each) => (
            <li key={`${each.workItem} ${each.before === null}`}>
              <SelectionLink text={`#${each.workItem}`} to={{ kind: "workItem", workItem: each.workItem }} />
              <span>
                {each.step} <span className="tw-muted">{each.eventType}</span>
              </span>
              <span>{workItemWords(each)}</span>
            </li>
          ))}
          <More count={workItemCount - workItems.length} />
        </ul>
      </Part>
      <Part title="Waits" count={waiterCount}>
        <ul className="tw-change-list">
          {waiters.map(({ waiter, step, workItem, type, kind }) => (
            <li key={`${waiter} ${kind}`}>
              <SelectionLink text={`#${workItem}`} to={{ kind: "workItem", workItem }} />
              <span>{step}</span>
              <span>{kind === "began" ? `waits for ${type}` : `waits for ${type} no more`}</span>
            </li>
          ))}
          <More count={waiterCount - waiters.length} />
        </ul>
      </Part>
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}

function Part({ title, count, children }: PartProps) {
  if (count === 0) return null;
  return (
    <section className="tw-section">
      <h3>
        {title} <span className="tw-muted tw-num">{formatCount(count)}</span>
      </h3>
      {children}
    </section>
  );
}

function Numbers({ changes }: { readonly changes: readonly NumberChange[] }) {
  return (
    <dl className="tw-facts">
      {changes.map(({ name, before, after }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="tw-num">
            {before} → {after}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const SIGNS = { added: "added", removed: "removed", changed: "changed" } as const;

function StoreRow({
  change: { kind, path, before, after },
  onWhole,
}: {
  readonly change: StoreDifference;
  readonly onWhole: DifferenceViewProps["onWhole"];
}) {
  const isCut = [before, after].some((each) => each !== undefined && each.value === undefined);
  return (
    <li>
      <span className="tw-change-path">
        <code>
          <BreakableText text={pathWords(path)} />
        </code>{" "}
        <span className="tw-muted">{SIGNS[kind]}</span>
      </span>
      <Value sign="−" value={before} />
      <Value sign="+" value={after} />
      {isCut && onWhole !== null && (
        <button type="button" className="tw-link" onClick={() => onWhole(path)}>
          Show whole, {formatBytes((before?.size ?? 0) + (after?.size ?? 0))}
        </button>
      )}
    </li>
  );
}

function Value({ sign, value }: { readonly sign: "−" | "+"; readonly value: ShownValue | undefined }) {
  if (value === undefined) return null;
  const { preview } = value;
  return sign === "−" ? (
    <del>
      {sign} {preview}
    </del>
  ) : (
    <ins>
      {sign} {preview}
    </ins>
  );
}

function More({ count }: { readonly count: number }) {
  return count <= 0 ? null : <li className="tw-muted tw-num">{formatCount(count)} more</li>;
}
