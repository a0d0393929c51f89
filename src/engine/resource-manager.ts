/**
 * Makes a run's resources and sees that they leave.
 *
 * R1 A resource is told apart by its object. In one lifetime it is made once, however many ask for it at once.
 * R2 Lifetimes: the run's, for cached resources; and for the uncached ones that they use, one per invocation of a step
 *    and one per cached resource.
 * R3 A cycle is one of resources that wait for each other at this moment, whoever asked for them first.
 * R4 What was made leaves once, with its lifetime, the newest first: what it uses was there before it.
 * R5 No failure on the way out reaches a step or the run.
 */
import { ContextStateError, WorkflowConfigurationError, WorkflowError, WorkflowRuntimeError } from "../core/errors.ts";
import { encodeError } from "../serialize/error-codec.ts";
import { isResource, type Resource, type Resources, type ResourceScope } from "../workflow/resource.ts";
import { Lifetime, type Making } from "./resource-lifetime.ts";
import type { ResourcePort } from "./run-ports.ts";

export interface ManagerOptions {
  readonly scope: Pick<ResourceScope, "runId" | "signal">;
  /** Values by the names the workflow lists: these are neither made nor disposed of. */
  readonly given?: { readonly [name: string]: unknown };
  /** Told of disposals that failed. */
  readonly report: (problem: WorkflowError) => void;
}

/** The resources of a run, as its broker sees them. */
export interface RunResources extends ResourcePort {
  /** The invocation is over: what was made for it alone leaves. */
  release(invocation: object): void;
  /**
   * The run ended or was let go: nothing is made any more, and what was made leaves, before this returns as far as it
   * can. What is still being made leaves as soon as it is there; that is not waited for.
   */
  close(): Promise<void>;
}

const DONE = Promise.resolve();
const NONE: RunResources = {
  isEmpty: true,
  resolveAll: async () => ({}),
  release: () => undefined,
  close: () => DONE,
};

/**
 * The resources of a run of a workflow that lists these.
 * Throws `WorkflowConfigurationError` for a given value whose name is not listed.
 */
export function openResources(listed: Resources, options: ManagerOptions): RunResources {
  // Most workflows have none, and most runs are short.
  return isBlank(listed) && isBlank(options.given) ? NONE : new ResourceManager(listed, options);
}

class ResourceManager implements RunResources {
  readonly isEmpty: boolean;
  readonly #listed: readonly (readonly [name: string, resource: Resource<unknown>])[];
  readonly #given = new Map<Resource<unknown>, unknown>();
  readonly #scope: ManagerOptions["scope"];
  readonly #report: ManagerOptions["report"];
  readonly #run: Lifetime;
  readonly #invocations = new Map<object, Lifetime>();
  /** Lifetimes within the run's that are over, and wait for an asynchronous disposal. */
  readonly #leaving = new Set<Promise<void>>();
  #closed: Promise<void> | null = null;

  constructor(resources: Resources, { scope, given = {}, report }: ManagerOptions) {
    this.#listed = Object.entries(resources);
    this.isEmpty = this.#listed.length === 0;
    this.#scope = scope;
    this.#report = report;
    for (const [name, value] of Object.entries(given)) {
      const resource = Object.hasOwn(resources, name) ? resources[name] : undefined;
      if (!resource) throw notListed(name, Object.keys(resources));
      this.#given.set(resource, value);
    }
    this.#run = new Lifetime(new Set(this.#given.values()), (name, error) => this.#reportDisposal(name, error));
  }

  async resolveAll(invocation: object): Promise<Record<string, unknown>> {
    const lifetime = this.#run.begin();
    this.#invocations.set(invocation, lifetime);
    const values = await Promise.all(this.#listed.map(([, resource]) => this.#use(resource, lifetime, null)));
    return Object.fromEntries(this.#listed.map(([name], index) => [name, values[index]]));
  }

  release(invocation: object): void {
    const lifetime = this.#invocations.get(invocation);
    if (!lifetime) return;
    this.#invocations.delete(invocation);
    this.#leave(lifetime);
  }

  close(): Promise<void> {
    if (this.#closed) return this.#closed;
    for (const invocation of this.#invocations.keys()) this.release(invocation);
    this.#run.end();
    // What the steps used may need the run's resources to leave.
    const first = this.#leaving.size > 0 ? Promise.all(this.#leaving) : undefined;
    this.#closed = first ? first.then(() => this.#run.close()) : (this.#run.close() ?? DONE);
    return this.#closed;
  }

  #leave(lifetime: Lifetime): void {
    const leaving = lifetime.close();
    if (!leaving) return;
    this.#leaving.add(leaving);
    void leaving.then(() => this.#leaving.delete(leaving));
  }

  /** `user`: the resource whose factory asks; null for a step. `lifetime`: where it has its uncached ones. */
  #use(resource: Resource<unknown>, lifetime: Lifetime, user: Making | null): Promise<unknown> {
    if (!isResource(resource)) return refuse(noResource(resource, user));
    if (this.#given.has(resource)) return Promise.resolve(this.#given.get(resource));
    const owner = resource.cache ? this.#run : lifetime;
    if (owner.isOver) return refuse(tooLate(this.#nameOf(resource)));
    const making = owner.makings.get(resource) ?? this.#make(resource, owner);
    if (!user?.isPending || !making.isPending) return making.value;
    const chain = chainBetween(making, user);
    if (chain) return refuse(circular([user, ...chain]));
    user.waitsFor.add(making);
    const stop = (): void => void user.waitsFor.delete(making);
    making.value.then(stop, stop);
    return making.value;
  }

  #make(resource: Resource<unknown>, owner: Lifetime): Making {
    // The factory begins a little later: by then it is known who waits for it.
    const begin = Promise.resolve().then(() => this.#valueOf(resource, making, owner));
    const making: Making = { name: this.#nameOf(resource), value: begin, isPending: true, waitsFor: new Set() };
    owner.makings.set(resource, making);
    // Nobody may be waiting for it any more.
    making.value.catch(() => undefined);
    return making;
  }

  async #valueOf(resource: Resource<unknown>, making: Making, owner: Lifetime): Promise<unknown> {
    const lifetime = resource.cache ? this.#run.begin() : owner;
    try {
      const value = await resource.factory(this.#scopeOf(making, lifetime));
      owner.add(making.name, value, resource.dispose);
      if (!owner.isOver) return value;
    } catch (error) {
      // Another attempt may succeed.
      owner.makings.delete(resource);
      if (resource.cache) this.#leave(lifetime);
      throw notMade(making.name, error);
    } finally {
      making.isPending = false;
    }
    throw tooLate(making.name);
  }

  #scopeOf(making: Making, lifetime: Lifetime): ResourceScope {
    const scope = this.#scope;
    return {
      runId: scope.runId,
      get signal() {
        return scope.signal;
      },
      use: <T>(resource: Resource<T>) => this.#use(resource, lifetime, making) as Promise<T>,
    };
  }

  #nameOf(resource: Resource<unknown>): string {
    const listed = this.#listed.find(([, candidate]) => candidate === resource)?.[0];
    return resource.name ?? listed ?? (resource.factory.name || "without a name");
  }

  #reportDisposal(name: string, cause: unknown): void {
    const { runId } = this.#scope;
    const problem = new WorkflowRuntimeError(
      `Resource ${name} of run ${runId} could not be disposed of: ${encodeError(cause).message}`,
      { cause, code: "RESOURCE_NOT_DISPOSED", data: { resource: name, runId } },
    );
    try {
      this.#report(problem);
    } catch {
      // Whoever is told must not fail the run either (R5).
    }
  }
}

function isBlank(object: object | undefined): boolean {
  for (const name in object) if (Object.hasOwn(object, name)) return false;
  return true;
}

/** How `from` waits for `to`, both included; undefined if it does not. */
function chainBetween(from: Making, to: Making, seen = new Set<Making>()): readonly Making[] | undefined {
  if (from === to) return [to];
  seen.add(from);
  for (const next of from.waitsFor) {
    const rest = seen.has(next) ? undefined : chainBetween(next, to, seen);
    if (rest) return [from, ...rest];
  }
  return undefined;
}

/** A rejection that may be ignored without ending the process. */
function refuse(reason: WorkflowError): Promise<never> {
  const refused = Promise.reject(reason);
  refused.catch(() => undefined);
  return refused;
}

const CYCLE = "RESOURCE_CYCLE";

function circular(makings: readonly Making[]): WorkflowError {
  const chain = makings.map(({ name }) => name);
  return new WorkflowConfigurationError(
    `Resources need each other to be made: ${chain.join(" → ")}. Let one of them ask for the other when it is used.`,
    { code: CYCLE, data: { chain } },
  );
}

function notMade(name: string, cause: unknown): WorkflowError {
  // It names all of them.
  if (cause instanceof WorkflowError && cause.code === CYCLE) return cause;
  return new WorkflowRuntimeError(`Resource ${name} could not be made: ${encodeError(cause).message}`, {
    cause,
    code: "RESOURCE_FAILED",
    data: { resource: name },
  });
}

function tooLate(name: string): WorkflowError {
  return new ContextStateError(`Resource ${name} was asked for after the run, or what needed it, was over.`, {
    data: { resource: name },
  });
}

function noResource(value: unknown, user: Making | null): WorkflowError {
  const who = user ? `Resource ${user.name} uses` : "The workflow lists as a resource";
  return new WorkflowConfigurationError(`${who} something that is none: ${typeof value}. Make one with resource(…).`);
}

function notListed(name: string, listed: readonly string[]): WorkflowError {
  return new WorkflowConfigurationError(
    `The workflow lists no resource ${name} that could be given. It lists: ${listed.join(", ") || "none"}.`,
    { data: { resource: name } },
  );
}
