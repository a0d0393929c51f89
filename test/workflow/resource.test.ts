import { resource, WorkflowConfigurationError } from "tickwork";
import { expect, test } from "vitest";
import { isResource } from "../../src/workflow/resource.ts";

test("a resource is cached and has no name of its own by default", () => {
  const factory = () => 1;
  expect(resource(factory)).toEqual({ factory, cache: true, name: null, dispose: null });
});

test("a resource takes what it is told", () => {
  const dispose = () => undefined;
  expect(resource(() => 1, { cache: false, name: "one", dispose })).toMatchObject({
    cache: false,
    name: "one",
    dispose,
  });
});

test.each([[undefined], [5], [{}], [Promise.resolve(1)]])("a factory that is %o is refused", (factory) => {
  expect(() => resource(factory as never)).toThrow(WorkflowConfigurationError);
});

test.each([[5], ["close"], [{}]])("a dispose that is %o is refused", (dispose) => {
  expect(() => resource(() => 1, { dispose: dispose as never })).toThrow(WorkflowConfigurationError);
});

test("what is no resource is known", () => {
  expect(isResource(resource(() => 1))).toBe(true);
  expect([null, undefined, () => 1, {}, { factory: 1 }].some(isResource)).toBe(false);
});
