/** Which kinds a step takes for one it names: that kind, and those that extend it where the step asked for them. */
import { extendsKind, type AnyEventKind } from "./event.ts";

interface Taker {
  readonly acceptsSubkinds: boolean;
}

/** True when the step takes events of this kind where it accepts, or waits for, the named one. */
export function takes(step: Taker, named: AnyEventKind, kind: AnyEventKind): boolean {
  return step.acceptsSubkinds && kind.role !== "stop" ? extendsKind(kind, named) : kind.type === named.type;
}

/** The types among these kinds that the step takes besides the named one itself. */
export function subtypesTaken(step: Taker, named: AnyEventKind, kinds: Iterable<AnyEventKind>): string[] {
  if (!step.acceptsSubkinds) return [];
  const types = new Set<string>();
  for (const kind of kinds) if (takes(step, named, kind)) types.add(kind.type);
  types.delete(named.type);
  return [...types];
}

/** True when the step accepts events of this kind. */
export function accepts(step: Taker & { readonly accepts: readonly AnyEventKind[] }, kind: AnyEventKind): boolean {
  return step.accepts.some((named) => takes(step, named, kind));
}

/** True when the step names a wait that events of this kind answer. */
export function waitsFor(step: Taker & { readonly waitsFor: readonly AnyEventKind[] }, kind: AnyEventKind): boolean {
  return step.waitsFor.some((named) => takes(step, named, kind));
}
