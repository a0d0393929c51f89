/** A drawing before its edges are drawn: what the layout, the folding and the ports hand on. */
import type { Point } from "./edge-path.ts";

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly isBack: boolean;
  /** From source to target, one per rank passed. */
  readonly between: readonly Point[];
  /** Leads from one column to the next; made by folding. */
  readonly detour?: readonly Point[];
}

export interface Placed {
  readonly boxes: { readonly [id: string]: Box };
  readonly edges: readonly PlacedEdge[];
}
