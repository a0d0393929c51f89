/** Resources: what steps need beside events and state, made by a factory when a run first uses them. */

export interface ResourceScope {
  readonly runId: string;
  /** Aborts when the run ends. */
  readonly signal: AbortSignal;
}

export interface Resource<T> {
  readonly factory: (scope: ResourceScope) => T | Promise<T>;
  /** true: one value per run. false: a new one for each use by a step. */
  readonly cache: boolean;
}

/** Declares a resource. The factory may be asynchronous; concurrent first uses share one call. */
export function resource<T>(
  factory: (scope: ResourceScope) => T | Promise<T>,
  options: { cache?: boolean } = {},
): Resource<T> {
  return { factory, cache: options.cache ?? true };
}

export type Resources = { readonly [name: string]: Resource<unknown> };

/** What a step finds in `ctx.resources`. */
export type ResolvedResources<R extends Resources> = {
  readonly [Name in keyof R]: R[Name] extends Resource<infer T> ? T : never;
};
