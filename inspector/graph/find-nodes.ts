/** Steps and events by a part of their name. Pure. */
import type { GraphNode } from "tickwork/client";

export interface FoundNode {
  readonly id: string;
  readonly name: string;
  readonly kind: "step" | "event";
}

/** More are not listed: one types another letter sooner than one reads them. */
const MOST_FOUND = 50;

/** Those that begin with the text first, then those with a word that does, then the rest; steps before events. */
export function findNodes(nodes: readonly GraphNode[], text: string): readonly FoundNode[] {
  const wanted = text.trim().toLowerCase();
  const found = nodes.flatMap((node) => {
    if (node.kind !== "step" && node.kind !== "event") return [];
    const rank = rankOf(node.name, wanted);
    return rank === null ? [] : [{ id: node.id, name: node.name, kind: node.kind, rank }];
  });
  return found
    .toSorted(
      (a, b) => a.rank - b.rank || (a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === "step" ? -1 : 1),
    )
    .slice(0, MOST_FOUND)
    .map(({ id, name, kind }) => ({ id, name, kind }));
}

function rankOf(name: string, wanted: string): number | null {
  const at = name.toLowerCase().indexOf(wanted);
  if (at < 0) return null;
  if (at === 0) return 0;
  // Words begin after a sign, and with a capital letter.
  return wordStarts(name).some((start) => name.toLowerCase().startsWith(wanted, start)) ? 1 : 2;
}

function wordStarts(name: string): readonly number[] {
  return [...name.matchAll(/[A-Z]|(?<=[^\p{L}\p{N}])[\p{L}\p{N}]|(?<=\p{L})\p{N}/gu)].map(({ index }) => index);
}
