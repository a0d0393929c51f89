/**
 * Which edges point back, so that the layout can draw the loop as a way back instead of stacking it. An event
 * between two steps belongs to its arrow: when the way out of it points back, the way into it does too.
 */
export interface DirectedEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

export function findBackEdges(
  nodes: readonly { readonly id: string; readonly isLabel: boolean }[],
  edges: readonly DirectedEdge[],
): ReadonlySet<string> {
  const outgoing = groupBy(edges, (edge) => edge.source);
  const incoming = groupBy(edges, (edge) => edge.target);
  const back = new Set<string>();
  const state = new Map<string, "open" | "done">();

  // Nodes nothing leads to come first: the start event and resources. Then whatever is left is in a loop.
  const roots = [...nodes.filter(({ id }) => !incoming.has(id)), ...nodes];
  for (const root of roots) {
    if (state.has(root.id)) continue;
    const stack: { id: string; next: number }[] = [{ id: root.id, next: 0 }];
    state.set(root.id, "open");
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = outgoing.get(top.id)?.[top.next];
      top.next += 1;
      if (edge === undefined) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(edge.target) === "open") {
        back.add(edge.id);
      } else if (!state.has(edge.target)) {
        state.set(edge.target, "open");
        stack.push({ id: edge.target, next: 0 });
      }
    }
  }

  for (const { id, isLabel } of nodes) {
    const out = outgoing.get(id) ?? [];
    const into = incoming.get(id) ?? [];
    if (!isLabel || out.length === 0 || into.length === 0 || !out.every((edge) => back.has(edge.id))) continue;
    const goals = new Set(out.map((edge) => edge.target));
    if (into.every((edge) => !reaches(edge.source, goals, id, { outgoing, incoming, back })))
      for (const edge of into) back.add(edge.id);
  }
  return back;
}

interface Oriented {
  readonly outgoing: ReadonlyMap<string, readonly DirectedEdge[]>;
  readonly incoming: ReadonlyMap<string, readonly DirectedEdge[]>;
  /** These count from target to source. */
  readonly back: ReadonlySet<string>;
}

/** Whether a way leads from a node to one of the goals that does not pass through `avoid`. */
function reaches(
  from: string,
  goals: ReadonlySet<string>,
  avoid: string,
  { outgoing, incoming, back }: Oriented,
): boolean {
  const seen = new Set([from, avoid]);
  const todo = [from];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (goals.has(id)) return true;
    const next = [
      ...(outgoing.get(id) ?? []).filter((edge) => !back.has(edge.id)).map((edge) => edge.target),
      ...(incoming.get(id) ?? []).filter((edge) => back.has(edge.id)).map((edge) => edge.source),
    ];
    for (const each of next) {
      if (seen.has(each)) continue;
      seen.add(each);
      todo.push(each);
    }
  }
  return false;
}

function groupBy(edges: readonly DirectedEdge[], keyOf: (edge: DirectedEdge) => string): Map<string, DirectedEdge[]> {
  const groups = new Map<string, DirectedEdge[]>();
  for (const edge of edges) {
    const group = groups.get(keyOf(edge));
    if (group === undefined) groups.set(keyOf(edge), [edge]);
    else group.push(edge);
  }
  return groups;
}
