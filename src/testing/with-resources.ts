import { WorkflowConfigurationError } from "../core/errors.ts";
import { isResource, type Resource, type ResourceScope } from "../workflow/resource.ts";
import type { Workflow } from "../workflow/workflow.ts";

/**
 * The same workflow with values in place of what its factories would make: fakes. They are part of the definition, so a
 * run has them however often it is loaded; other resources that use the replaced ones get them too; nobody disposes of
 * them.
 *
 * Throws `WorkflowConfigurationError` for a name that the workflow does not list.
 */
export function withResources(workflow: Workflow, given: { readonly [name: string]: unknown }): Workflow {
  const replaced = new Map<Resource<unknown>, Resource<unknown>>();
  for (const [name, value] of Object.entries(given)) {
    const original = Object.hasOwn(workflow.resources, name) ? workflow.resources[name] : undefined;
    if (!original) {
      throw new WorkflowConfigurationError(
        `Workflow ${workflow.name} lists no resource ${name} that could be given. It lists: ${Object.keys(workflow.resources).join(", ") || "none"}.`,
        { data: { resource: name } },
      );
    }
    replaced.set(original, { factory: () => value, cache: true, name, dispose: () => undefined });
  }
  if (replaced.size === 0) return workflow;
  const listed = new Set(Object.values(workflow.resources));
  const replace = <T>(resource: Resource<T>): Resource<T> => {
    if (!isResource(resource)) return resource;
    let known = replaced.get(resource);
    if (!known) {
      known = {
        ...resource,
        // In messages it is still called what it was.
        name: listed.has(resource) ? resource.name : (resource.name ?? (resource.factory.name || null)),
        factory: (scope) => resource.factory(scopeWith(scope, replace)),
      };
      replaced.set(resource, known);
    }
    return known as Resource<T>;
  };
  const resources = Object.entries(workflow.resources).map(([name, resource]) => [name, replace(resource)] as const);
  return { ...workflow, resources: Object.fromEntries(resources) };
}

/** A resource asks for another one: it gets what stands in its place. */
function scopeWith(scope: ResourceScope, replace: <T>(resource: Resource<T>) => Resource<T>): ResourceScope {
  return {
    runId: scope.runId,
    get signal() {
      return scope.signal;
    },
    use: (resource) => scope.use(replace(resource)),
  };
}
