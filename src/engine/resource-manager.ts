/** Makes a run's resources: once per run, or once per use; concurrent first uses share one call. */
import type { Resource, Resources, ResourceScope } from "../workflow/resource.ts";
import type { ResourcePort } from "./run-ports.ts";

export class ResourceManager implements ResourcePort {
  readonly isEmpty: boolean;
  readonly #resources: Resources;
  readonly #scope: ResourceScope;
  readonly #cached = new Map<string, Promise<unknown>>();

  constructor(resources: Resources, scope: ResourceScope) {
    this.isEmpty = Object.keys(resources).length === 0;
    this.#resources = resources;
    this.#scope = scope;
  }

  async resolveAll(): Promise<Record<string, unknown>> {
    const entries = Object.entries(this.#resources);
    const values = await Promise.all(entries.map(([name, resource]) => this.#resolve(name, resource)));
    return Object.fromEntries(entries.map(([name], index) => [name, values[index]]));
  }

  #resolve(name: string, resource: Resource<unknown>): Promise<unknown> {
    if (!resource.cache) return this.#make(resource);
    const known = this.#cached.get(name);
    if (known) return known;
    const making = this.#make(resource);
    this.#cached.set(name, making);
    // A factory that failed may succeed for the next attempt.
    making.catch(() => this.#cached.delete(name));
    return making;
  }

  async #make(resource: Resource<unknown>): Promise<unknown> {
    return resource.factory(this.#scope);
  }
}
