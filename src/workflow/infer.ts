/** What a workflow's type says of its runs. */
import type { DataOf, InputOf } from "./event.ts";

/** Any workflow, known only by what its type carries. */
export interface AnyWorkflow {
  readonly name: string;
  readonly types?: { readonly start: unknown; readonly stop: unknown; readonly resources: unknown };
}

type TypesOf<W> = W extends { readonly types?: infer Types } ? NonNullable<Types> : never;

/** Input of a workflow: what its start kind takes. */
export type InputOfWorkflow<W> = TypesOf<W> extends { readonly start: infer Start } ? InputOf<Start> : never;
/** Result of a workflow: its stop event's data. */
export type ResultOfWorkflow<W> = TypesOf<W> extends { readonly stop: infer Stop } ? DataOf<Stop> : never;
/** What the workflow's steps find in `ctx.resources`. */
export type ResourcesOfWorkflow<W> = TypesOf<W> extends { readonly resources: infer R } ? R : never;
