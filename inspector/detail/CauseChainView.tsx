import { CornerDownRight, Globe } from "lucide-react";
import type { CauseChain, CauseNode } from "tickwork/client";
import { lookOfTick } from "../log/LogRow.tsx";
import { formatClock, formatCount } from "../store/format.ts";
import { depthsOf } from "../store/cause-depths.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { Skeleton } from "../ui/Skeleton.tsx";
import { classNames } from "../ui/class-names.ts";
import { useAnswer } from "./use-answer.ts";

/** What led to the selected tick, from outside, and all that came of it. */
export default function CauseChainView() {
  const { source } = useModel();
  const runId = useInspector((state) => state.runId) ?? "";
  const position = useInspector((state) => state.position);
  const sequence = position === "live" ? 0 : position;
  const { value: chain, problem } = useAnswer(`${runId} ${sequence}`, () => source.causes(runId, sequence));
  if (problem !== null) return <p className="tw-danger">{problem.message}</p>;
  if (chain === null) return <Skeleton label="Looking for causes" rows={6} />;
  return (
    <>
      <section className="tw-section">
        <h3>What led to it</h3>
        <ol className="tw-chain" aria-label="What led to it, the first cause first">
          {chain.isWhole ? (
            <li className="tw-chain-outside tw-muted">
              <Globe size={13} aria-hidden="true" /> Came from outside
            </li>
          ) : (
            <li className="tw-muted">Earlier causes are left out.</li>
          )}
          {chain.ancestors.map((node) => (
            <Node key={node.tick.sequence} node={node} depth={0} />
          ))}
          <li className="tw-chain-here tw-strong tw-num">#{formatCount(chain.sequence)}, this tick</li>
        </ol>
      </section>
      <section className="tw-section">
        <h3>What came of it</h3>
        <Descendants chain={chain} />
      </section>
    </>
  );
}

function Descendants({ chain }: { readonly chain: CauseChain }) {
  const { descendants, searchedTo, lastSequence } = chain;
  const depths = depthsOf(chain);
  return (
    <>
      {descendants.length === 0 && <p className="tw-muted">Nothing, as far as was looked.</p>}
      <ol className="tw-chain" aria-label="What came of it, in order">
        {descendants.map((node) => (
          <Node key={node.tick.sequence} node={node} depth={depths.get(node.tick.sequence) ?? 1} />
        ))}
      </ol>
      {searchedTo < lastSequence && (
        <p className="tw-muted tw-num">
          Looked up to tick {formatCount(searchedTo)} of {formatCount(lastSequence)}.
        </p>
      )}
    </>
  );
}

function Node({ node: { tick, cause }, depth }: { readonly node: CauseNode; readonly depth: number }) {
  const { navigation } = useModel();
  const { icon: Icon, tone, word } = lookOfTick(tick);
  return (
    <li style={{ paddingInlineStart: Math.min(depth, 8) * 12 }}>
      <button
        type="button"
        className={classNames("tw-chain-node", tick.outcome === "failed" && "tw-is-failed")}
        title={cause === "external" ? "Came from outside" : `Because of #${cause}`}
        onClick={() => navigation.selectTick(tick.sequence, "causes")}
      >
        {depth > 0 && <CornerDownRight size={12} className="tw-muted" aria-hidden="true" />}
        <Icon size={13} className={tone} aria-hidden="true" />
        <span className="tw-num tw-muted">#{formatCount(tick.sequence)}</span>
        <span className="tw-cut">
          {word} <span className="tw-strong">{tick.step ?? tick.events[0]?.type ?? ""}</span>{" "}
          {tick.workItem !== undefined && <span className="tw-num tw-muted">#{tick.workItem}</span>}
        </span>
        <span className="tw-num tw-muted tw-right">{formatClock(tick.at)}</span>
      </button>
    </li>
  );
}
