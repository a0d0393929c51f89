/** Resources: what steps need beside events and state, made by a factory when a run first uses them. */
import { WorkflowConfigurationError } from "../core/errors.ts";

/** What a factory may ask for. */
export interface ResourceScope {
  readonly runId: string;
  /** Aborts when the run ends or is let go. */
  readonly signal: AbortSignal;
  /**
   * The value of another resource, made now if need be; the workflow need not list it. A cached one is the run's only
   * one; one with `cache: false` is shared by what is resolved together (see `resource`).
   *
   * Rejects with the other's error if it cannot be made, with `WorkflowConfigurationError` (code RESOURCE_CYCLE) that
   * names the chain when resources need each other, and with `ContextStateError` once it would come too late.
   */
  readonly use: <T>(resource: Resource<T>) => Promise<T>;
}

/** A declared resource. Told apart from others by itself, not by a name: keep it in a constant to use it in factories. */
export interface Resource<T> {
  readonly factory: (scope: ResourceScope) => T | Promise<T>;
  /** true: one value per run. false: a new one for each use by a step. */
  readonly cache: boolean;
  /** For messages; null: the name a workflow lists it under, or the factory's. */
  readonly name: string | null;
  /** Takes the value that the factory gave; null: the value's own way, if it has one. */
  readonly dispose: ((value: never) => unknown) | null;
}

export interface ResourceOptions<T> {
  /** true (default): one value per run. false: a new one for each use by a step. */
  readonly cache?: boolean;
  /**
   * Called with the value when it is no longer needed. Default: the value's own `Symbol.asyncDispose` or
   * `Symbol.dispose` method, where the platform knows these and the value has one; `() => undefined` prevents that.
   */
  readonly dispose?: (value: T) => unknown;
  /** For messages; default: the name a workflow lists it under, or the factory's. */
  readonly name?: string;
}

/**
 * Declares a resource. The factory may be asynchronous and may use other resources; concurrent first uses share one
 * call. When it fails, the attempt of the step fails with `WorkflowRuntimeError` (code RESOURCE_FAILED, the factory's
 * error as its cause), and the next attempt calls it again.
 *
 * - `cache: true`: made once per run, falsy values too; disposed of when the run ends, however it ends, or is let go.
 * - `cache: false`: made once for each invocation of a step, with all that this step needs, and disposed of when that
 *   invocation is over (also when a wait suspends it). One that a cached resource uses is made for that resource and
 *   lives as long.
 *
 * Disposal goes in reverse order of creation, one after the other. A run's result does not wait for one that is
 * asynchronous; closing the engine does. What fails there is reported and changes nothing about the run.
 *
 * ```ts
 * const database = resource(({ signal }) => openDatabase({ signal }), { dispose: (db) => db.close() });
 * const users = resource(async ({ use }) => new Users(await use(database)));
 * ```
 *
 * Throws `WorkflowConfigurationError` for a factory or a dispose that is no function.
 */
export function resource<T>(
  factory: (scope: ResourceScope) => T | Promise<T>,
  options: ResourceOptions<T> = {},
): Resource<T> {
  const { cache = true, dispose = null, name = null } = options;
  if (typeof factory !== "function") {
    throw new WorkflowConfigurationError(
      `resource needs a function that makes the value, not ${String(factory)}. For a ready value: resource(() => value).`,
    );
  }
  if (dispose !== null && typeof dispose !== "function") {
    throw new WorkflowConfigurationError("resource: dispose must be a function that takes the value.");
  }
  return { factory, cache, name, dispose };
}

export function isResource(value: unknown): value is Resource<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as Partial<Resource<unknown>>).factory === "function"
  );
}

/** Throws `WorkflowConfigurationError` when a workflow lists something that is no resource. */
export function assertResources(workflow: string, resources: { readonly [name: string]: unknown }): void {
  const wrong = Object.entries(resources).filter(([, value]) => !isResource(value));
  if (wrong.length === 0) return;
  throw new WorkflowConfigurationError(
    `Workflow ${workflow} lists resources that are none: ${wrong.map(([name, value]) => `${name} (${value === null ? "null" : typeof value})`).join(", ")}. Make each with resource(() => value).`,
    { data: { workflow, resources: wrong.map(([name]) => name) } },
  );
}

export type Resources = { readonly [name: string]: Resource<unknown> };

/** What a step finds in `ctx.resources`. */
export type ResolvedResources<R extends Resources> = {
  readonly [Name in keyof R]: R[Name] extends Resource<infer T> ? T : never;
};
